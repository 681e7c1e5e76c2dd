#include "export/torch/torch_file.hpp"

#include "export/about.hpp"
#include "export/torch/torch_arrays.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/train/saved_run.hpp"

namespace rondo {
namespace {

template <class Real>
NamedState file_of(const SavedModel<Real>& model) {
  NamedState arrays;
  model.layout.template save<Real>(model.parameters, "", arrays);
  NamedState file = to_torch(arrays, model.layout, find_cell<float>(model.config.cell));
  for (auto& [name, array] : file.arrays()) array.attributes.clear();
  return file;
}

}  // namespace

NamedState torch_file(const NamedState& checkpoint, const std::string& where,
                      const std::string& version) {
  return with_precision(checkpoint, where, [&]<class Real>() {
    const SavedModel<Real> model(checkpoint, where);
    NamedState file = file_of(model);
    file.texts = about_model(model, checkpoint, version);
    file.texts["format"] = "pt";
    return file;
  });
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
