#include "export/torch/torch_file.hpp"

#include "data/columns_json.hpp"
#include "export/torch/torch_arrays.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/train/saved_run.hpp"
#include "train/config/config_json.hpp"

namespace rondo {
namespace {

std::string as_text(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string text_of(const NamedState& state, const std::string& name) {
  const auto found = state.texts.find(name);
  return found == state.texts.end() ? "" : found->second;
}

template <class Real>
NamedState file_of(const SavedModel<Real>& model) {
  NamedState arrays;
  model.layout.template save<Real>(model.parameters, "", arrays);
  const std::string digest = rondo::digest(arrays, "");
  NamedState file = to_torch(arrays, model.layout, find_cell<float>(model.config.cell));
  for (auto& [name, array] : file.arrays()) array.attributes.clear();
  file.texts["task"] = model.task.name();
  file.texts["columns"] = as_text(columns_json(model.stored_columns));
  file.texts["digest"] = digest;
  return file;
}

}  // namespace

NamedState torch_file(const NamedState& checkpoint, const std::string& where,
                      const std::string& version) {
  NamedState file = with_precision(checkpoint, where, [&]<class Real>() {
    return file_of(SavedModel<Real>(checkpoint, where));
  });
  file.texts["format"] = "pt";
  file.texts["rondo"] = version;
  file.texts["configuration"] = as_text(config_json(text_of(checkpoint, "configuration")));
  file.texts["data"] = text_of(checkpoint, "data_fingerprint");
  file.texts["step"] = std::to_string(checkpoint.get_scalar<std::int64_t>("counters/step"));
  return file;
}

NamedState parameters_of_torch_file(const NamedState& file, const NetworkPlan& plan,
                                    const std::string& cell) {
  NamedState plain = from_torch(file, plan.layout(), find_cell<float>(cell));
  NamedState parameters;
  parameters.texts = file.texts;
  for (auto& [name, array] : plain.arrays()) {
    parameters.arrays().emplace("parameters/" + name, std::move(array));
  }
  return parameters;
}

}  // namespace rondo
