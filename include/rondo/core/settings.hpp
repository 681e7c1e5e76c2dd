// Settings in groups: a folder declares, as a struct, what configures it, and says beside it which
// keys fill the members, what these mean together, and which keys do nothing beside others. What is
// composed of groups (train/config.hpp) is derived from their structs, so that what a group says
// holds for the whole as it stands.
//
// Adding a key is a member of a group's struct and a line in its table of keys (type, range, kind,
// help); the command line, --help, checkpoints and the comparison on resume follow from it. A key
// that others can leave without effect has a line in the group's idle rules too.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "rondo/core/nearest_name.hpp"
#include "rondo/core/parse.hpp"

namespace rondo {

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

// What every line of a table of keys says.
struct KeyFacts {
  std::string name;  // as on the command line, without dashes
  KeyKind kind = KeyKind::fixed;
  std::string help;
  KeyOwner owner = KeyOwner::run;
  std::string value_name = {};  // "FILE", "N", "X", "NAME"; empty for a flag
  std::string group = {};       // the heading in --help; empty: it is not listed there
};

// A key of the settings S.
template <class S>
struct SettingKey : KeyFacts {
  // Parses `text` into the settings; throws InputError naming the key, the value and what is
  // allowed (type, range, known names).
  std::function<void(S&, const std::string& text)> parse;
  // The value as text that `parse` takes back to the same value (doubles round-trip).
  std::function<std::string(const S&)> print;
};

// What settings alone cannot tell.
struct Start {
  bool resumed = false;  // the run goes on from a checkpoint
  // Why the weights' first values are not for keys to choose; empty: they are.
  std::string weights_given = {};
};

// A key that other settings can leave without effect.
template <class S>
struct IdleRule {
  std::string key;
  // Why it has none; empty where it has one, or where its value asks for none ("--dropout 0").
  std::function<std::string(const S&, const Start&)> why;
};

template <class S>
struct SettingsGroup {
  std::string heading = {};  // in --help; empty: the keys are not listed there
  std::vector<SettingKey<S>> keys = {};
  // Fills in what depends on other keys of the group and checks what no key can check alone.
  // InputError. What is complete is left as it is.
  std::function<void(S&)> complete = nullptr;
  std::vector<IdleRule<S>> idle = {};
  // Of complete settings: a sentence for each choice that works but costs more than the user may
  // know.
  std::function<std::vector<std::string>(const S&)> notices = nullptr;

  // What is said of S, said of a whole that it is a part of.
  template <class Whole>
  requires std::is_base_of_v<S, Whole> SettingsGroup<Whole> of()
  const {
    SettingsGroup<Whole> group{heading};
    for (const SettingKey<S>& key : keys) {
      group.keys.push_back({key, key.parse, key.print});
      group.keys.back().group = heading;
    }
    for (const IdleRule<S>& rule : idle) group.idle.push_back({rule.key, rule.why});
    group.complete = complete;
    group.notices = notices;
    return group;
  }
};

// The lines of a table of keys.
namespace keys {

// As parse_integer and its kin (core/parse.hpp): one of `known`; a text on one line.
std::string parse_choice(const std::string& what, const std::string& text,
                         const std::vector<std::string>& known);
std::string parse_line(const std::string& what, const std::string& text);
std::string print_value(std::int64_t value);
std::string print_value(std::uint64_t value);
std::string print_value(double value);
std::string print_value(bool value);
std::string print_value(const std::string& value);

// A member that `parse(what, text)` makes of a text.
template <class S, class Value, class Parse>
SettingKey<S> member(KeyFacts facts, const char* value_name, Value S::*value, Parse parse) {
  facts.value_name = value_name;
  return {facts,
          [=, what = "--" + facts.name](S& settings, const std::string& text) {
            settings.*value = parse(what, text);
          },
          [=](const S& settings) { return print_value(settings.*value); }};
}

template <class S>
SettingKey<S> integer(const KeyFacts& facts, std::int64_t S::*value, std::int64_t low,
                      std::int64_t high) {
  return member(facts, "N", value, [=](const std::string& what, const std::string& text) {
    return parse_integer(what, text, low, high);
  });
}
template <class S>
SettingKey<S> seed(const KeyFacts& facts, std::uint64_t S::*value) {
  return member(facts, "N", value, parse_seed);
}
template <class S>
SettingKey<S> number(const KeyFacts& facts, double S::*value, const NumberRange& range) {
  return member(facts, "X", value, [=](const std::string& what, const std::string& text) {
    return parse_number(what, text, range);
  });
}
// The help goes on with the list of names.
template <class S>
SettingKey<S> choice(KeyFacts facts, std::string S::*value, const std::vector<std::string>& known) {
  facts.help += ": " + list_names(known);
  return member(facts, "NAME", value, [=](const std::string& what, const std::string& text) {
    return parse_choice(what, text, known);
  });
}
// A path: any text on one line.
template <class S>
SettingKey<S> path(const KeyFacts& facts, std::string S::*value, const char* value_name) {
  return member(facts, value_name, value, parse_line);
}
template <class S>
SettingKey<S> flag(const KeyFacts& facts, bool S::*value) {
  return member(facts, "", value, parse_flag);
}

inline constexpr std::int64_t million = 1'000'000;
inline constexpr std::int64_t many = 1'000'000'000'000;  // steps: more than anybody can wait for

}  // namespace keys

// Why a key is idle, unless it has an effect.
inline std::string unless(bool has_effect, const std::string& why) {
  return has_effect ? std::string() : why;
}

// A name that the user gave, and why it does nothing.
struct IdleName {
  std::string name;
  std::string why;
};
// "without effect here: --dropout (it is between layers, and there is one), ..."; empty for none.
std::string idle_sentence(const std::vector<IdleName>& names);

// Of random numbers: weights, dropout, the order of documents.
struct SeedSettings {
  std::uint64_t seed = 1;
};
SettingsGroup<SeedSettings> seed_settings();

}  // namespace rondo
