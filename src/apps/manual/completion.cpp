#include "apps/manual/completion.hpp"

#include <fmt/format.h>

#include "apps/commands.hpp"
#include "apps/options/options.hpp"

namespace rondo::apps {
namespace {

std::string names_of(const CommandLine& line) {
  std::string names;
  for (const Option& option : line.options) names += "--" + option.name + " ";
  return names + "--config --help";
}

// Within the single quotes and square brackets of a zsh specification.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      out += fmt::format("\\{}", c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string zsh_option(const Option& option) {
  std::string value;
  if (!option.value_name.empty()) value = fmt::format(":{}:_files", zsh_text(option.value_name));
  return fmt::format(" \\\n        '{}--{}[{}]{}'", option.many ? "*" : "", option.name,
                     zsh_text(option.help), value);
}

}  // namespace

std::string bash_completion() {
  std::string cases, all;
  for (const Command& command : commands()) {
    all += fmt::format("{}{}", all.empty() ? "" : " ", command.name);
    if (command.line == nullptr) continue;
    cases += fmt::format("    {}) words='{}' ;;\n", command.name, names_of(command.line()));
  }
  // What does not begin with two dashes is a value or stands alone: a file, mostly.
  return fmt::format(
      "# bash completion for rondo, made from its command line's tables.\n"
      "_rondo() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} words=\n"
      "  COMPREPLY=()\n"
      "  if ((COMP_CWORD == 1)); then\n"
      "    mapfile -t COMPREPLY < <(compgen -W '{} --help --version' -- \"$current\")\n"
      "    return\n"
      "  fi\n"
      "  [[ $current == --* ]] || return\n"
      "  case ${{COMP_WORDS[1]}} in\n{}"
      "  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
      "}}\n"
      "complete -o default -F _rondo rondo\n",
      all, cases);
}

std::string zsh_completion() {
  std::string list, cases;
  for (const Command& command : commands()) {
    list += fmt::format("      '{}:{}'\n", command.name, zsh_text(command.summary));
    if (command.line == nullptr) continue;
    const CommandLine& line = command.line();
    std::string options;
    for (const Option& option : line.options) options += zsh_option(option);
    options += zsh_option(config_option()) + zsh_option({.name = "help", .help = "prints help"});
    if (!line.positional.empty()) options += " \\\n        '*:file:_files'";
    cases += fmt::format("    {})\n      _arguments{}\n      ;;\n", command.name, options);
  }
  return fmt::format(
      "#compdef rondo\n"
      "# zsh completion for rondo, made from its command line's tables.\n"
      "_rondo() {{\n"
      "  if ((CURRENT == 2)); then\n"
      "    local -a commands=(\n{}    )\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  shift words\n"
      "  ((CURRENT--))\n"
      "  case $command in\n{}"
      "  esac\n"
      "}}\n"
      "_rondo \"$@\"\n",
      list, cases);
}

}  // namespace rondo::apps
