#include "rondo/train/settings.hpp"

#include "rondo/comm/reducer.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

using keys::choice;
using keys::flag;
using keys::integer;
using keys::many;
using keys::million;
using keys::number;
using keys::path;

constexpr KeyOwner process = KeyOwner::process;

void check_length(LengthSettings& settings) {
  if (settings.steps == 0 && settings.epochs == 0) {
    throw_input("the run has no length: give --steps N or --epochs N");
  }
  if (settings.steps != 0 && settings.epochs != 0) {
    throw_input("--steps {} and --epochs {} both give the run's length; give one of them",
                settings.steps, settings.epochs);
  }
}

std::string why_not_accept(const MachineSettings& settings, const Start& start) {
  return unless(!settings.accept_numerics || start.resumed, "no checkpoint is resumed");
}

std::string without_failing(const FaultSettings& settings, const Start&) {
  return unless(settings.fail_at != 0, "--fail-at is not given");
}
std::string without_hanging(const FaultSettings& settings, const Start&) {
  return unless(settings.hang_at != 0, "--hang-at is not given");
}
std::string without_a_fault(const FaultSettings& settings, const Start&) {
  return unless(settings.hang_at != 0 || settings.fail_at != 0,
                "neither --hang-at nor --fail-at is given");
}

}  // namespace

SettingsGroup<FileSettings> file_settings() {
  using S = FileSettings;
  using enum KeyKind;
  return {
      .heading = "files",
      .keys =
          {
              path({"data", free, "prepared data set (rondo prepare writes it)"}, &S::data, "FILE"),
              path({"run", free, "folder of the run: checkpoints, metrics.jsonl, lock"}, &S::run,
                   "FOLDER"),
              flag({"resume", free, "go on from the newest good checkpoint of the run's folder",
                    process},
                   &S::resume),
              path({"tensorboard", free,
                    "folder for TensorBoard's event files, of the numbers of metrics.jsonl",
                    process},
                   &S::tensorboard, "FOLDER"),
              path({"init-from", free,
                    "checkpoint, run or safetensors file whose weights this run starts from"},
                   &S::init_from, "FILE"),
              path(
                  {"vectors", free,
                   "text file of word vectors (as GloVe's and word2vec's: a word and its numbers a "
                   "line) that the embedding of words starts from"},
                  &S::vectors, "FILE"),
          },
      .idle = {{"init-from",
                [](const S&, const Start& start) {
                  return unless(!start.resumed, start.weights_given);
                }},
               {"vectors", [](const S&, const Start& start) { return start.weights_given; }}}};
}

SettingsGroup<LengthSettings> length_settings() {
  using S = LengthSettings;
  using enum KeyKind;
  return {.heading = "length",
          .keys =
              {
                  integer({"steps", notice, "length of the run in updates; this or epochs"},
                          &S::steps, 0, many),
                  integer({"epochs", notice, "length of the run in passes over the data"},
                          &S::epochs, 0, million),
                  integer({"patience", notice,
                           "validations in a row without a new best after which the run ends; 0: "
                           "it goes on"},
                          &S::patience, 0, million),
                  integer({"max-steps", free, "stop after so many steps of this start; 0: no limit",
                           process},
                          &S::max_steps, 0, many),
                  number({"max-minutes", free,
                          "stop after so many minutes of this start; 0: no limit", process},
                         &S::max_minutes, {0, 1e9}),
              },
          .complete = check_length};
}

SettingsGroup<RhythmSettings> rhythm_settings() {
  using S = RhythmSettings;
  using enum KeyKind;
  return {
      .heading = "rhythm",
      .keys = {
          integer({"validate-every", free, "steps between validations; 0: never"},
                  &S::validate_every, 0, many),
          integer({"checkpoint-every", free, "steps between checkpoints; 0: by time alone"},
                  &S::checkpoint_every, 0, many),
          number({"checkpoint-minutes", free, "minutes between checkpoints; 0: by steps alone"},
                 &S::checkpoint_minutes, {0, 1e9}),
          integer({"keep", free,
                   "checkpoints that stay, one known as good always among or beside them"},
                  &S::keep, 1, million),
          integer(
              {"check-every", free,
               "steps between digests of the state, left in metrics.jsonl for rondo verify, and "
               "comparisons of the ranks' weights, which precede each checkpoint; 0: no others"},
              &S::check_every, 0, many),
          integer({"sample-every", free, "steps between sampled texts; 0: never"}, &S::sample_every,
                  0, many),
          integer({"report-every", free, "steps between reports"}, &S::report_every, 1, many),
      }};
}

SettingsGroup<MachineSettings> machine_settings() {
  using S = MachineSettings;
  using enum KeyKind;
  return {
      .heading = "machine",
      .keys =
          {
              integer(
                  {"threads", free, "threads a rank; 0: this host's cores / its ranks", process},
                  &S::threads, 0, 4096),
              number({"memory", free,
                      "MB for a rank's activations: more blocks than fit are worked on in groups",
                      process},
                     &S::memory, {0, 1e9, true}),
              integer({"recompute", free,
                       "keep the state of every N-th step of a longer window alone, and go back "
                       "through the window N steps at a time, each computed once more: the same "
                       "bits in less memory, in about a third more time; 0: keep all"},
                      &S::recompute, 0, million),
              choice(
                  {"reducer", notice,
                   "how gradients are added over ranks: bit for bit, or as the MPI library likes"},
                  &S::reducer, reducer_names()),
              choice({"vector", free, "vector instructions", process}, &S::vector,
                     {"auto", "avx2", "avx512", "neon", "reference"}),
              number({"hang-minutes", free,
                      "a run in which no rank moves for so long is ended, code 1; 0: never"},
                     &S::hang_minutes, {0, 1e6}),
              flag({"dry-run", free, "print plan and memory, do not train", process}, &S::dry_run),
              flag(
                  {"accept-numerics", free,
                   "resume a checkpoint of another numerics version: its bits change from there on",
                   process},
                  &S::accept_numerics),
          },
      .idle = {{"accept-numerics", why_not_accept}}};
}

SettingsGroup<FaultSettings> fault_settings() {
  using S = FaultSettings;
  using enum KeyKind;
  return {.keys =
              {
                  integer({"hang-rank", free, "rank that hangs on purpose", process}, &S::hang_rank,
                          0, million),
                  integer({"hang-at", free, "step at which it does; 0: never", process},
                          &S::hang_at, 0, many),
                  integer({"fail-rank", free, "rank that fails on purpose", process}, &S::fail_rank,
                          0, million),
                  integer({"fail-at", free, "step at which it does; 0: never", process},
                          &S::fail_at, 0, many),
                  choice({"fail-with", free, "how it fails", process}, &S::fail_with,
                         {"error", "memory", "corruption", "transient"}),
                  choice({"fault-phase", free, "where in the step it hangs or fails", process},
                         &S::fault_phase,
                         {"data", "forward", "backward", "reduce", "optimizer", "report",
                          "validation", "sample", "comparison", "checkpoint", "files"}),
              },
          .idle = {{"hang-rank", without_hanging},
                   {"fail-rank", without_failing},
                   {"fail-with", without_failing},
                   {"fault-phase", without_a_fault}}};
}

}  // namespace rondo
