#include "rondo/data/prepare_table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/features/kept_features.hpp"
#include "data/prepare_output.hpp"
#include "data/tables/rows/table_files.hpp"
#include "data/tables/rows/table_look.hpp"
#include "data/tables/table_splits.hpp"
#include "data/tables/table_survey.hpp"
#include "data/tables/table_writer.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/splits.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Roles, group and time as known columns have them.
std::vector<TableRole> roles_of(const Columns& columns, TableOptions& options) {
  if (!options.sources.empty() || !options.targets.empty() || !options.constants.empty() ||
      !options.known.empty() || !options.group.empty() || !options.letters.empty() ||
      options.steps || options.mask_missing || options.shared_vocabulary || options.subword_model ||
      !options.features.empty()) {
    throw_input("--columns-from {} says what the columns are for: leave the other options out",
                options.columns_from.string());
  }
  std::vector<TableRole> roles;
  for (const Column& column : columns) {
    const bool by_steps = column.scope == ColumnScope::steps;
    if (column.is_target() && column.is_real() != options.says_numbers()) {
      throw_input("--columns-from {}: its target '{}' is {}, which --task {} does not say",
                  options.columns_from.string(), column.name, name_of(column.kind), options.task);
    }
    if (column.is_target() && column.has_own_steps() != options.says_sequences()) {
      throw_input(
          "--columns-from {}: its target '{}' is {}a sequence, which --task {} does not say",
          options.columns_from.string(), column.name, column.has_own_steps() ? "" : "no ",
          options.task);
    }
    if (column.is_target() && !column.is_real() && by_steps != options.says_steps()) {
      throw_input(
          "--task {} says a class for each {}, and '{}' of --columns-from {} is one for each {}",
          options.task, options.says_steps() ? "step" : "sequence", column.name,
          options.columns_from.string(), by_steps ? "step" : "sequence");
    }
    if (options.says_captions() && !column.is_target() && column.is_text()) {
      throw_input("--columns-from {}: it reads texts ('{}'), which --task {} does not",
                  options.columns_from.string(), column.name, options.task);
    }
    if (column.is_series != options.is_series()) {
      throw_input("--columns-from {}: its columns are of another task than {}",
                  options.columns_from.string(), options.task);
    }
    for (const std::string& name : column.table_columns()) {
      roles.push_back({name, column.role, column.kind});
    }
    if (!column.group.empty()) options.group = column.group;
    if (!column.time.empty()) options.time = column.time;
  }
  return roles;
}

// Sequences that another split holds too, as the network reads them.
void count_common(const TableSurvey& survey, const std::vector<std::uint8_t>& splits,
                  std::array<TableSplit, 3>& all) {
  std::vector<std::uint64_t> trained;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    if (splits[i] == 0) trained.push_back(survey.hashes[i]);
  }
  std::sort(trained.begin(), trained.end());
  for (std::size_t i = 0; i < splits.size(); ++i) {
    if (splits[i] == 0) continue;
    all[splits[i]].also_in_train +=
        std::binary_search(trained.begin(), trained.end(), survey.hashes[i]) ? 1 : 0;
  }
}

// Which split each sequence is of, and, of series, how many of its steps are context, and whose
// part it is.
struct Assigned {
  std::vector<std::uint8_t> splits;
  std::vector<std::int64_t> contexts = {}, series = {};
};

Assigned assign(const TableOptions& options, TableFiles& files, const TableLook& look, bool known) {
  if (options.says != TableTargets::series) {
    return {assign_splits(options, look.facts, known)};
  }
  files.set_cuts(SeriesCuts(options, known));
  Assigned assigned;
  files.for_each_sequence(look.columns, known, [&](std::size_t, const SequenceValues& values) {
    assigned.splits.push_back(static_cast<std::uint8_t>(values.split));
    assigned.contexts.push_back(values.context);
    assigned.series.push_back(values.series);
  });
  if (!known && std::ranges::find(assigned.splits, 0) == assigned.splits.end()) {
    throw_input("no row is left to train on");
  }
  return assigned;
}

std::array<TableSplit, 3> tell_splits(const TableSurvey& survey, const Assigned& assigned) {
  const std::vector<std::uint8_t>& splits = assigned.splits;
  std::array<TableSplit, 3> all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].name = split_names[i];
    all[i].unknown = survey.unknown[i];
    all[i].missing = survey.missing[i];
    all[i].too_long = survey.too_long[i];
    all[i].classes = survey.classes[i];
  }
  for (std::size_t i = 0; i < splits.size(); ++i) {
    ++all[splits[i]].sequences;
    all[splits[i]].steps += survey.lengths[i];
    if (!assigned.contexts.empty()) all[splits[i]].context += assigned.contexts[i];
  }
  // Parts of series overlap, and what they read of targets is not among the hashes.
  if (assigned.contexts.empty()) count_common(survey, splits, all);
  return all;
}

// Names alone, so that the same table prepared elsewhere gives the same file.
Json names_of(const std::vector<fs::path>& paths) {
  Json names = Json::array();
  for (const fs::path& path : paths) {
    names.push_back((path.has_filename() ? path : path.parent_path()).filename().string());
  }
  return names;
}

std::string describe(const TableOptions& options, const TableSummary& summary) {
  Json sources;
  const std::pair<const char*, const std::vector<fs::path>*> paths[]{
      {"inputs", &options.inputs},
      {"target-inputs", &options.target_inputs},
      {"validation-inputs", &options.validation_inputs},
      {"validation-target-inputs", &options.validation_target_inputs},
      {"test-inputs", &options.test_inputs},
      {"test-target-inputs", &options.test_target_inputs}};
  for (const auto& [name, files] : paths) {
    if (!files->empty()) sources[name] = names_of(*files);
  }
  if (options.columns) sources["columns-from"] = names_of({options.columns_from})[0];
  Json splits;
  for (const TableSplit& split : summary.splits) {
    splits[split.name] = {{"sequences", split.sequences}, {"steps", split.steps}};
  }
  const Json description{
      {"task", options.task}, {"sources", sources}, {"files", summary.files}, {"splits", splits}};
  return description.dump(-1, ' ', false, Json::error_handler_t::replace);
}

NamedState small_state(const TableOptions& options, const TableSummary& summary,
                       const TableSurvey& survey, const Assigned& assigned) {
  const std::vector<std::uint8_t>& splits = assigned.splits;
  NamedState state;
  save_columns(summary.columns, state);
  for (const TableSplit& split : summary.splits) {
    std::vector<std::int64_t> starts{0}, contexts, series;
    for (std::size_t i = 0; i < splits.size(); ++i) {
      if (split_names[splits[i]] != split.name) continue;
      starts.push_back(starts.back() + survey.lengths[i]);
      if (assigned.contexts.empty()) continue;
      contexts.push_back(assigned.contexts[i]);
      series.push_back(assigned.series[i]);
    }
    state.put<std::int64_t>(split.name + "/starts", starts, {starts.size()}).attributes["meaning"] =
        "steps where sequences start, and the end";
    if (!contexts.empty()) {
      state.put<std::int64_t>(split.name + "/context", contexts, {contexts.size()})
          .attributes["meaning"] = "first steps of each that belong to the split before";
      state.put<std::int64_t>(split.name + "/series", series, {series.size()})
          .attributes["meaning"] = "of each the number of its series, the same in all splits";
    }
    if (survey.second_lengths.empty()) continue;
    starts.resize(1);
    for (std::size_t i = 0; i < splits.size(); ++i) {
      if (split_names[splits[i]] != split.name) continue;
      starts.push_back(starts.back() + survey.second_lengths[i]);
    }
    const bool are_letters = letters_among(summary.columns) >= 0;
    state
        .put<std::int64_t>(split.name + (are_letters ? "/letter_starts" : "/target_starts"), starts,
                           {starts.size()})
        .attributes["meaning"] = are_letters ? "letters where sequences start, and the end"
                                             : "own steps where targets start, and the end";
  }
  state.texts["description"] = describe(options, summary);
  return state;
}

}  // namespace

TableSummary prepare_table(const TableOptions& given) {
  TableOptions options = given;
  const bool known = options.columns.has_value();
  TableFiles files(options);
  check_output_place(options.output, files.listed());
  const std::unique_ptr<RecordReader> first = files.open_first();
  if (!known) options.group = group_in(*first, options.group);
  const std::vector<TableRole> roles =
      known ? roles_of(*options.columns, options) : choose_roles(options, *first);
  if (known) {
    const std::string group = group_in(*first, options.group);
    if (group != options.group) options.time.clear();  // the table's own order is that of its steps
    options.group = group;
  }
  files.set_order({options.group, options.time, options.is_series()});
  TableLook look = look_at_tables(options, files, roles, known ? &*options.columns : nullptr);
  std::vector<std::shared_ptr<const FileFeatures>> features;
  for (Column& column : look.columns) {
    features.push_back(column.features);
    if (column.features) column.features = keep_features(column.features, options.output);
  }
  const Assigned assigned = assign(options, files, look, known);
  const std::vector<std::uint8_t>& splits = assigned.splits;
  const TableSurvey survey = survey_tables(options, files, splits, known, look.columns);

  TableSummary summary;
  summary.names_in_first_line = files.first_line_names_columns();
  summary.files = static_cast<std::int64_t>(files.listed().size());
  summary.left_out = files.left_out();
  summary.columns = std::move(look.columns);
  summary.guessed = std::move(look.guessed);
  summary.grown = survey.grown;
  summary.gathered = files.gathered();
  std::array<std::uint64_t, 3> second{};
  for (std::size_t i = 0; i < survey.second_lengths.size(); ++i) {
    second[splits[i]] += static_cast<std::uint64_t>(survey.second_lengths[i]);
  }
  std::vector<SplitSize> sizes;
  for (TableSplit& split : tell_splits(survey, assigned)) {
    sizes.push_back({static_cast<std::uint64_t>(split.sequences),
                     static_cast<std::uint64_t>(split.steps), second[sizes.size()]});
    if (options.says_sequences()) {
      split.target_steps = static_cast<std::int64_t>(sizes.back().second);
    }
    if (split.sequences > 0) summary.splits.push_back(std::move(split));
  }
  summary.lengths = survey.lengths;
  std::sort(summary.lengths.begin(), summary.lengths.end());
  if (options.says_sequences()) {
    for (const std::int32_t steps : survey.second_lengths) {
      summary.target_lengths.push_back(steps - 1);
    }
    std::sort(summary.target_lengths.begin(), summary.target_lengths.end());
  }

  DatasetWriter writer(options.output, small_state(options, summary, survey, assigned),
                       table_arrays(summary.columns, sizes));
  TableWriter to(summary.columns, sizes, writer);
  files.for_each_sequence(summary.columns, known,
                          [&](std::size_t number, const SequenceValues& values) {
                            if (number < splits.size()) to.add(splits[number], values);
                          });
  for (std::size_t i = 0; i < features.size(); ++i) {
    summary.columns[i].features = features[i];  // what was kept gives its room back
  }
  files.check_unchanged();
  to.flush();
  check_output_kind(options.output);
  writer.finish();
  return summary;
}

}  // namespace rondo
