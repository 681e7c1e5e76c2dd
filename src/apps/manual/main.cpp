// rondo_manual FOLDER: writes the pages of the manual and what shells complete, to be
// installed; `rondo-run --help` comes in by standard input.
//   FOLDER/man1/rondo.1, FOLDER/man1/rondo-train.1, ...   FOLDER/bash/rondo   FOLDER/zsh/_rondo
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "apps/manual/completion.hpp"
#include "apps/manual/man_page.hpp"

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

int main(int argc, char** argv) {
  using namespace rondo::apps;
  try {
    if (argc != 2) throw std::runtime_error("usage: rondo_manual FOLDER");
    const std::filesystem::path folder = argv[1];
    write(folder / "man1" / "rondo.1", overview_page());
    for (const Command& command : commands()) {
      if (command.line == nullptr) continue;
      write(folder / "man1" / ("rondo-" + std::string(command.name) + ".1"), command_page(command));
    }
    const std::string usage(std::istreambuf_iterator<char>(std::cin), {});
    if (usage.empty()) throw std::runtime_error("rondo-run --help says nothing");
    write(folder / "man1" / "rondo-run.1",
          script_page("rondo-run", "keeps rondo training on several hosts without a scheduler",
                      usage));
    write(folder / "bash" / "rondo", bash_completion());
    write(folder / "zsh" / "_rondo", zsh_completion());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rondo_manual: %s\n", error.what());
    return 1;
  }
}
