// The command line and --config files of every command: names in, checked values out.
//
// src/apps/options/options.cpp is the only file that knows Boost.Program_options. It gives the
// syntax
// (--key value, --key=value); that of files is config_file.hpp's. Names, repetitions and values are
// judged by us, so that every error is one sentence that names the option, and for files the line.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rondo/core/parse.hpp"
#include "rondo/train/config.hpp"

namespace rondo::apps {

class GivenOptions;

// Why an option does nothing beside the others given; nullptr if it does something.
using WhyIdle = const char* (*)(const GivenOptions&);

struct Option {
  std::string name;             // without dashes
  std::string value_name = {};  // "FILE", "N", ...; empty: a flag
  std::string help = {};
  std::string group = "options";  // heading in the help; empty: it is not listed there
  std::string default_text = {};  // shown in the help; empty: none
  bool many = false;              // takes several values, and may be repeated
  WhyIdle idle = nullptr;         // of `rondo train`, train/config.hpp tells
};

// What a command takes and how its help explains it.
struct CommandLine {
  std::string command;     // "prepare"
  std::string summary;     // one sentence
  std::string example;     // lines that work as they stand
  std::string positional;  // option that takes bare arguments, one or `many`; empty: none
  std::vector<Option> options;
};

// Options as given: every value knows where it came from, and its error says so.
class GivenOptions {
 public:
  struct Value {
    std::string text;
    std::string where;  // "run.conf line 3: ", empty on the command line
  };

  void add(const std::string& name, Value value) { values_[name].push_back(std::move(value)); }
  void remove(const std::string& name) { values_.erase(name); }
  bool has(const std::string& name) const { return values_.contains(name); }
  const std::map<std::string, std::vector<Value>>& values() const { return values_; }

  // The value, or `otherwise` if the option was not given. InputError if it is out of range.
  std::string text(const std::string& name, const std::string& otherwise = "") const;
  std::int64_t integer(const std::string& name, std::int64_t otherwise, std::int64_t low,
                       std::int64_t high) const;
  std::uint64_t seed(const std::string& name, std::uint64_t otherwise) const;
  double number(const std::string& name, double otherwise, const NumberRange& range) const;
  bool flag(const std::string& name) const;
  std::vector<std::string> list(const std::string& name) const;

 private:
  std::map<std::string, std::vector<Value>> values_;
};

// Parses the arguments behind a command's name. Every command also takes --help and --config FILE
// (one "name = value" a line, # comments); the command line wins over the file. InputError: unknown
// name (with the nearest known one), missing or surplus value, an option given twice, a bare
// argument nobody asked for, an unreadable file; file and line are named.
GivenOptions parse_options(const CommandLine& line, const std::vector<std::string>& arguments);

// InputError that names the first of `names` that was not given, and the command's help.
void require_options(const CommandLine& line, const GivenOptions& given,
                     const std::vector<std::string>& names);

// One sentence that lists the given options which do nothing beside the others; empty if there is
// none.
std::string idle_options(const CommandLine& line, const GivenOptions& given);

// --config, which every command takes.
const Option& config_option();

// The text of --help.
std::string help_text(const CommandLine& line);
// Prints it and returns true if it was asked for (--help or -h anywhere among the arguments).
bool help_wanted(const CommandLine& line, const std::vector<std::string>& arguments);

// `rondo train`: every key of train/config.hpp.
struct TrainOptions {
  Config config;                // as parsed: complete() is the caller's, after a look at --resume
  std::set<std::string> given;  // keys given on the command line or in the file
};

const CommandLine& train_command_line();
// InputError names the first key, in the table's order, whose value cannot be.
TrainOptions train_options(const GivenOptions& given);
TrainOptions parse_train_options(const std::vector<std::string>& arguments);

}  // namespace rondo::apps
