#include "apps/sweep/sweep.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "apps/compare/runs_given.hpp"
#include "apps/compare/summary.hpp"
#include "apps/sweep/member_claims.hpp"
#include "apps/sweep/sweep_file.hpp"
#include "apps/sweep/sweep_folder.hpp"
#include "apps/training/agreement.hpp"
#include "apps/training/before_training.hpp"
#include "apps/training/new_folders.hpp"
#include "apps/training/one_run.hpp"
#include "apps/training/phase.hpp"
#include "apps/training/settled_run.hpp"
#include "apps/words/say.hpp"
#include "rondo/comm/session.hpp"
#include "rondo/comm/stop_relay.hpp"
#include "rondo/core/failure.hpp"
#include "rondo/io/run_folder.hpp"
#include "rondo/train/machine.hpp"

namespace rondo::apps {
namespace {

// How a member ended: an exit code, or that nobody has begun it.
constexpr std::int64_t not_begun = -1;

// Neighbouring ranks train a member together; those that are left over have nothing to do.
struct Shares {
  Shares(const Sweep& sweep, int world)
      : ranks(std::min(sweep.ranks, world)),
        groups(std::min(world / ranks, static_cast<int>(sweep.members.size()))),
        idle(world - groups * ranks) {}

  int ranks, groups, idle;
};

// The sweep's own folder in the hands of rank 0.
struct HeldSweep {
  NewFolders made;
  RunLock lock;

  explicit HeldSweep(const Config& config)
      : made(config.run), lock(config.run, {.wait = config.resume, .stop = stop_signalled}) {}
};

std::string plural(std::int64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string describe(const Sweep& sweep, const Shares& shares) {
  return fmt::format("{} members, {} at a time, each on {}", sweep.members.size(), shares.groups,
                     plural(shares.ranks, "rank"));
}

void say_of_idle_ranks(const Shares& shares, int world) {
  if (shares.idle == 0) return;
  const int better = world / shares.groups;
  say(fmt::format("{} of {} have nothing to do; {}", shares.idle, plural(world, "rank"),
                  better > shares.ranks ? fmt::format("ranks = {} would use more of them", better)
                                        : "a multiple of the members' ranks would use all"));
}

// All that can be known before the first member begins.
void check_members(const Sweep& sweep, int ranks) {
  for (const SweepMember& member : sweep.members) {
    try {
      check_run(member.options, ranks);
    } catch (const InputError& error) {
      throw_input("{}: {}", member.name, error.what());
    }
  }
}

std::string settings_text(const Sweep& sweep) {
  std::string text = fmt::format("{}\n", sweep.ranks);
  for (const SweepMember& member : sweep.members) {
    text += member.name + "\n" + shared_config_text(member.options.config);
  }
  return text;
}

std::vector<std::string> names_of(const Sweep& sweep) {
  std::vector<std::string> names;
  for (const SweepMember& member : sweep.members) names.push_back(member.name);
  return names;
}

std::int64_t note_failure(const Communicator& group) {
  const Failure failure = current_failure();
  if (group.rank() == 0) say(failure.sentence);
  return static_cast<std::int64_t>(failure.code);
}

// Trains a member, and tells how that ended. What only one of several ranks meets ends the sweep.
std::int64_t train_member(Communicator& group, const SweepMember& member,
                          const RunSurroundings& around) {
  const MessageSubject subject(member.name);
  try {
    const RunEnd end = train_run(group, member.options, around);
    if (group.rank() == 0) {
      say(fmt::format("{} at step {} of {}",
                      end.code == ExitCode::finished ? "finished" : "stopped", end.step,
                      end.total));
    }
    return static_cast<std::int64_t>(end.code);
  } catch (const AgreedError&) {
    return note_failure(group);
  } catch (...) {
    if (group.size() > 1) throw;
    return note_failure(group);
  }
}

// Member after member, on a group's ranks; `ends` has a place for each.
void train_members(Communicator& group, const Sweep& sweep, MemberClaims& claims,
                   RunSurroundings around, std::vector<std::int64_t>& ends) {
  const std::chrono::duration<double, std::ratio<60>> limit(
      sweep.members.front().options.config.max_minutes);
  const auto is_over = [&] {
    const bool late =
        limit.count() > 0 && std::chrono::steady_clock::now() - around.started >= limit;
    return around.stops() || late;
  };
  for (;;) {
    std::int64_t taken = -1;
    if (group.rank() == 0 && !is_over()) taken = claims.take(around.stops);
    group.broadcast(std::as_writable_bytes(std::span(&taken, 1)), 0);
    if (taken < 0) return;
    const auto number = static_cast<std::size_t>(taken);
    around.advises = number == 0;  // what there is to say of one is to be said of all
    ends[number] = train_member(group, sweep.members[number], around);
  }
}

// Of members' ends, the same on all ranks: the code of the whole.
ExitCode code_of(const std::vector<std::int64_t>& ends) {
  for (const ExitCode code : {ExitCode::failure, ExitCode::bad_input, ExitCode::stopped}) {
    if (std::ranges::count(ends, static_cast<std::int64_t>(code)) > 0) return code;
  }
  return std::ranges::count(ends, not_begun) > 0 ? ExitCode::stopped : ExitCode::finished;
}

// The table of a sweep that is finished, or how far it is.
void tell_end(const GivenOptions& given, const Sweep& sweep,
              const std::vector<std::int64_t>& ends) {
  if (code_of(ends) != ExitCode::finished) {
    const auto finished = std::ranges::count(ends, static_cast<std::int64_t>(ExitCode::finished));
    return say(
        fmt::format("{} of {} members are finished; the same command with --resume goes on "
                    "with the others",
                    finished, ends.size()));
  }
  try {
    print_result("{}", compare::to_text(compare::summarize(
                           compare::read_each({given.text("run")}, [](const std::string& folder) {
                             return compare::read_run(folder, say);
                           }))));
  } catch (const InputError& error) {
    say(fmt::format("all {} members are finished; {}", sweep.members.size(), error.what()));
  }
}

}  // namespace

int train_sweep(Communicator& world, const GivenOptions& given) {
  const RunSurroundings alone;
  const bool leads = world.rank() == 0;
  Sweep sweep;
  Config whole;  // of all members
  phase(world, [&] {
    whole = train_options(given).config;
    sweep = read_sweep(given);
  });
  check_same(world, settings_text(sweep), "sweep");
  const Shares shares(sweep, world.size());
  std::unique_ptr<HeldSweep> held;
  phase(world, [&] {
    if (!leads) return;
    if (!whole.dry_run) {
      held = std::make_unique<HeldSweep>(whole);
      if (holds_run(whole.run)) {
        throw_input("{} holds a run, and a sweep needs a folder of its own: name another --run",
                    whole.run);
      }
    }
    check_members(sweep, shares.ranks);
  });
  if (leads) say_of_idle_ranks(shares, world.size());
  if (whole.dry_run) {
    if (!leads) return static_cast<int>(ExitCode::finished);
    print_result("{}:\n", describe(sweep, shares));
    for (const SweepMember& member : sweep.members) print_result("  {}\n", member.name);
    return static_cast<int>(ExitCode::finished);
  }
  // A group does not see that others share its host.
  const int usual_threads = default_threads(world);
  const std::int64_t threads = whole.threads > 0 ? whole.threads : usual_threads;
  for (SweepMember& member : sweep.members) member.options.config.threads = threads;
  say_of_threads(world, threads);
  phase(world, [&] {
    if (leads) write_members(whole.run, names_of(sweep));
  });
  MemberClaims claims(world, whole.run, static_cast<std::int64_t>(sweep.members.size()));
  if (leads) say(describe(sweep, shares));

  std::vector<std::int64_t> ends(sweep.members.size(), not_begun);
  end_at_once(world, [&] {
    const int number = std::min(world.rank() / shares.ranks, shares.groups);
    const std::unique_ptr<Communicator> group = world.split(number);
    StopRelay relay(world);
    RunSurroundings around = alone;
    around.stops = [&] { return relay.told(stop_signalled()); };
    around.shown.messages_alone = true;
    if (number < shares.groups) train_members(*group, sweep, claims, around, ends);
    relay.finish(stop_signalled);
  });
  world.maximum(ends);
  if (leads) tell_end(given, sweep, ends);
  return static_cast<int>(code_of(ends));
}

}  // namespace rondo::apps
