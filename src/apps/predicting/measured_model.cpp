#include "apps/predicting/measured_model.hpp"

#include <utility>

#include "train/saved/state_transfer.hpp"

namespace rondo::apps {

AskedModel read_model_and_data(Communicator& world, const GivenOptions& given,
                               const std::string& asked) {
  AskedModel read;
  read.asked = asked;
  phase(world, [&] {
    choose_kernels(given);
    read.data = std::make_unique<Dataset>(given.text("data"));
    if (world.rank() != 0) return;
    ModelFile file = read_asked_model(given, asked);
    read.where = file.path.string();
    read.state = std::move(file.state);
  });
  broadcast(world, read.where, 0);
  read.state = broadcast_state(world, std::move(read.state));
  return read;
}

}  // namespace rondo::apps
