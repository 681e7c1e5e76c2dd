#include "apps/training/first_parameters.hpp"

#include <utility>

#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "export/torch/torch_file.hpp"
#include "io/safetensors.hpp"
#include "rondo/train/saved_model.hpp"
#include "rondo/train/saved_run.hpp"
#include "train/saved/taken_parameters.hpp"
#include "train/saved/word_vectors.hpp"

namespace rondo::apps {
namespace {

template <class Real>
NamedState with_known_parameters(const Config& config, const Dataset& data,
                                 const Trainer<Real>& trainer) {
  std::string where = config.init_from;
  const NetworkPlan plan = data.model(config);
  NamedState drawn;
  trainer.layout().template save<Real>(trainer.parameters(), "parameters/", drawn);
  const auto take = [&](const auto& taken_of) {
    try {
      TakenParameters taken = taken_of();
      say(fmt::format("starts from {}: {}", where, to_text(taken)));
      return std::move(taken.parameters);
    } catch (const InputError& error) {
      throw_input("{} is of another network: {}", where, error.what());
    }
  };
  if (is_safetensors(where)) {
    const NamedState known = parameters_of_torch_file(read_safetensors(where), plan, config.cell);
    NamedState parameters =
        take([&] { return take_arrays(known, plan, data.columns(), std::move(drawn)); });
    check_saved_parameters<Real>(trainer.layout(), parameters, "parameters/", where);
    return parameters;
  }
  const ModelFile file = read_model(where, false, say);
  where = file.path.string();
  const SavedModel<Real> model(file.state, where);
  return take([&] { return take_parameters(model, plan, data.columns(), std::move(drawn)); });
}

template <class Real>
NamedState with_word_vectors(const Config& config, const Dataset& data,
                             const Trainer<Real>& trainer) {
  NamedState initial;
  trainer.layout().template save<Real>(trainer.parameters(), "parameters/", initial);
  const VectorsRead read =
      read_word_vectors<Real>(config.vectors, data.model(config), data.columns(), initial);
  say(fmt::format("{} of the {} symbols of '{}' {} their vectors in {}", read.found, read.symbols,
                  read.column, config.frozen_vectors ? "keep" : "start from", config.vectors));
  return initial;
}

}  // namespace

template <class Real>
void begin_as_asked(Communicator& world, const Config& config, const Dataset& data,
                    Trainer<Real>& trainer) {
  if (config.init_from.empty() && config.vectors.empty()) return;
  NamedState initial;
  phase(world, [&] {
    if (world.rank() != 0) return;
    initial = config.init_from.empty() ? with_word_vectors(config, data, trainer)
                                       : with_known_parameters(config, data, trainer);
  });
  trainer.restore_parameters(std::move(initial));
}

template void begin_as_asked(Communicator&, const Config&, const Dataset&, Trainer<float>&);
template void begin_as_asked(Communicator&, const Config&, const Dataset&, Trainer<double>&);

}  // namespace rondo::apps
