// A training run's configuration, typed. Strings end here: apps/options.cpp fills it from the
// command line and --config files, a checkpoint carries it as text (config_to_text).
//
// Adding a key is a member here and a line in the table of src/core/config.cpp (name, type, range,
// kind, help); the command line, --help, checkpoints and the comparison on resume follow from it. A
// key that other keys' values can leave without effect has a line in src/core/idle_keys.cpp too.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace rondo {

struct Config {
  // files
  std::string data;  // prepared data set
  std::string run;   // folder of the run
  bool resume = false;
  std::string init_from;  // checkpoint whose parameters this run starts from

  // model
  std::string cell = "lstm";
  std::int64_t layers = 1;
  std::int64_t hidden = 256;
  std::int64_t projection = 0;  // of lstm-projected; 0: of a cell that does not project
  std::int64_t embedding = 0;   // 0: as a layer's output
  bool tied = false;            // one matrix for embeddings and output
  bool residual = false;        // from the second layer on, a layer's input is added to its output
  double dropout = 0.0;         // between layers, probability of zeroing
  double dropout_input = 0.0;
  double dropout_output = 0.0;
  double dropout_embedding = 0.0;
  double dropout_weights = 0.0;
  bool dropout_locked = false;
  double zoneout = 0.0;
  double zoneout_cell = 0.0;  // LSTM
  double activation_penalty = 0.0;
  double temporal_penalty = 0.0;
  double label_smoothing = 0.0;
  std::string pool = "last";               // classify: what of a sequence's steps is read
  std::string class_weights = "none";      // classify
  std::string initialization = "uniform";  // of the matrices
  double forget_bias = 1.0;                // LSTM
  std::int64_t chrono_span = 0;            // 0: none is expected
  double initial_range = 0.0;              // 0: as `initialization` says
  std::string initial_state = "zero";      // of documents
  std::string precision = "float";

  // batch
  std::int64_t lanes = 32;
  std::int64_t block = 0;  // 0: the largest divisor of `lanes` not above 16
  std::int64_t window = 64;
  bool window_varies = false;
  std::int64_t eval_lanes = 0;  // 0: as `lanes`

  // optimization
  std::string optimizer = "adam";
  double rate = 0.002;
  std::string schedule = "constant";
  std::int64_t warmup_steps = 0;
  double final_rate = 0.0;                        // where the cosine schedule ends
  double decay_factor = 0.5;                      // of the schedules step and plateau
  std::int64_t decay_after = 1, decay_every = 1;  // of the step schedule, in epochs
  std::int64_t decay_patience = 1;                // of the plateau schedule, in validations
  double clip_norm = 0.0;                         // 0: no clipping
  double clip_value = 0.0;                        // 0: no clipping
  double weight_decay = 0.0;
  double average = 0.0;                               // 0: none
  std::int64_t average_patience = 5;                  // asgd, in validations
  double momentum = 0.9;                              // sgd, nesterov
  double smoothing = 0.99;                            // rmsprop
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  // adam

  // length
  std::int64_t steps = 0;  // one of steps and epochs is given
  std::int64_t epochs = 0;
  std::int64_t patience = 0;   // validations without a new best that end the run; 0: none do
  std::int64_t max_steps = 0;  // steps of this process's share of the run; 0: no limit
  double max_minutes = 0.0;    // 0: no limit
  std::uint64_t seed = 1;

  // rhythm, in steps unless stated; 0: never
  std::int64_t validate_every = 0;
  std::int64_t checkpoint_every = 0;
  double checkpoint_minutes = 10.0;
  std::int64_t keep = 3;
  std::int64_t check_every = 100;
  std::int64_t sample_every = 0;
  std::int64_t report_every = 10;

  // machine
  std::int64_t threads = 0;  // 0: cores of this host's ranks / local ranks, at least 1
  double memory = 1024;      // MB of a rank's activations, which divide its blocks into groups
  std::string reducer = "exact";
  std::string vector = "auto";
  double hang_minutes = 10.0;  // a run that stands still so long is ended; 0: never
  bool dry_run = false;
  bool accept_numerics = false;

  // tests: faults on purpose; steps are counted from 1, 0: never
  std::int64_t hang_rank = 0;
  std::int64_t hang_at = 0;
  std::int64_t fail_rank = 0;
  std::int64_t fail_at = 0;
  std::string fail_with = "error";
  std::string fault_phase = "forward";
};

// What may happen to a key between a checkpoint and the run that resumes it.
enum class KeyKind : std::uint8_t {
  fixed,   // refused with both values when it differs
  notice,  // may change, with a notice: rate, schedule, clipping, length, reducer
  free,    // machine, files, limits, rhythm
};

// Who chooses a key's value when a run is resumed and the user does not give it.
enum class KeyOwner : std::uint8_t {
  run,      // the checkpoint
  process,  // this start of the program, by its default: machine, limits, requests
};

struct ConfigKey {
  std::string name;        // as on the command line, without dashes
  std::string group;       // files, model, batch, optimization, length, rhythm, machine, tests
  std::string value_name;  // "FILE", "N", "X", "NAME"; empty for a flag
  std::string help;
  KeyKind kind = KeyKind::fixed;
  KeyOwner owner = KeyOwner::run;
  // Parses `text` into the configuration; throws InputError naming the key, the value and what is
  // allowed (type, range, known names).
  std::function<void(Config&, const std::string& text)> parse;
  // The value as text that `parse` takes back to the same value (doubles round-trip).
  std::function<std::string(const Config&)> print;
};

// All keys, in the order of --help.
const std::vector<ConfigKey>& config_keys();
const ConfigKey* find_config_key(const std::string& name);
// The known name nearest to a mistyped one (edit distance); empty if none is near.
std::string nearest_config_key(const std::string& name);

// Fills in what depends on other keys (block, embedding, eval-lanes) and checks what no key can
// check alone: block divides lanes and eval-lanes, exactly one of steps and epochs is given. Throws
// InputError. A complete configuration is left as it is.
void complete(Config& config);

// Whether the run's course depends on its validations: when they come is part of it then.
bool listens_to_validation(const Config& config);

// Whether the run keeps an average of its weights (optim/average.hpp).
bool averages_weights(const Config& config);

// One sentence for each choice that works but costs more than the user may know: a block below 8
// lanes. `config` is complete.
std::vector<std::string> notices(const Config& config);

// A name that the user gave, and why it does nothing.
struct IdleName {
  std::string name;
  std::string why;
};
// "without effect here: --dropout (it is between layers, and there is one), ..."; empty for none.
std::string idle_sentence(const std::vector<IdleName>& names);

// One sentence that lists the given keys which do nothing beside the others' values, each with the
// reason; empty if there is none. `config` is complete; `resumed`: the run goes on from a
// checkpoint.
std::string idle_keys(const Config& config, const std::set<std::string>& given, bool resumed);

// One "key = value" a line, every key, in table order.
std::string config_to_text(const Config& config);
// Takes back what config_to_text wrote; keys that are not there keep their defaults. InputError
// names `where` (a file), the line and what is wrong with it.
Config config_from_text(const std::string& text, const std::string& where);

// A key that the user gives another value than the checkpoint has.
struct ConfigDifference {
  std::string key;
  std::string saved;   // as text
  std::string wanted;  // as text
  KeyKind kind = KeyKind::fixed;
};

// The differences in the keys that the user has given (on the command line or in a file), in table
// order. Both configurations are complete.
std::vector<ConfigDifference> compare_configs(const Config& saved, const Config& wanted,
                                              const std::set<std::string>& given);

// Whether the keys that say how gradients become updates differ: what an unchanged configuration
// has led to, another may avoid.
bool changes_updates(const Config& saved, const Config& resumed);

// The configuration of a resumed run: the user's value for given keys, the default of this start
// for keys it owns (KeyOwner::process), the checkpoint's for all others. Giving one of steps and
// epochs replaces the other. InputError for the first fixed key that differs, with both values.
// `saved` is complete, `wanted` as parsed: it need not be; the result is complete.
Config resume_config(const Config& saved, const Config& wanted, const std::set<std::string>& given);

}  // namespace rondo
