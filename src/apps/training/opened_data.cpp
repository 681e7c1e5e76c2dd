#include "apps/training/opened_data.hpp"

#include "apps/training/agreement.hpp"
#include "apps/training/before_training.hpp"
#include "apps/training/phase.hpp"
#include "rondo/train/memory.hpp"

namespace rondo::apps {

std::unique_ptr<Dataset> read_data(Config& config, bool chooses_state) {
  auto data = std::make_unique<Dataset>(config.data);
  if (chooses_state) config.state = data->task().usual_state();
  data->read_as(config);
  complete(config);  // once more: the rules between keys are a default's, too
  check_splits(*data, config);
  return data;
}

std::unique_ptr<Dataset> open_data(Communicator& world, Config& config, bool chooses_state) {
  constexpr std::uint64_t verified_at_start = std::uint64_t{1} << 30;
  std::unique_ptr<Dataset> data;
  phase(world, [&] {
    data = read_data(config, chooses_state);
    if (data->file().file_size() <= verified_at_start) {
      data->file().verify(world.local_rank(), world.local_size());
    }
  });
  check_same(world, data->file().fingerprint(), "data set");
  return data;
}

template <class Real>
std::uint64_t needed_memory(const Config& config, const Dataset& data, const Communicator& world) {
  const auto training = data.split("train");
  const auto validation = config.validate_every > 0 ? data.split("validation") : nullptr;
  const LanePlan plan{config.lanes, config.block, world.size()};
  return total_bytes(memory_of_rank<Real>(config, data.model(config), *training, validation.get(),
                                          plan, world.rank()));
}

template std::uint64_t needed_memory<float>(const Config&, const Dataset&, const Communicator&);
template std::uint64_t needed_memory<double>(const Config&, const Dataset&, const Communicator&);

}  // namespace rondo::apps
