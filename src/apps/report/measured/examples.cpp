#include "apps/report/measured/examples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "apps/predicting/attention_picture.hpp"
#include "apps/predicting/said_text.hpp"
#include "apps/predicting/spelling/alignment_picture.hpp"
#include "apps/predicting/spelling/spelt_text.hpp"
#include "apps/predicting/start_of_text.hpp"
#include "apps/report/html.hpp"
#include "data/first_sequences.hpp"
#include "rondo/comm/in_process.hpp"
#include "rondo/data/excerpts.hpp"
#include "rondo/data/packed_windows.hpp"
#include "rondo/tasks/generator.hpp"
#include "tasks/decoding/judge.hpp"
#include "tasks/decoding/said_column.hpp"

namespace rondo::apps::report {
namespace {

constexpr std::int64_t most_examples = 12, most_pictured = 6;
constexpr std::int64_t sampled_symbols = 400;
constexpr double sampled_temperature = 0.7;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> list;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) list.push_back(line);
  return list;
}

// Answers as they are in `lines`, each with its score behind a tab, beside what was read and given.
std::string answers_table(const SequenceSource& sequences, const Columns& columns,
                          const std::string& answers) {
  const bool reads_text = std::ranges::any_of(
      columns, [](const Column& column) { return !column.is_target() && !column.is_real(); });
  Table table{{"", "given", "said", "score"}, {}, 3};
  if (reads_text) {
    table.head.insert(table.head.begin() + 1, "read");
    ++table.names;
  }
  for (const std::string& line : lines_of(answers)) {
    const auto number = static_cast<std::int64_t>(table.rows.size());
    const std::size_t tab = line.find('\t');
    std::vector<std::string> row{grouped(number + 1)};
    if (reads_text) row.push_back(excerpt(sequences, columns, number));
    row.push_back(excerpt(sequences, columns, number, true));
    row.push_back(line.substr(0, tab));
    row.push_back(tab == std::string::npos ? "" : line.substr(tab + 1));
    table.rows.push_back(std::move(row));
  }
  return report::table(table);
}

template <class Real>
PackedWindows first_windows(const MeasuredModel<Real>& measured) {
  return {std::make_unique<FirstSequences>(*measured.split->whole(), most_examples),
          measured.data.columns()};
}

// The names of what was read of each sequence; of what is no text the numbers of its steps.
std::vector<std::vector<std::string>> read_symbols(const SequenceSource& sequences,
                                                   const Columns& columns) {
  const auto text = std::ranges::find_if(columns, [](const Column& column) {
    return column.role == ColumnRole::source && column.is_text() && !column.has_letters();
  });
  std::vector<std::vector<std::string>> all;
  for (std::int64_t i = 0; i < sequences.sequences(); ++i) {
    std::vector<std::string>& names = all.emplace_back();
    if (text == columns.end()) {
      const std::int32_t steps = sequences.lengths()[static_cast<std::size_t>(i)];
      for (std::int32_t t = 1; t <= steps; ++t) names.push_back(std::to_string(t));
      continue;
    }
    const auto number = static_cast<std::size_t>(text - columns.begin());
    for (const std::int32_t token : tokens_of(sequences, columns, number, i)) {
      names.push_back(text->symbol_name(static_cast<std::size_t>(token)));
    }
  }
  return all;
}

}  // namespace

template <class Real>
std::string said_examples(const MeasuredModel<Real>& measured, std::int64_t beam, ThreadPool& pool,
                          const std::string& id) {
  const Columns& columns = measured.data.columns();
  const Column& said = *tasks::said_column_of(columns);
  const PackedWindows windows = first_windows(measured);
  const SequenceSource& sequences = *windows.whole();
  DecodeOptions options = tasks::usual_search(said);
  options.beam = beam;
  options.attention = measured.model.config.attention != "none";
  std::vector<std::vector<Hypothesis>> texts(static_cast<std::size_t>(sequences.sequences()));
  const tasks::MakeScorer voter = tasks::scorer_of(measured.model, pool);
  tasks::decode_sequences({&voter, 1}, windows, 1, 0, 0, tasks::usual_lengths(columns), options,
                          pool, [&](std::int64_t sequence, std::vector<Hypothesis> own) {
                            texts[static_cast<std::size_t>(sequence)] = std::move(own);
                          });
  const SaidText text =
      said_text(texts, read_symbols(sequences, columns), said, false, options.attention);
  std::string body = answers_table(sequences, columns, text.answers);
  if (!options.attention) return body;
  std::vector<LookedAt> looked;
  for (const std::string& line : lines_of(text.attention)) {
    if (looked.size() < most_pictured) looked.push_back(looked_at(line));
  }
  return body +
         figure(attention_in_page(looked, id), "What was looked at, of the first ones.", true);
}

template <class Real>
std::string spelt_examples(const MeasuredModel<Real>& measured, std::int64_t beam, ThreadPool& pool,
                           const std::string& id) {
  const Columns& columns = measured.data.columns();
  const Column& said = *tasks::said_column_of(columns);
  const PackedWindows windows = first_windows(measured);
  const SequenceSource& sequences = *windows.whole();
  const std::unique_ptr<Communicator> alone = make_single();
  Evaluator<Real> evaluator(measured.model.plan, measured.model.layout,
                            measured.model.parameters.data(),
                            evaluation_shape(measured.model.config, windows), *alone);
  std::vector<std::vector<double>> scores(static_cast<std::size_t>(sequences.sequences()));
  evaluator.say_scores(windows, pool, [&](std::int64_t sequence, std::span<const double> own) {
    scores[static_cast<std::size_t>(sequence)].assign(own.begin(), own.end());
  });
  const Config& config = measured.model.config;
  SpeltOptions options{tasks::usual_spelling(said), config.frames_together(), false, true};
  options.search.beam = beam;
  // Steps of the data, of which the network's are stacks.
  std::vector<std::int32_t> steps;
  for (const std::int32_t length : sequences.lengths()) {
    steps.push_back(length * static_cast<std::int32_t>(config.stack_frames));
  }
  const SaidText text = spelt_text(scores, steps, said, options, pool);
  std::vector<Aligned> aligned;
  for (const std::string& line : lines_of(text.attention)) aligned.push_back(aligned_in(line));
  return answers_table(sequences, columns, text.answers) +
         figure(alignment_in_page(aligned, id), "", true);
}

template <class Real>
std::string sampled_text(const SavedModel<Real>& model, std::uint64_t seed) {
  const Vocabulary& vocabulary = *model.columns.front().vocabulary;
  GenerateOptions options;
  options.length = sampled_symbols;
  options.temperature = sampled_temperature;
  options.seed = seed;
  options.never = vocabulary.unknown();
  const std::unique_ptr<Vocabulary::Printer> printer = vocabulary.printer();
  std::string text;
  ThreadPool pool(1);
  generate<Real>(model.plan, model.layout, model.parameters.data(), start_of_text(vocabulary),
                 options, pool, [&](std::int32_t token) { text += printer->print(token); });
  return preformatted(text) +
         paragraph(fmt::format("rondo generate --length {} --temperature {} --seed {}",
                               sampled_symbols, sampled_temperature, seed),
                   "small muted");
}

template std::string said_examples(const MeasuredModel<float>&, std::int64_t, ThreadPool&,
                                   const std::string&);
template std::string said_examples(const MeasuredModel<double>&, std::int64_t, ThreadPool&,
                                   const std::string&);
template std::string spelt_examples(const MeasuredModel<float>&, std::int64_t, ThreadPool&,
                                    const std::string&);
template std::string spelt_examples(const MeasuredModel<double>&, std::int64_t, ThreadPool&,
                                    const std::string&);
template std::string sampled_text(const SavedModel<float>&, std::uint64_t);
template std::string sampled_text(const SavedModel<double>&, std::uint64_t);

}  // namespace rondo::apps::report
