// `rondo report`: what there is to see of a run, or of several, as one page.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>

#include "apps/commands.hpp"
#include "apps/compare/runs_given.hpp"
#include "apps/compare/summary.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/report/curves.hpp"
#include "apps/report/figures.hpp"
#include "apps/report/html.hpp"
#include "apps/report/measured/measured.hpp"
#include "apps/report/reported_run.hpp"
#include "apps/words/program_version.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "io/output_file.hpp"
#include "io/unfinished_files.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

using namespace report;

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "report",
      .summary =
          "Writes what there is to see of a run as one HTML file, which needs nothing else: what "
          "was\n"
          "trained on what, curves, figures, where the time went, how to make it again; with "
          "--data "
          "what\n"
          "the model says of a split: classes given and said, forecasts over what came, texts and "
          "what was\n"
          "looked at, the worst samples. Several runs stand side by side. The same bytes each "
          "time.",
      .example =
          "  rondo report runs/digits --output digits.html\n"
          "  rondo report runs/digits --best --data digits.rondo --output digits.html\n"
          "  rondo report runs/seed-1 runs/seed-2 runs/seed-3 --output seeds.html\n",
      .positional = "run",
      .options =
          {
              compare::runs_option(),
              {.name = "output", .value_name = "FILE", .help = "the page"},
              best_option(nullptr, "each run, in place of the newest"),
              {.name = "data",
               .value_name = "FILE",
               .help = "a prepared data set that the models are measured on"},
              {.name = "split",
               .value_name = "NAME",
               .help = "of it: train, validation or test",
               .default_text = "test, or validation where there is none"},
              {.name = "most",
               .value_name = "N",
               .help = "so many of its worst samples are listed",
               .default_text = "20"},
              {.name = "beam",
               .value_name = "N",
               .help = "of texts that are said: how wide they are searched for",
               .default_text = "1"},
              {.name = "seed",
               .value_name = "N",
               .help = "of the text that a language model makes up",
               .default_text = "1"},
              threads_option("threads to measure with", "1"),
              vector_option(),
          },
  };
  return line;
}

const OwnKind own_page = {"a page that rondo report wrote", [](const std::filesystem::path& path) {
                            constexpr std::uint64_t beginning = 1024;
                            const InputFile file(path);
                            std::string text(std::min(file.size(), beginning), '\0');
                            file.read(0, std::as_writable_bytes(std::span(text)));
                            return is_page(text);
                          }};

struct Question {
  std::uint64_t seed = 1;
  std::optional<MeasureQuestion> measure;
};

Question question_of(const GivenOptions& given) {
  Question question;
  question.seed = given.seed("seed", 1);
  MeasureQuestion measure;
  measure.data = given.text("data");
  measure.split = given.text("split");
  measure.beam = given.integer("beam", 1, 1, 1024);
  measure.most = given.integer("most", 20, 0, 10'000);
  measure.threads = threads_of(given, 1);
  if (given.has("data")) {
    question.measure = measure;
    return question;
  }
  for (const char* name : {"split", "most", "beam", "threads"}) {
    if (given.has(name)) {
      throw_input("--{} is for what is measured on data: add --data FILE, or leave it out", name);
    }
  }
  return question;
}

// Of run `number`. `level`: of its headings.
std::string body_of(const ReportedRun& run, std::size_t number, const Question& question,
                    int level) {
  std::string body = heading(level, "Trained") + trained_facts(run);
  const std::string columns = columns_table(run);
  if (!columns.empty()) body += heading(level + 1, "Columns") + columns;
  body += heading(level, "Validation in training") + validation_table(run);
  if (question.measure && run.model) {
    body += measured_section(run, *question.measure, number, level);
  }
  body += made_up_section(run, question.seed, level);
  const std::string time = time_section(run);
  if (!time.empty()) body += heading(level, "Time") + time;
  body += heading(level, "Make it again") + reproduction(run);
  if (run.record.has_checkpoint) body += on_demand("All keys", configuration_list(run));
  return body;
}

std::string page_of(const std::vector<ReportedRun>& runs, const Question& question) {
  std::string body;
  std::string title;
  if (runs.size() == 1) {
    const ReportedRun& run = runs.front();
    title = run.name;
    body = heading(1, title) + paragraph(in_a_line(run), "muted") + first_figures(run) +
           curves_section(runs) + body_of(run, 0, question, 2);
  } else {
    title = fmt::format("{} runs side by side", runs.size());
    std::vector<compare::RunRecord> records;
    records.reserve(runs.size());
    for (const ReportedRun& run : runs) records.push_back(run.record);
    body = heading(1, title) + comparison(runs, compare::summarize(std::move(records))) +
           curves_section(runs);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      body += heading(2, runs[i].name) + paragraph(in_a_line(runs[i]), "muted") +
              on_demand("This run", body_of(runs[i], i, question, 3));
    }
  }
  body += fmt::format("<footer>Written by rondo {}.</footer>\n", plain(program_version()));
  return page(title, body);
}

}  // namespace

const CommandLine& report_command_line() { return command_line(); }

int run_report(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"run", "output"});
  const std::filesystem::path output = given.text("output");
  check_output(output, "--output", own_page);
  const Question question = question_of(given);
  choose_kernels(given);
  const std::vector<ReportedRun> runs = read_reported_runs(given.list("run"), given.flag("best"));
  clean_up_when_stopped();
  write_output(output, page_of(runs, question), "--output", own_page);
  say(fmt::format("{} is written", output.string()));
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
