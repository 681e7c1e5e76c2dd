// The commands of `rondo`: one function each, one table of them all.
//
// A command takes the arguments behind its name, prints results to standard output and messages to
// standard error, and returns the exit code (core/errors.hpp). Errors are thrown; main() prints
// them.
#pragma once

#include <string>
#include <vector>

namespace rondo::apps {

struct CommandLine;  // options/options.hpp

struct Command {
  const char* name;
  const char* summary;  // one line for --help
  int (*run)(const std::vector<std::string>& arguments);
  // What it takes; null: that is for its parts to say.
  const CommandLine& (*line)();
};

// Every command that works, in the order of --help.
const std::vector<Command>& commands();

// `rondo` as a whole: --help, --version or a command. InputError names the nearest command for one
// that is not there.
int run_rondo(const std::vector<std::string>& arguments);

int run_prepare(const std::vector<std::string>& arguments);
int run_train(const std::vector<std::string>& arguments);
int run_eval(const std::vector<std::string>& arguments);
int run_generate(const std::vector<std::string>& arguments);
int run_predict(const std::vector<std::string>& arguments);
int run_ngram(const std::vector<std::string>& arguments);
int run_check_data(const std::vector<std::string>& arguments);
int run_suspects(const std::vector<std::string>& arguments);
int run_inspect(const std::vector<std::string>& arguments);
int run_compare(const std::vector<std::string>& arguments);
int run_report(const std::vector<std::string>& arguments);
int run_export(const std::vector<std::string>& arguments);
int run_verify(const std::vector<std::string>& arguments);
int run_replay(const std::vector<std::string>& arguments);
int run_bench(const std::vector<std::string>& arguments);
int run_doctor(const std::vector<std::string>& arguments);

// Those of train and predict are in options/options.hpp and predicting/predict_options.hpp.
const CommandLine& prepare_command_line();
const CommandLine& eval_command_line();
const CommandLine& generate_command_line();
const CommandLine& ngram_command_line();
const CommandLine& check_data_command_line();
const CommandLine& suspects_command_line();
const CommandLine& inspect_command_line();
const CommandLine& compare_command_line();
const CommandLine& report_command_line();
const CommandLine& export_command_line();
const CommandLine& verify_command_line();
const CommandLine& replay_command_line();
const CommandLine& doctor_command_line();

// The lines of --version, and one JSON object of the same.
std::string version_text();
std::string version_json();

}  // namespace rondo::apps
