// A checkpoint that is measured on a split of a data set, by all ranks together.
#pragma once

#include <memory>
#include <string>

#include "apps/options/model_options.hpp"
#include "apps/training/phase.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/tasks/dataset.hpp"
#include "rondo/train/evaluator.hpp"
#include "rondo/train/host_limits.hpp"
#include "rondo/train/memory.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo::apps {

struct AskedModel {
  std::unique_ptr<Dataset> data;  // --data
  NamedState state;
  std::string asked, where;  // as the user called it, and the checkpoint's path
};

// Chooses kernels, opens the data, and has rank 0 read checkpoint or run `asked`. Collective.
AskedModel read_model_and_data(Communicator& world, const GivenOptions& given,
                               const std::string& asked);

template <class Real>
struct MeasuredModel {
  // InputError where model, data and split do not belong together. Not collective.
  MeasuredModel(const AskedModel& of, const std::string& split_name)
      : model(of.state, of.where), data(*of.data) {
    check_columns(model.task, model.stored_columns, data, of.where, of.asked);
    data.read_as(model.config);
    data.task().check_split(data, split_name);
    split = data.split(split_name);
  }

  // InputError for too many ranks, RunError for too little memory. Not collective.
  void check_room(const Communicator& world) const {
    const EvaluationShape shape = evaluation_shape(model.config, *split);
    const LanePlan plan = shape.plan(world.size());
    if (plan.ranks > plan.blocks().blocks) {
      throw_input("{} ranks are more than the {} blocks that the model is evaluated in", plan.ranks,
                  plan.blocks().blocks);
    }
    const PassShape pass =
        bounded_pass<Real>(model.plan, shape.block, plan.share(world.rank()).blocks(),
                           shape.longest, false, shape.memory);
    check_memory(Network<Real>::bytes(model.plan, pass).total());
  }

  SavedModel<Real> model;
  Dataset& data;
  std::unique_ptr<WindowSource> split;
};

}  // namespace rondo::apps
