#include "apps/manual/man_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "apps/options/options.hpp"
#include "apps/words/program_version.hpp"

namespace rondo::apps {
namespace {

// Text as it stands: a backslash begins a command, as does a period or an apostrophe that begins a
// line; a bare minus may be set as a hyphen, which nobody can paste.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\(rs";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += fmt::format("\\&{}", c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string page_head(const std::string& name, const std::string& summary) {
  return fmt::format(
      ".TH \"{}\" 1 \"\" \"rondo {}\" \"rondo\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n",
      escaped(upper(name)), program_version(), escaped(name), escaped(summary));
}

std::string example(const std::string& lines) {
  return fmt::format(".SH EXAMPLE\n.nf\n{}\n.fi\n", escaped(lines));
}

std::string option_paragraph(const Option& option) {
  std::string help = option.help;
  if (!option.default_text.empty()) help += fmt::format(" (default {})", option.default_text);
  std::string name = fmt::format("\\fB\\-\\-{}\\fR", escaped(option.name));
  if (!option.value_name.empty()) name += fmt::format(" \\fI{}\\fR", escaped(option.value_name));
  if (option.many) name += "...";
  return fmt::format(".TP\n{}\n{}\n", name, escaped(help));
}

std::string exit_codes() {
  return ".SH EXIT STATUS\n"
         ".TP\n.B 0\nall is done\n"
         ".TP\n.B 1\nit failed: a full disk, a lost rank, a fault\n"
         ".TP\n.B 2\nwhat was given is wrong: one sentence says what, and what to do\n"
         ".TP\n.B 75\ntraining was stopped by a signal or a limit, and goes on with \\-\\-resume\n";
}

// What a line of a script's usage is part of.
enum class Paragraph : std::uint8_t { text, option, example };

Paragraph paragraph_of(const std::string& line, Paragraph before) {
  if (!line.starts_with("  ")) return Paragraph::text;
  if (line.starts_with("  --") || before == Paragraph::option) return Paragraph::option;
  return Paragraph::example;
}

std::string without_indent(const std::string& line) {
  return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

}  // namespace

std::string overview_page() {
  std::string page = page_head("rondo", "distributed training of recurrent neural networks");
  page += "\\fBrondo\\fR \\fICOMMAND\\fR [\\fB\\-\\-name\\fR \\fIvalue\\fR]...\n.SH DESCRIPTION\n";
  page +=
      "Trains recurrent neural networks on one machine or, under mpirun or srun, on many, with the "
      "same bits wherever it runs, and answers with what it has trained.\n.SH COMMANDS\n";
  for (const Command& command : commands()) {
    page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(command.name), escaped(command.summary));
  }
  page += example(
      "rondo prepare --task text --level char --input book.txt --output book.rondo\n"
      "mpirun -n 2 rondo train --data book.rondo --run runs/book --steps 1000");
  page += exit_codes() + ".SH SEE ALSO\n";
  std::string pages;
  for (const Command& command : commands()) {
    if (command.line == nullptr) continue;
    pages += fmt::format("{}.BR rondo\\-{} (1)", pages.empty() ? "" : ",\n", escaped(command.name));
  }
  return page + pages + ",\n.BR rondo\\-run (1)\n";
}

std::string command_page(const Command& command) {
  const CommandLine& line = command.line();
  std::string page = page_head(fmt::format("rondo-{}", command.name), command.summary);
  std::string bare;
  for (const Option& option : line.options) {
    if (option.name == line.positional)
      bare = fmt::format(" \\fI{}\\fR", escaped(option.value_name));
  }
  page += fmt::format("\\fBrondo {}\\fR{} [\\fB\\-\\-name\\fR \\fIvalue\\fR]...\n",
                      escaped(command.name), bare);
  page += fmt::format(".SH DESCRIPTION\n{}\n", escaped(line.summary));
  page += example(line.example);
  page += ".SH OPTIONS\n";
  std::string group;
  for (const Option& option : line.options) {
    if (option.group.empty()) continue;
    if (option.group != group) {
      group = option.group;
      page += fmt::format(".SS \"{}\"\n", escaped(group));
    }
    page += option_paragraph(option);
  }
  page += ".SS \"always\"\n" + option_paragraph(config_option());
  page += option_paragraph({.name = "help", .help = "prints this in short"});
  return page + exit_codes() + ".SH SEE ALSO\n.BR rondo (1)\n";
}

std::string script_page(const std::string& name, const std::string& summary,
                        const std::string& usage) {
  std::istringstream lines(usage);
  std::string line;
  std::getline(lines, line);
  std::string page = page_head(name, summary);
  page += fmt::format("\\fB{}\\fR{}\n.SH DESCRIPTION\n", escaped(name),
                      escaped(line.substr(std::min(line.size(), name.size()))));
  Paragraph before = Paragraph::text;
  while (std::getline(lines, line)) {
    const Paragraph now = paragraph_of(line, before);
    if (before == Paragraph::example && now != before) page += ".fi\n";
    if (line.empty()) {
      page += ".PP\n";
    } else if (now == Paragraph::example) {
      page += (before == now ? "" : ".nf\n") + escaped(line) + '\n';
    } else if (now == Paragraph::option && line.starts_with("  --")) {
      const std::size_t end = std::min(line.find("  ", 2), line.size());
      page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(line.substr(2, end - 2)),
                          escaped(without_indent(line.substr(end))));
    } else {
      page += escaped(without_indent(line)) + '\n';
    }
    before = now;
  }
  return page + ".SH SEE ALSO\n.BR rondo (1),\n.BR rondo\\-train (1)\n";
}

}  // namespace rondo::apps
