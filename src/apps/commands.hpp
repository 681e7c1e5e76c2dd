// The commands of `rondo`: one function each, one table of them all.
//
// A command takes the arguments behind its name, prints results to standard output and messages to
// standard error, and returns the exit code (core/errors.hpp). Errors are thrown; main() prints
// them.
#pragma once

#include <string>
#include <vector>

namespace rondo::apps {

struct Command {
  const char* name;
  const char* summary;  // one line for --help
  int (*run)(const std::vector<std::string>& arguments);
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
int run_check_data(const std::vector<std::string>& arguments);
int run_suspects(const std::vector<std::string>& arguments);
int run_inspect(const std::vector<std::string>& arguments);
int run_compare(const std::vector<std::string>& arguments);
int run_export(const std::vector<std::string>& arguments);
int run_verify(const std::vector<std::string>& arguments);
int run_replay(const std::vector<std::string>& arguments);
int run_bench(const std::vector<std::string>& arguments);
int run_doctor(const std::vector<std::string>& arguments);

// The lines of --version.
std::string version_text();

}  // namespace rondo::apps
