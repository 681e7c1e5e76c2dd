#include "export/about.hpp"

#include "data/columns_json.hpp"
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

}  // namespace

template <class Real>
std::string digest_of(const SavedModel<Real>& model) {
  NamedState arrays;
  model.layout.template save<Real>(model.parameters, "", arrays);
  return digest(arrays, "");
}

template <class Real>
std::map<std::string, std::string> about_model(const SavedModel<Real>& model,
                                               const NamedState& checkpoint,
                                               const std::string& version) {
  return {
      {"rondo", version},
      {"task", model.task.name()},
      {"configuration", as_text(config_json(text_of(checkpoint, "configuration")))},
      {"columns", as_text(columns_json(model.stored_columns))},
      {"digest", digest_of(model)},
      {"data", text_of(checkpoint, "data_fingerprint")},
      {"step", std::to_string(checkpoint.get_scalar<std::int64_t>("counters/step"))},
  };
}

template std::string digest_of(const SavedModel<float>&);
template std::string digest_of(const SavedModel<double>&);
template std::map<std::string, std::string> about_model(const SavedModel<float>&, const NamedState&,
                                                        const std::string&);
template std::map<std::string, std::string> about_model(const SavedModel<double>&,
                                                        const NamedState&, const std::string&);

}  // namespace rondo
