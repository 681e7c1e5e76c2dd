#include "apps/options/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>

#include "apps/options/config_file.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/nearest_name.hpp"

namespace rondo::apps {
namespace {

namespace po = boost::program_options;

const Option* find_option(const CommandLine& line, const std::string& name) {
  for (const Option& option : line.options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

[[noreturn]] void throw_unknown(const CommandLine& line, const std::string& where,
                                const std::string& dashes, const std::string& name) {
  std::vector<std::string> known = {"config", "help"};
  for (const Option& option : line.options) known.push_back(option.name);
  const std::string nearest = nearest_name(name, known);
  throw_input("{}\"{}{}\" is no option of rondo {}; {}", where, dashes, name, line.command,
              nearest.empty() ? fmt::format("rondo {} --help lists them", line.command)
                              : fmt::format("did you mean {}{}?", dashes, nearest));
}

// What Boost needs to know to cut arguments into names and values.
po::options_description describe(const CommandLine& line) {
  po::options_description description;
  const auto add = [&](const std::string& name, po::value_semantic* semantic) {
    description.add_options()(name.c_str(), semantic);
  };
  add("config", po::value<std::string>());
  for (const Option& option : line.options) {
    if (option.many) {
      add(option.name, po::value<std::vector<std::string>>()->multitoken());
    } else {
      add(option.name, po::value<std::string>());
    }
  }
  return description;
}

// Takes one option into `given`; `dashes` is how the user wrote names.
void take(const CommandLine& line, const std::string& name, const std::vector<std::string>& values,
          const std::string& where, const std::string& dashes, GivenOptions& given) {
  const Option* option = find_option(line, name);
  if (option == nullptr) throw_unknown(line, where, dashes, name);
  if (given.has(option->name) && !option->many) {
    throw_input("{}{}{} is given twice", where, dashes, option->name);
  }
  for (const std::string& value : values) given.add(option->name, {value, where});
}

// Boost's flags either take no "=false" or swallow the argument behind them: ours become values.
std::vector<std::string> with_flag_values(const CommandLine& line,
                                          std::vector<std::string> arguments) {
  for (std::string& argument : arguments) {
    if (!argument.starts_with("--")) continue;
    const Option* option = find_option(line, argument.substr(2));
    if (option != nullptr && option->value_name.empty()) argument += "=true";
  }
  return arguments;
}

std::string name_in(const std::string& argument) {
  return argument.substr(0, argument.find('=')).substr(2);
}

GivenOptions parse_arguments(const CommandLine& line, const std::vector<std::string>& arguments,
                             std::string& config_file) {
  using namespace po::command_line_style;
  const po::options_description description = describe(line);
  po::parsed_options parsed(&description);
  try {
    // Nothing positional for Boost: a bare argument is then told apart from an option's value.
    parsed = po::command_line_parser(with_flag_values(line, arguments))
                 .options(description)
                 .style(allow_long | long_allow_next | long_allow_adjacent)
                 .allow_unregistered()
                 .run();
  } catch (const po::invalid_command_line_syntax& error) {
    const std::string name = error.get_option_name();
    throw_input("{} wants a value: rondo {} --help shows an example", name, line.command);
  } catch (const po::error& error) {
    throw_input("the arguments of rondo {} cannot be read: {}", line.command, error.what());
  }
  GivenOptions given;
  for (const po::option& option : parsed.options) {
    if (option.position_key >= 0) {
      const std::string& argument = option.original_tokens.front();
      if (line.positional.empty()) {
        throw_input("\"{}\" stands alone: rondo {} takes --name value pairs{}", argument,
                    line.command,
                    argument.starts_with('-') ? ", and names begin with two dashes" : "");
      }
      if (given.has(line.positional) && !find_option(line, line.positional)->many) {
        throw_input("\"{}\" is one argument too many for rondo {}", argument, line.command);
      }
      take(line, line.positional, {argument}, "", "--", given);
    } else if (option.unregistered) {
      throw_unknown(line, "", "--", name_in(option.original_tokens.front()));
    } else if (option.string_key == "config") {
      if (!config_file.empty()) throw_input("--config is given twice");
      config_file = option.value.front();
    } else {
      take(line, option.string_key, option.value, "", "--", given);
    }
  }
  return given;
}

// Quotes would become a part of the value, as of a file's name. Free text may begin and end so.
void refuse_quotes(const Option& option, const ConfigLine& at) {
  static const std::set<std::string> free_text = {"TEXT", "LINE"};
  if (!in_quotes(at.value) || free_text.contains(option.value_name)) return;
  throw_input("{}{} = {} is in quotes, and values need none: leave them out", at.where, at.name,
              at.value);
}

GivenOptions parse_file(const CommandLine& line, const std::string& path) {
  GivenOptions given;
  for (const ConfigLine& at : read_config_file("--config", path)) {
    if (at.name == "config" || at.name == "help") {
      throw_input("{}{} belongs on the command line", at.where, at.name);
    }
    take(line, at.name, {at.value}, at.where, "", given);
    refuse_quotes(*find_option(line, at.name), at);
  }
  return given;
}

}  // namespace

GivenOptions parse_options(const CommandLine& line, const std::vector<std::string>& arguments) {
  std::string config_file;
  GivenOptions given = parse_arguments(line, arguments, config_file);
  if (config_file.empty()) return given;
  const GivenOptions from_file = parse_file(line, config_file);
  std::set<std::string> from_line;
  for (const auto& [name, values] : given.values()) from_line.insert(name);
  for (const auto& [name, values] : from_file.values()) {
    if (from_line.contains(name)) continue;
    for (const GivenOptions::Value& value : values) given.add(name, value);
  }
  return given;
}

TrainOptions train_options(const GivenOptions& given) {
  TrainOptions options;
  // The length on the command line wins over the file's, also where that counts in the other unit.
  const auto is_displaced = [&](const std::string& name, const std::string& other) {
    return given.has(name) && given.has(other) && !given.values().at(name).front().where.empty() &&
           given.values().at(other).front().where.empty();
  };
  // Table order: of several bad values, every rank and every run names the same one.
  for (const ConfigKey& key : config_keys()) {
    if (!given.has(key.name)) continue;
    if (key.name == "steps" && is_displaced("steps", "epochs")) continue;
    if (key.name == "epochs" && is_displaced("epochs", "steps")) continue;
    const GivenOptions::Value& value = given.values().at(key.name).front();
    try {
      key.parse(options.config, value.text);
    } catch (const InputError& error) {
      throw InputError(value.where + error.what());
    }
    options.given.insert(key.name);
  }
  return options;
}

TrainOptions parse_train_options(const std::vector<std::string>& arguments) {
  return train_options(parse_options(train_command_line(), arguments));
}

}  // namespace rondo::apps
