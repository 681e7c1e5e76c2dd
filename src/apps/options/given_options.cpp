// Typed access to options as given, and the texts of --help.
#include <fmt/format.h>

#include <algorithm>

#include "apps/options/options.hpp"
#include "apps/words/say.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

// `parse(what, text)` on the option's value; its error is prefixed with the place in the file.
template <class T, class Parse>
T parsed(const GivenOptions& given, const std::string& name, T otherwise, Parse parse) {
  if (!given.has(name)) return otherwise;
  const GivenOptions::Value& value = given.values().at(name).front();
  try {
    return parse("--" + name, value.text);
  } catch (const InputError& error) {
    throw InputError(value.where + error.what());
  }
}

constexpr std::size_t help_column = 28;
constexpr std::size_t help_width = 96;

// "  --name VALUE    help (default: x)", wrapped.
std::string help_line(const Option& option) {
  std::string line = "  --" + option.name;
  if (!option.value_name.empty()) line += " " + option.value_name;
  if (option.many) line += "...";
  std::string help = option.help;
  if (!option.default_text.empty()) help += fmt::format(" (default {})", option.default_text);
  if (line.size() + 2 > help_column)
    line += "\n" + std::string(help_column, ' ');
  else
    line.resize(help_column, ' ');

  std::size_t column = help_column;
  for (std::size_t begin = 0; begin < help.size();) {
    const std::size_t end = std::min(help.find(' ', begin), help.size());
    const std::size_t length = end - begin;
    if (column + 1 + length > help_width) {
      line += "\n" + std::string(help_column, ' ');
      column = help_column;
    } else if (column > help_column) {
      line += ' ';
      ++column;
    }
    line.append(help, begin, length);
    column += length;
    begin = end + 1;
  }
  return line + "\n";
}

CommandLine make_train_command_line() {
  CommandLine line;
  line.command = "train";
  line.summary = "Trains a network on a prepared data set, alone or under mpirun or srun.";
  line.example =
      "  mpirun -n 2 rondo train --data kjv.rondo --run runs/kjv --cell lstm --hidden 256 \\\n"
      "      --lanes 32 --window 64 --steps 2000 --validate-every 200\n"
      "  mpirun -n 4 rondo train --run runs/kjv --resume --steps 4000\n"
      "  mpirun -n 4 rondo train --sweep seeds.sweep --config kjv.conf --data kjv.rondo \\\n"
      "      --run runs/kjv-seeds\n";
  const Config defaults;
  for (const ConfigKey& key : config_keys()) {
    Option option{key.name, key.value_name, key.help, key.group};
    if (!key.value_name.empty()) option.default_text = key.print(defaults);
    line.options.push_back(std::move(option));
  }
  line.options.push_back(
      {.name = "sweep",
       .value_name = "FILE",
       .help = "train a run for each choice of the file's values, \"name = value value ...\" a "
               "line, in a folder of its own in that of --run, side by side; ranks = N: ranks of "
               "each; --dry-run lists them",
       .group = "several runs"});
  return line;
}

}  // namespace

std::string GivenOptions::text(const std::string& name, const std::string& otherwise) const {
  return has(name) ? values_.at(name).front().text : otherwise;
}

std::int64_t GivenOptions::integer(const std::string& name, std::int64_t otherwise,
                                   std::int64_t low, std::int64_t high) const {
  return parsed(*this, name, otherwise, [=](const std::string& what, const std::string& text) {
    return parse_integer(what, text, low, high);
  });
}

std::uint64_t GivenOptions::seed(const std::string& name, std::uint64_t otherwise) const {
  return parsed(*this, name, otherwise, parse_seed);
}

double GivenOptions::number(const std::string& name, double otherwise,
                            const NumberRange& range) const {
  return parsed(*this, name, otherwise, [&](const std::string& what, const std::string& text) {
    return parse_number(what, text, range);
  });
}

bool GivenOptions::flag(const std::string& name) const {
  return parsed(*this, name, false, parse_flag);
}

std::vector<std::string> GivenOptions::list(const std::string& name) const {
  std::vector<std::string> texts;
  if (has(name)) {
    for (const Value& value : values_.at(name)) texts.push_back(value.text);
  }
  return texts;
}

void require_options(const CommandLine& line, const GivenOptions& given,
                     const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (given.has(name)) continue;
    const auto option = std::find_if(line.options.begin(), line.options.end(),
                                     [&](const Option& each) { return each.name == name; });
    throw_input("rondo {} needs {}{} {}: rondo {} --help shows an example", line.command,
                name == line.positional ? "" : "--",
                name == line.positional ? option->value_name : name,
                name == line.positional ? "to look at" : option->value_name, line.command);
  }
}

std::string idle_options(const CommandLine& line, const GivenOptions& given) {
  std::vector<IdleName> idle;
  for (const Option& option : line.options) {
    if (option.idle == nullptr || !given.has(option.name)) continue;
    if (const char* why = option.idle(given)) idle.push_back({option.name, why});
  }
  return idle_sentence(idle);
}

const Option& config_option() {
  static const Option option{
      "config", "FILE",
      "reads options from a file, one \"name = value\" a line, without quotes; # begins a comment "
      "at a line's beginning or behind a blank; the command line wins"};
  return option;
}

std::string help_text(const CommandLine& line) {
  std::string usage = "rondo " + line.command;
  for (const Option& option : line.options) {
    if (option.name == line.positional) usage += " " + option.value_name;
  }
  std::string text = fmt::format("{}\n\nusage: {} [--name value]...\n\nexample:\n{}", line.summary,
                                 usage, line.example);
  std::string group;
  for (const Option& option : line.options) {
    if (option.group.empty()) continue;
    if (option.group != group) {
      group = option.group;
      text += fmt::format("\n{}:\n", group);
    }
    text += help_line(option);
  }
  text += "\nalways:\n";
  text += help_line(config_option());
  text += help_line({"help", "", "prints this"});
  return text;
}

bool help_wanted(const CommandLine& line, const std::vector<std::string>& arguments) {
  const bool wanted = std::any_of(arguments.begin(), arguments.end(), [](const std::string& each) {
    return each == "--help" || each == "-h";
  });
  if (wanted) print_result("{}", help_text(line));
  return wanted;
}

const CommandLine& train_command_line() {
  static const CommandLine line = make_train_command_line();
  return line;
}

}  // namespace rondo::apps
