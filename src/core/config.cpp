#include "rondo/core/config.hpp"

#include "core/config_keys.hpp"
#include "rondo/core/nearest_name.hpp"

namespace rondo {
namespace {

using keys::choice;
using keys::flag;
using keys::integer;
using keys::number;
using keys::path;
using keys::seed;

constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t many = 1'000'000'000'000;  // steps: more than anybody can wait for

std::vector<ConfigKey> make_table() {
  using enum KeyKind;
  constexpr KeyOwner process = KeyOwner::process;
  using C = Config;
  return {
      path({"data", "files", free, "prepared data set (rondo prepare writes it)"}, &C::data,
           "FILE"),
      path({"run", "files", free, "folder of the run: checkpoints, metrics.jsonl, lock"}, &C::run,
           "FOLDER"),
      flag({"resume", "files", free, "go on from the newest good checkpoint of the run's folder",
            process},
           &C::resume),
      path({"init-from", "files", free, "checkpoint or run whose weights this run starts from"},
           &C::init_from, "FILE"),

      choice({"cell", "model", fixed, "recurrent cell"}, &C::cell,
             {"tanh", "relu", "lstm", "gru", "lstm-coupled", "lstm-peephole", "lstm-norm",
              "gru-norm", "lstm-projected"}),
      integer({"layers", "model", fixed, "recurrent layers"}, &C::layers, 1, 64),
      integer({"hidden", "model", fixed, "units of a layer"}, &C::hidden, 1, 65536),
      integer({"projection", "model", fixed,
               "units of lstm-projected's hidden state and output, below hidden"},
              &C::projection, 0, 65536),
      integer({"embedding", "model", fixed,
               "size of a symbol's embedding; 0: as a layer's output, hidden or projection"},
              &C::embedding, 0, 65536),
      flag({"tied", "model", fixed, "one matrix serves as embeddings and as the output's weights"},
           &C::tied),
      flag({"residual", "model", fixed,
            "add each layer's input to its output, from the second layer on"},
           &C::residual),
      number({"dropout", "model", fixed, "probability of zeroing a unit between layers"},
             &C::dropout, {0, 1, false, true}),
      number({"dropout-input", "model", fixed, "and of zeroing one of the first layer's inputs"},
             &C::dropout_input, {0, 1, false, true}),
      number({"dropout-output", "model", fixed, "and of zeroing one of the softmax's inputs"},
             &C::dropout_output, {0, 1, false, true}),
      flag({"dropout-locked", "model", fixed,
            "zero the same units at all time steps of a window, in the three dropouts above"},
           &C::dropout_locked),
      number({"dropout-embedding", "model", fixed,
              "probability of zeroing a symbol's embedding, for a whole window"},
             &C::dropout_embedding, {0, 1, false, true}),
      number({"dropout-weights", "model", fixed,
              "probability of zeroing a weight of the recurrent matrices, for a whole window"},
             &C::dropout_weights, {0, 1, false, true}),
      number({"zoneout", "model", fixed,
              "probability that a unit of the hidden state keeps its value over a time step"},
             &C::zoneout, {0, 1, false, true}),
      number({"zoneout-cell", "model", fixed, "and that one of an LSTM's cell state does"},
             &C::zoneout_cell, {0, 1, false, true}),
      number({"activation-penalty", "model", fixed,
              "weight of the mean square of the last layer's outputs, after their dropout"},
             &C::activation_penalty, {0, 1000}),
      number({"temporal-penalty", "model", fixed,
              "weight of the mean square of their changes from step to step, before it"},
             &C::temporal_penalty, {0, 1000}),
      number({"label-smoothing", "model", fixed,
              "share of each target's probability that the training loss spreads over all symbols"},
             &C::label_smoothing, {0, 1, false, true}),
      choice(
          {"pool", "model", fixed,
           "classify: what of a sequence is read: its last state, or its states' mean, maximum, or "
           "mean by weights that are learned"},
          &C::pool, {"last", "mean", "max", "attention"}),
      choice({"class-weights", "model", fixed,
              "classify: weight of each class in the loss; balanced: as one over its frequency"},
             &C::class_weights, {"none", "balanced"}),
      choice({"initialization", "model", fixed, "first values of the matrices"}, &C::initialization,
             {"uniform", "glorot", "orthogonal", "identity"}),
      number({"forget-bias", "model", fixed, "first value of the LSTM's forget bias"},
             &C::forget_bias, {-100, 100}),
      integer({"chrono-span", "model", fixed,
               "time steps that gates are to remember: their biases start in keeping; 0: as "
               "forget-bias says"},
              &C::chrono_span, 0, million),
      number(
          {"initial-range", "model", fixed,
           "all first weights and biases are uniform up to this size; 0: as initialization says"},
          &C::initial_range, {0, 1000}),
      choice({"initial-state", "model", fixed,
              "where a document's hidden and cell states begin: at zero, or at a vector that is "
              "learned"},
             &C::initial_state, {"zero", "trained"}),
      choice({"precision", "model", fixed, "arithmetic; double is slow and for checks"},
             &C::precision, {"float", "double"}),

      integer({"lanes", "batch", fixed, "rows of the global batch, over all ranks"}, &C::lanes, 1,
              million),
      integer(
          {"block", "batch", fixed,
           "neighbouring lanes summed together, divides lanes; 0: the largest divisor up to 16"},
          &C::block, 0, million),
      integer({"window", "batch", fixed, "time steps between two updates"}, &C::window, 1, million),
      flag({"window-varies", "batch", fixed,
            "draw each window's length around that of --window, and let the rate go with it, as "
            "AWD-LSTM does"},
           &C::window_varies),
      integer({"eval-lanes", "batch", fixed, "lanes of validation; 0: as lanes"}, &C::eval_lanes, 0,
              million),

      choice({"optimizer", "optimization", fixed, "update rule"}, &C::optimizer,
             {"adam", "adamw", "sgd", "nesterov", "asgd", "rmsprop", "adagrad", "lamb"}),
      number({"rate", "optimization", notice, "learning rate"}, &C::rate, {0, 1000, true}),
      choice({"schedule", "optimization", notice, "how the rate moves after the warm-up"},
             &C::schedule, {"constant", "cosine", "inverse-root", "step", "plateau"}),
      integer({"warmup-steps", "optimization", notice, "steps over which the rate rises linearly"},
              &C::warmup_steps, 0, many),
      number({"final-rate", "optimization", notice, "where the cosine schedule ends"},
             &C::final_rate, {0, 1000}),
      number({"decay-factor", "optimization", notice,
              "schedules step and plateau: what the rate is multiplied by at each decay"},
             &C::decay_factor, {0, 1, true}),
      integer(
          {"decay-after", "optimization", notice, "step schedule: epochs up to the first decay"},
          &C::decay_after, 1, million),
      integer({"decay-every", "optimization", notice, "step schedule: epochs between decays"},
              &C::decay_every, 1, million),
      integer({"decay-patience", "optimization", notice,
               "plateau schedule: validations in a row without a new best up to a decay"},
              &C::decay_patience, 1, million),
      number({"clip-norm", "optimization", notice, "largest global gradient norm; 0: no clipping"},
             &C::clip_norm, {0, 1e30}),
      number({"clip-value", "optimization", notice,
              "largest size of each gradient, after clip-norm; 0: no clipping"},
             &C::clip_value, {0, 1e30}),
      number({"weight-decay", "optimization", fixed,
              "L2 term added to the gradient; of adamw, the share of its weight that a "
              "parameter loses in a step, times the rate; of lamb, part of the direction"},
             &C::weight_decay, {0, 1000}),
      number({"average", "optimization", fixed,
              "decay of a moving average of the weights, which evaluation and generation take in "
              "their place; 0: none"},
             &C::average, {0, 1, false, true}),
      integer({"average-patience", "optimization", fixed,
               "asgd: the mean of the weights begins, and takes their place in evaluation, with a "
               "validation that is worse than the best of those before the last N"},
              &C::average_patience, 1, million),
      number({"momentum", "optimization", fixed, "of sgd and nesterov"}, &C::momentum,
             {0, 1, false, true}),
      number({"smoothing", "optimization", fixed, "decay of rmsprop's squares"}, &C::smoothing,
             {0, 1, false, true}),
      number({"beta1", "optimization", fixed, "decay of Adam's and lamb's first moment"}, &C::beta1,
             {0, 1, false, true}),
      number({"beta2", "optimization", fixed, "decay of Adam's and lamb's second moment"},
             &C::beta2, {0, 1, false, true}),
      number({"epsilon", "optimization", fixed,
              "added to the denominator of Adam, rmsprop, adagrad and lamb"},
             &C::epsilon, {0, 1, true}),

      integer({"steps", "length", notice, "length of the run in updates; this or epochs"},
              &C::steps, 0, many),
      integer({"epochs", "length", notice, "length of the run in passes over the data"}, &C::epochs,
              0, million),
      integer({"patience", "length", notice,
               "validations in a row without a new best after which the run ends; 0: it goes on"},
              &C::patience, 0, million),
      integer({"max-steps", "length", free, "stop after so many steps of this start; 0: no limit",
               process},
              &C::max_steps, 0, many),
      number({"max-minutes", "length", free,
              "stop after so many minutes of this start; 0: no limit", process},
             &C::max_minutes, {0, 1e9}),
      seed({"seed", "length", fixed, "of weights, dropout and the order of documents"}, &C::seed),

      integer({"validate-every", "rhythm", free, "steps between validations; 0: never"},
              &C::validate_every, 0, many),
      integer({"checkpoint-every", "rhythm", free, "steps between checkpoints; 0: by time alone"},
              &C::checkpoint_every, 0, many),
      number(
          {"checkpoint-minutes", "rhythm", free, "minutes between checkpoints; 0: by steps alone"},
          &C::checkpoint_minutes, {0, 1e9}),
      integer({"keep", "rhythm", free,
               "checkpoints that stay, one known as good always among or beside them"},
              &C::keep, 1, million),
      integer({"check-every", "rhythm", free,
               "steps between comparisons of the ranks' weights, which precede each checkpoint; 0: "
               "no others"},
              &C::check_every, 0, many),
      integer({"sample-every", "rhythm", free, "steps between sampled texts; 0: never"},
              &C::sample_every, 0, many),
      integer({"report-every", "rhythm", free, "steps between reports"}, &C::report_every, 1, many),

      integer(
          {"threads", "machine", free, "threads a rank; 0: this host's cores / its ranks", process},
          &C::threads, 0, 4096),
      number({"memory", "machine", free,
              "MB for a rank's activations: more blocks than fit are worked on in groups", process},
             &C::memory, {0, 1e9, true}),
      choice({"reducer", "machine", notice,
              "how gradients are added over ranks: bit for bit, or as the MPI library likes"},
             &C::reducer, {"exact", "native"}),
      choice({"vector", "machine", free, "vector instructions", process}, &C::vector,
             {"auto", "avx2", "avx512", "neon", "reference"}),
      number({"hang-minutes", "machine", free,
              "a run in which no rank moves for so long is ended, code 1; 0: never"},
             &C::hang_minutes, {0, 1e6}),
      flag({"dry-run", "machine", free, "print plan and memory, do not train", process},
           &C::dry_run),
      flag({"accept-numerics", "machine", free,
            "resume a checkpoint of another numerics version: its bits change from there on",
            process},
           &C::accept_numerics),

      integer({"hang-rank", "tests", free, "rank that hangs on purpose", process}, &C::hang_rank, 0,
              million),
      integer({"hang-at", "tests", free, "step at which it does; 0: never", process}, &C::hang_at,
              0, many),
      integer({"fail-rank", "tests", free, "rank that fails on purpose", process}, &C::fail_rank, 0,
              million),
      integer({"fail-at", "tests", free, "step at which it does; 0: never", process}, &C::fail_at,
              0, many),
      choice({"fail-with", "tests", free, "how it fails", process}, &C::fail_with,
             {"error", "memory", "corruption"}),
      choice({"fault-phase", "tests", free, "where in the step it hangs or fails", process},
             &C::fault_phase,
             {"data", "forward", "backward", "reduce", "optimizer", "report", "validation",
              "sample", "comparison", "checkpoint", "files"}),
  };
}

}  // namespace

const std::vector<ConfigKey>& config_keys() {
  static const std::vector<ConfigKey> table = make_table();
  return table;
}

const ConfigKey* find_config_key(const std::string& name) {
  for (const ConfigKey& key : config_keys()) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

std::string nearest_config_key(const std::string& name) {
  std::vector<std::string> names;
  for (const ConfigKey& key : config_keys()) names.push_back(key.name);
  return nearest_name(name, names);
}

}  // namespace rondo
