// What keys mean together: completion, text form, and the rule of --resume.
#include <algorithm>
#include <string>
#include <string_view>

#include "rondo/core/config.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {
namespace {

constexpr std::int64_t preferred_block = 16;  // the kernels' tiles are full
constexpr std::int64_t slow_block = 8;        // below, a weight is loaded for too few lanes

std::int64_t largest_divisor(std::int64_t number, std::int64_t limit) {
  std::int64_t divisor = std::min(number, limit);
  while (number % divisor != 0) --divisor;
  return divisor;
}

// "16 or 32": multiples of 16 around `lanes`.
std::string better_lanes(std::int64_t lanes) {
  const std::int64_t below = lanes / preferred_block * preferred_block;
  const std::int64_t above = below + preferred_block;
  return below == 0 ? fmt::format("{}", above) : fmt::format("{} or {}", below, above);
}

// Units of a layer's output.
std::int64_t outputs(const Config& config) {
  return config.projection > 0 ? config.projection : config.hidden;
}

// A projection is narrower than what it projects, as PyTorch asks too: one that is not would give
// the state nothing but more weights.
void check_projection(const Config& config) {
  const bool projects = config.cell == "lstm-projected";
  if (!projects && config.projection != 0) {
    throw_input("--projection is for --cell lstm-projected, not {}", config.cell);
  }
  if (projects && config.projection == 0) {
    throw_input(
        "--cell lstm-projected needs --projection N, the units of its hidden state, fewer than "
        "--hidden {}",
        config.hidden);
  }
  if (projects && config.projection >= config.hidden) {
    throw_input("--projection {} is not below --hidden {}; it makes the hidden state smaller",
                config.projection, config.hidden);
  }
}

// What a cell can be.
void check_model(const Config& config) {
  check_projection(config);
  if (config.tied && config.embedding != outputs(config)) {
    throw_input(
        "--tied needs embeddings as wide as a layer: --embedding {} is not --{} {}; "
        "leave --embedding out, or make them equal",
        config.embedding, config.projection > 0 ? "projection" : "hidden", outputs(config));
  }
  const bool gated = config.cell != "tanh" && config.cell != "relu";
  if (config.initialization == "identity" && gated) {
    throw_input("--initialization identity is for --cell relu or tanh, not {}", config.cell);
  }
  if (config.chrono_span != 0 && !gated) {
    throw_input("--chrono-span sets the biases of gates, and --cell {} has none", config.cell);
  }
  if (config.chrono_span == 1 || config.chrono_span == 2) {
    throw_input("--chrono-span {} is no span to remember; give 3 or more, or 0 for none",
                config.chrono_span);
  }
  if (config.zoneout_cell > 0 && !config.cell.starts_with("lstm")) {
    throw_input(
        "--zoneout-cell keeps units of a cell state, and --cell {} has none; --zoneout "
        "keeps those of the hidden state",
        config.cell);
  }
  if (config.residual && config.layers == 1) {
    throw_input(
        "--residual adds a layer's input to its output from the second layer on, and there "
        "is one: give --layers 2 or more");
  }
}

}  // namespace

void complete(Config& config) {
  if (config.embedding == 0) config.embedding = outputs(config);
  check_model(config);
  if (config.block == 0) config.block = largest_divisor(config.lanes, preferred_block);
  if (config.lanes % config.block != 0) {
    throw_input("--block {} does not divide --lanes {}; {} does", config.block, config.lanes,
                largest_divisor(config.lanes, config.block));
  }
  if (config.eval_lanes == 0) config.eval_lanes = config.lanes;
  if (config.eval_lanes % config.block != 0) {
    throw_input("--eval-lanes {} is not a multiple of the block of {} lanes; {} is",
                config.eval_lanes, config.block,
                std::max(config.eval_lanes / config.block, std::int64_t{1}) * config.block);
  }
  if (listens_to_validation(config) && config.validate_every == 0) {
    throw_input("{} listens to validation: give --validate-every N",
                config.patience > 0            ? "--patience"
                : config.schedule == "plateau" ? "--schedule plateau"
                                               : "--optimizer asgd");
  }
  if (config.average > 0 && config.optimizer == "asgd") {
    throw_input("--average and --optimizer asgd both average the weights; give one of them");
  }
  if (config.steps == 0 && config.epochs == 0) {
    throw_input("the run has no length: give --steps N or --epochs N");
  }
  if (config.steps != 0 && config.epochs != 0) {
    throw_input("--steps {} and --epochs {} both give the run's length; give one of them",
                config.steps, config.epochs);
  }
}

bool listens_to_validation(const Config& config) {
  return config.schedule == "plateau" || config.patience > 0 || config.optimizer == "asgd";
}

bool averages_weights(const Config& config) {
  return config.average > 0 || config.optimizer == "asgd";
}

std::vector<std::string> notices(const Config& config) {
  std::vector<std::string> sentences;
  if (config.block < slow_block) {
    const std::int64_t best = largest_divisor(config.lanes, preferred_block);
    sentences.push_back(
        fmt::format("{} lanes in blocks of {} compute slowly; {}", config.lanes, config.block,
                    best >= slow_block ? fmt::format("--block {} is faster", best)
                                       : fmt::format("--lanes {} gives full blocks of {}",
                                                     better_lanes(config.lanes), preferred_block)));
  }
  return sentences;
}

std::string config_to_text(const Config& config) {
  std::string text;
  for (const ConfigKey& key : config_keys()) text += key.name + " = " + key.print(config) + "\n";
  return text;
}

Config config_from_text(const std::string& text, const std::string& where) {
  constexpr std::string_view equals = " = ";
  Config config;
  std::set<std::string> seen;
  int number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    const std::size_t cut = line.find(equals);
    if (cut == std::string::npos) {
      throw_input("{}: line {} of the configuration is not \"key = value\": {}", where, number,
                  quoted(line));
    }
    const std::string name = line.substr(0, cut);
    const ConfigKey* key = find_config_key(name);
    if (key == nullptr) {
      throw_input("{}: line {} of the configuration has a key that this rondo does not know: {}",
                  where, number, quoted(name));
    }
    if (!seen.insert(name).second) {
      throw_input("{}: line {} of the configuration gives {} a second time", where, number, name);
    }
    try {
      key->parse(config, line.substr(cut + equals.size()));
    } catch (const InputError& error) {
      throw_input("{}: line {} of the configuration: {}", where, number, error.what());
    }
  }
  return config;
}

std::vector<ConfigDifference> compare_configs(const Config& saved, const Config& wanted,
                                              const std::set<std::string>& given) {
  std::vector<ConfigDifference> differences;
  for (const ConfigKey& key : config_keys()) {
    if (!given.contains(key.name)) continue;
    std::string before = key.print(saved);
    std::string after = key.print(wanted);
    if (before != after) differences.push_back({key.name, before, after, key.kind});
  }
  return differences;
}

bool changes_updates(const Config& saved, const Config& resumed) {
  const std::vector<ConfigKey>& keys = config_keys();
  return std::any_of(keys.begin(), keys.end(), [&](const ConfigKey& key) {
    return key.group == "optimization" && key.print(saved) != key.print(resumed);
  });
}

Config resume_config(const Config& saved, const Config& wanted,
                     const std::set<std::string>& given) {
  Config config = saved;
  for (const ConfigKey& key : config_keys()) {
    if (given.contains(key.name) || key.owner == KeyOwner::process) {
      key.parse(config, key.print(wanted));
    }
  }
  if (given.contains("steps") && !given.contains("epochs")) config.epochs = 0;
  if (given.contains("epochs") && !given.contains("steps")) config.steps = 0;
  complete(config);
  if (listens_to_validation(saved) && config.validate_every != saved.validate_every) {
    throw_input(
        "the run listens to its validations, every {} steps, and cannot be resumed with "
        "validate-every = {}; leave --validate-every out",
        saved.validate_every, config.validate_every);
  }
  for (const ConfigDifference& difference : compare_configs(saved, config, given)) {
    if (difference.kind == KeyKind::fixed) {
      throw_input(
          "the run was started with {} = {} and cannot be resumed with {}; leave --{} out, "
          "or start a new run",
          difference.key, difference.saved, difference.wanted, difference.key);
    }
  }
  return config;
}

}  // namespace rondo
