#include "rondo/train/saved_model.hpp"

#include "rondo/train/trainer.hpp"

namespace rondo {

template <class Real>
SavedModel<Real>::SavedModel(const NamedState& state, const std::string& where)
    : config(config_from_text(state.texts.at("configuration"), where)),
      vocabulary(Vocabulary::load(state)),
      shape(model_shape(config, vocabulary.size())),
      layout(model_layout(shape)),
      parameters(layout.size()) {
  layout.load<Real>(state, "parameters/", parameters);
}

template struct SavedModel<float>;
template struct SavedModel<double>;

}  // namespace rondo
