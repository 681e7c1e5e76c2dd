#include "apps/sweep/sweep_file.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>

#include "apps/options/config_file.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/parse.hpp"

namespace rondo::apps {
namespace {

constexpr std::size_t most_members = 10'000;
constexpr std::size_t longest_name = 200;  // file systems take 255 bytes

struct SweptKey {
  const ConfigKey& key;
  std::vector<std::string> values;
  std::string where;

  bool varies() const { return values.size() > 1; }
};

// A run's length has two keys, one of which displaces the other.
std::vector<std::string> rivals_of(const std::string& name) {
  static const std::vector<std::string> lengths = {"steps", "epochs"};
  if (std::ranges::count(lengths, name) > 0) return lengths;
  return {name};
}

const ConfigKey& key_of(const ConfigLine& line) {
  const ConfigKey* key = find_config_key(line.name);
  if (key == nullptr) {
    const std::string nearest = nearest_config_key(line.name);
    throw_input("{}\"{}\" is no key of rondo train; {}", line.where, line.name,
                nearest.empty() ? "rondo train --help lists them"
                                : fmt::format("did you mean {}?", nearest));
  }
  if (key->owner == KeyOwner::process || key->name == "run") {
    throw_input("{}{} is the same for all members: it belongs on the command line", line.where,
                line.name);
  }
  return *key;
}

std::vector<std::string> words_of(const ConfigLine& line) {
  std::vector<std::string> words;
  std::string_view rest = line.value;
  for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) words.emplace_back(word);
  if (words.empty()) throw_input("{}{} has no value", line.where, line.name);
  return words;
}

SweptKey swept_key(const ConfigLine& line, const GivenOptions& given) {
  SweptKey swept{key_of(line), words_of(line), line.where};
  for (const std::string& rival : rivals_of(line.name)) {
    if (!given.has(rival) || !given.values().at(rival).front().where.empty()) continue;
    throw_input("{}{} stands here and --{} on the command line: leave out one of them", line.where,
                line.name, rival);
  }
  std::set<std::string> known;  // as they are printed: 0.10 is 0.1
  for (const std::string& value : swept.values) {
    Config config;
    try {
      swept.key.parse(config, value);
    } catch (const InputError& error) {
      throw InputError(line.where + error.what());
    }
    if (known.insert(swept.key.print(config)).second) continue;
    throw_input("{}{} has the value {} twice", line.where, line.name, value);
  }
  return swept;
}

// Of a path its last part, and nothing that a shell or a file system takes amiss.
std::string in_a_name(const SweptKey& swept, const std::string& value) {
  const bool is_path = swept.key.value_name == "FILE";
  std::string text = is_path ? std::filesystem::path(value).filename().string() : value;
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+";
  std::ranges::replace_if(
      text, [&](char c) { return plain.find(c) == std::string_view::npos; }, '-');
  return text;
}

// `choice`: of each key the place of its value.
SweepMember member_of(const std::vector<SweptKey>& keys, const std::vector<std::size_t>& choice,
                      const GivenOptions& given) {
  SweepMember member;
  GivenOptions all = given;
  for (const SweptKey& swept : keys) {
    for (const std::string& rival : rivals_of(swept.key.name)) all.remove(rival);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string& value = keys[i].values[choice[i]];
    all.add(keys[i].key.name, {value, keys[i].where});
    if (!keys[i].varies()) continue;
    member.name += fmt::format("{}{}={}", member.name.empty() ? "" : ",", keys[i].key.name,
                               in_a_name(keys[i], value));
  }
  member.options = train_options(all);
  Config& config = member.options.config;
  const auto own = [&](const std::string& folder) {
    return (std::filesystem::path(folder) / member.name).string();
  };
  config.run = own(config.run);
  if (!config.tensorboard.empty()) config.tensorboard = own(config.tensorboard);
  return member;
}

void check_names(const std::vector<SweepMember>& members, const std::string& file) {
  std::set<std::string> known;
  for (const SweepMember& member : members) {
    if (member.name.size() > longest_name) {
      throw_input("--sweep {}: \"{}\" is too long for the name of a folder: vary fewer keys", file,
                  member.name);
    }
    if (!known.insert(member.name).second) {
      throw_input(
          "--sweep {}: two members would have the folder \"{}\": give their files other "
          "names",
          file, member.name);
    }
  }
}

}  // namespace

Sweep read_sweep(const GivenOptions& given) {
  const std::string file = given.text("sweep");
  Sweep sweep;
  std::vector<SweptKey> keys;
  std::set<std::string> seen;
  std::size_t count = 1;
  for (const ConfigLine& line : read_config_file("--sweep", file)) {
    if (!seen.insert(line.name).second) throw_input("{}{} is given twice", line.where, line.name);
    if (line.name == "ranks") {
      sweep.ranks = static_cast<int>(parse_integer(line.where + "ranks", line.value, 1, 1'000'000));
      continue;
    }
    keys.push_back(swept_key(line, given));
    count *= keys.back().values.size();
    if (count > most_members) {
      throw_input("{}with {} there are more than {} members", line.where, line.name, most_members);
    }
  }
  if (count == 1) {
    throw_input(
        "--sweep {} gives no key several values, as in \"seed = 1 2 3\": there is nothing "
        "to sweep over",
        file);
  }
  std::vector<std::size_t> choice(keys.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t rest = i;
    for (std::size_t k = keys.size(); k-- > 0; rest /= keys[k].values.size()) {
      choice[k] = rest % keys[k].values.size();
    }
    sweep.members.push_back(member_of(keys, choice, given));
  }
  check_names(sweep.members, file);
  return sweep;
}

}  // namespace rondo::apps
