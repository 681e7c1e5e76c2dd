#include "rondo/data/prepare_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "data/levels/text_level.hpp"
#include "data/prepare_output.hpp"
#include "data/text/split_plan.hpp"
#include "data/text/text_files.hpp"
#include "data/text/text_passes.hpp"
#include "io/file_system.hpp"
#include "io/output_file.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/data/text_dataset.hpp"
#include "rondo/io/dataset_file.hpp"

namespace rondo {
namespace {

namespace fs = std::filesystem;

// The inputs' files. Standard input, which can be read only once, becomes a hidden file beside the
// output that goes with this object.
class Listing {
 public:
  explicit Listing(const PrepareOptions& options) : options_(options) {}

  std::vector<TextFile> list(const std::vector<fs::path>& inputs) {
    std::vector<TextFile> files;
    for (const fs::path& input : inputs) {
      if (input == "-") {
        files.push_back(standard_input());
        continue;
      }
      const std::vector<TextFile> of_input = list_text_files({input}, &left_out_);
      files.insert(files.end(), of_input.begin(), of_input.end());
    }
    return files;
  }

  // What of folders was not listed.
  const std::vector<fs::path>& left_out() const { return left_out_; }

 private:
  TextFile standard_input() {
    if (kept_) throw_input("standard input (\"-\") can be read only once: name it once");
    check_output_place(options_.output, {});
    options_.at_work("reading standard input");
    kept_.emplace(options_.output.parent_path() / "standard-input");
    std::vector<std::byte> piece(std::size_t{1} << 20);
    for (std::uint64_t at = 0;;) {
      const ssize_t got = ::read(STDIN_FILENO, piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw_input("standard input cannot be read: {}", strerror(errno));
      if (got == 0) break;
      kept_->write(at, std::span(piece).first(static_cast<std::size_t>(got)));
      at += static_cast<std::uint64_t>(got);
    }
    TextFile file = list_text_files({kept_->path()}).front();
    file.name = "standard input";
    return file;
  }

  const PrepareOptions& options_;
  std::vector<fs::path> left_out_;
  std::optional<TemporaryFile> kept_;
};

DocumentRule document_rule(const PrepareOptions& options) {
  using Unit = DocumentRule::Unit;
  constexpr std::array<std::pair<const char*, Unit>, 4> units{{{"files", Unit::files},
                                                               {"lines", Unit::lines},
                                                               {"paragraphs", Unit::paragraphs},
                                                               {"stream", Unit::stream}}};
  const auto unit = std::find_if(units.begin(), units.end(), [&](const auto& named) {
    return options.documents == named.first;
  });
  if (unit == units.end()) {
    throw_input("--documents takes files, lines, paragraphs or stream, not \"{}\"",
                options.documents);
  }
  if (unit->second != Unit::files && options.document_separator) {
    throw_input(
        "--document-separator cuts files into documents: it does not go with --documents {}",
        options.documents);
  }
  return {unit->second, options.document_separator};
}

// Names alone, so that the same text prepared elsewhere gives the same file.
nlohmann::json names_of(const std::vector<fs::path>& paths) {
  auto names = nlohmann::json::array();
  for (const fs::path& path : paths) {
    // "texts/" has an empty last part.
    names.push_back((path.has_filename() ? path : path.parent_path()).filename().string());
  }
  return names;
}

std::string describe(const PrepareOptions& options, const PrepareSummary& summary) {
  const bool in_tokens = !summary.level.are_characters;
  nlohmann::json splits;
  for (const PreparedSplit& split : summary.splits) {
    nlohmann::json& told = splits[split.name];
    told = {{"documents", split.documents},
            {"characters", split.characters},
            {"targets", split.targets()}};
    if (!in_tokens) continue;
    told["tokens"] = split.tokens;
    told["unknown"] = split.unknown;
  }
  nlohmann::json sources{{"inputs", names_of(options.inputs)}};
  if (!options.validation_inputs.empty()) {
    sources["validation-inputs"] = names_of(options.validation_inputs);
  }
  if (!options.test_inputs.empty()) sources["test-inputs"] = names_of(options.test_inputs);
  if (options.vocabulary) sources["vocabulary-from"] = names_of({options.vocabulary_from})[0];
  nlohmann::json description{{"task", "text"},
                             {"level", summary.level.name},
                             {"sources", sources},
                             {"files", summary.files},
                             {"documents", summary.documents},
                             {"characters", summary.characters},
                             {"vocabulary_size", summary.vocabulary_size},
                             {"splits", splits}};
  if (in_tokens) description["tokens"] = summary.tokens;
  if (options.documents != "files") description["documents_are"] = options.documents;
  // A file name need not be UTF-8, JSON must be.
  return description.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

NamedState small_arrays(const PrepareSummary& summary, const TextLevel& level,
                        const std::vector<Part>& parts) {
  NamedState state;
  level.vocabulary().save(state);
  const std::vector<std::int64_t> counts = level.counts();
  state.put<std::int64_t>("vocabulary/counts", counts, {counts.size()}).attributes["meaning"] =
      std::string("occurrences of each token in ") + level.counted_in();
  for (const Part& part : parts) {
    state.put<std::int64_t>(part.split + "/documents", part.documents, {part.documents.size()})
        .attributes["meaning"] = "token offsets where documents start, and the end";
  }
  if (summary.level.are_characters) return state;  // they need no numbers of their own
  for (const PreparedSplit& split : summary.splits) {
    state.put_scalar<std::int64_t>(split.name + "/characters", split.characters);
  }
  return state;
}

// The same parts in characters and in tokens.
PrepareSummary summarise(std::size_t files, const TextLevel& level,
                         const std::vector<Part>& in_characters,
                         const std::vector<Part>& in_tokens) {
  PrepareSummary summary;
  summary.files = static_cast<std::int64_t>(files);
  summary.level = level.vocabulary().traits();
  summary.vocabulary_size = level.vocabulary().size();
  for (const std::string_view name : split_names) {
    for (std::size_t i = 0; i < in_tokens.size(); ++i) {
      const Part& part = in_tokens[i];
      if (part.split != name) continue;
      const auto documents = static_cast<std::int64_t>(part.documents.size()) - 1;
      const std::int64_t characters = in_characters[i].size();
      summary.splits.push_back({part.split, documents, part.size(), characters, level.unknown(i)});
      summary.documents += documents;
      summary.tokens += part.size();
      summary.characters += characters;
    }
  }
  return summary;
}

}  // namespace

PrepareSummary prepare_text(const PrepareOptions& options) {
  TextSurvey survey;
  const std::unique_ptr<TextLevel> level = make_text_level(options, survey);
  const DocumentRule rule = document_rule(options);
  if (options.inputs.empty()) throw_input("no input is named: give --input PATH");
  Listing listing(options);
  const std::array groups{listing.list(options.inputs), listing.list(options.validation_inputs),
                          listing.list(options.test_inputs)};
  std::vector<TextFile> files;
  for (const auto& group : groups) files.insert(files.end(), group.begin(), group.end());
  check_output_place(options.output, files);

  options.at_work("counting characters");
  GroupDocuments documents;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    documents[i] = survey.count({groups[i], rule});
  }
  if (documents[0].empty()) {
    throw_input("there is no text in {}{}", options.inputs[0].string(),
                options.inputs.size() > 1 ? " and the other inputs" : "");
  }
  const std::vector<Part> parts =
      plan_splits(options, documents, [&](std::string_view marks, auto positions) {
        return find_ends({groups[0], rule}, marks, positions);
      });
  const TextInput input{files, rule};
  const std::vector<Part> in_tokens = level->survey(input, parts);
  PrepareSummary summary = summarise(files.size(), *level, parts, in_tokens);
  summary.left_out = listing.left_out();

  options.at_work("writing the data set");
  const ElementType type = summary.vocabulary_size <= 256     ? ElementType::uint8
                           : summary.vocabulary_size <= 65536 ? ElementType::uint16
                                                              : ElementType::int32;
  std::vector<DatasetWriter::Large> large;
  large.reserve(in_tokens.size());
  for (const Part& part : in_tokens) {
    large.push_back({part.split + "/tokens", type, static_cast<std::uint64_t>(part.size())});
  }
  NamedState small = small_arrays(summary, *level, in_tokens);
  small.texts["description"] = describe(options, summary);
  DatasetWriter writer(options.output, small, std::move(large));
  level->write(input, parts, type, writer);
  check_output_kind(options.output);
  writer.finish();
  summary.fingerprint = DatasetReader(options.output).fingerprint();
  return summary;
}

}  // namespace rondo
