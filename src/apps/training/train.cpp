// `rondo train`: the command line, and what it asks for: a run, or a sweep of runs.
#include "apps/commands.hpp"
#include "apps/options/options.hpp"
#include "apps/sweep/sweep.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/one_run.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/core/shell_quote.hpp"

namespace rondo::apps {
namespace {

int train_alone(Communicator& world, const TrainOptions& options) {
  const RunEnd end = train_run(world, options, {});
  if (world.rank() == 0 && end.code == ExitCode::stopped) {
    say(fmt::format("stopped at step {} of {}; go on with: rondo train --run {} --resume", end.step,
                    end.total, shell_quoted(options.config.run)));
  }
  return static_cast<int>(end.code);
}

int train_in(Communicator& world, const std::vector<std::string>& arguments) {
  check_launcher(world);
  check_same(world, program_text(), "version of rondo");
  install_signal_handlers();  // once more, after MPI's own

  GivenOptions given;
  TrainOptions options;
  phase(world, [&] {
    given = parse_options(train_command_line(), arguments);
    options = train_options(given);
    if (options.config.run.empty() && !options.config.dry_run) {
      throw_input("rondo train needs --run FOLDER, where checkpoints and metrics go");
    }
  });
  return given.has("sweep") ? train_sweep(world, given) : train_alone(world, options);
}

}  // namespace

int run_train(const std::vector<std::string>& arguments) {
  install_signal_handlers();
  if (help_wanted(train_command_line(), arguments)) return 0;
  std::string name = "rondo";
  char* argv[] = {name.data(), nullptr};
  return run_session(1, argv, [&](Communicator& world) { return train_in(world, arguments); });
}

}  // namespace rondo::apps
