#include "apps/predicting/spelling/fusion_options.hpp"

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "apps/options/model_options.hpp"
#include "apps/predicting/start_of_text.hpp"
#include "apps/training/phase.hpp"
#include "apps/words/say.hpp"
#include "io/file_system.hpp"
#include "tasks/decoding/language/network_text_model.hpp"
#include "tasks/decoding/language/ngram_text_models.hpp"
#include "tasks/decoding/language/word_list.hpp"
#include "train/saved/state_transfer.hpp"

namespace rondo::apps {
namespace {

constexpr double usual_weight = 0.5, usual_bonus = 1;
constexpr std::size_t largest_model = std::size_t{8} << 30, largest_list = std::size_t{1} << 30;

// A checkpoint or a run, or else the text of an n-gram model, as rank 0 has read it.
struct LanguageFile {
  std::string where, ngrams;
  NamedState state;
  bool is_network = false;
};

bool is_network(const std::string& asked) {
  const PathKind kind = kind_of(asked);
  if (kind != PathKind::file) return kind != PathKind::other;  // where nothing is, a run is missing
  constexpr std::string_view front = "rondo ";
  const InputFile file(asked);
  std::string bytes(front.size(), ' ');
  if (file.size() < bytes.size()) return false;
  file.read(0, std::as_writable_bytes(std::span(bytes)));
  return bytes == front;
}

LanguageFile read_language_file(const GivenOptions& given) {
  const std::string asked = given.text("language-model");
  LanguageFile file;
  file.where = asked;
  file.is_network = is_network(asked);
  if (file.is_network) {
    ModelFile model = read_model(asked, given.flag("best"), say);
    file.where = model.path.string();
    file.state = std::move(model.state);
  } else {
    file.ngrams = read_small_file(asked, largest_model, "--language-model " + asked);
  }
  return file;
}

std::unique_ptr<tasks::TextModel> network_text_model(const LanguageFile& file, const Column& said,
                                                     ThreadPool& pool) {
  return with_precision(
      file.state, file.where, [&]<class Real>() -> std::unique_ptr<tasks::TextModel> {
        SavedModel<Real> model(file.state, file.where);
        if (!model.task.continues_texts()) {
          throw_input("--language-model {} is a model of the task '{}', and not of texts",
                      file.where, model.task.name());
        }
        const Vocabulary& vocabulary = *model.columns.front().vocabulary;
        tasks::TokensOfTexts tokens =
            tasks::tokens_of_texts(said, vocabulary, start_of_text(vocabulary).front(), file.where);
        return std::make_unique<tasks::NetworkTextModel<Real>>(
            std::move(model.plan), std::move(model.layout), std::move(model.parameters),
            std::move(tokens), pool);
      });
}

std::unique_ptr<tasks::TextModel> open_language_model(const GivenOptions& given, const Column& said,
                                                      Communicator& world, ThreadPool& pool) {
  LanguageFile file;
  phase(world, [&] {
    if (world.rank() == 0) file = read_language_file(given);
  });
  std::int64_t network = file.is_network ? 1 : 0;
  world.maximum({&network, 1});
  broadcast(world, file.where, 0);
  std::unique_ptr<tasks::TextModel> model;
  if (network != 0) {
    file.state = broadcast_state(world, std::move(file.state));
    phase(world, [&] { model = network_text_model(file, said, pool); });
  } else {
    broadcast(world, file.ngrams, 0);
    phase(world, [&] {
      model = tasks::ngram_text_model(tasks::Ngrams(file.ngrams, file.where), said, file.where);
    });
  }
  return model;
}

std::unique_ptr<tasks::TextModel> open_word_list(const GivenOptions& given, const Column& said,
                                                 Communicator& world) {
  const std::string path = given.text("word-list");
  std::string text;
  phase(world, [&] {
    if (world.rank() == 0) text = read_small_file(path, largest_list, "--word-list " + path);
  });
  broadcast(world, text, 0);
  std::unique_ptr<tasks::WordList> list;
  phase(world, [&] {
    list = std::make_unique<tasks::WordList>(text, said, path);
    if (world.rank() != 0 || list->left_out() == 0) return;
    say(fmt::format("{} words of {} have letters that the model does not spell, and are left out",
                    list->left_out(), path));
  });
  return list;
}

}  // namespace

std::vector<Option> fusion_options() {
  static const char* const heading = "texts that steps spell";
  return {
      {"language-model", "PATH",
       "what says how likely a text is in itself: a run or a checkpoint of the task text, or an "
       "n-gram model of characters or words as an ARPA file",
       heading},
      {"language-weight", "X", "weight of its logarithms beside those of the steps", heading,
       fmt::format("{}", usual_weight)},
      {"length-bonus", "X", "what is added for each symbol, as a language model likes short texts",
       heading, fmt::format("{} with --language-model, else 0", usual_bonus)},
      {"word-list", "FILE", "texts have words of this list alone, which has one a line", heading},
  };
}

bool is_fused(const GivenOptions& given) {
  return given.has("language-model") || given.has("word-list") || given.has("length-bonus");
}

std::unique_ptr<tasks::Fusion> open_fusion(const GivenOptions& given, const Column& said,
                                           Communicator& world, ThreadPool& pool) {
  auto fusion = std::make_unique<tasks::Fusion>();
  const bool has_model = given.has("language-model");
  phase(world, [&] {
    if (!has_model && given.has("language-weight")) {
      throw_input("--language-weight is the weight of --language-model, which is not given");
    }
    fusion->weight = given.number("language-weight", usual_weight, {.low = 0, .high = 100});
    fusion->bonus =
        given.number("length-bonus", has_model ? usual_bonus : 0, {.low = -100, .high = 100});
  });
  if (!is_fused(given)) return nullptr;
  if (has_model) fusion->language_model = open_language_model(given, said, world, pool);
  if (given.has("word-list")) fusion->word_list = open_word_list(given, said, world);
  return fusion;
}

std::string outside_list_text(std::int64_t texts) {
  if (texts == 0) return "";
  return fmt::format(
      "{} {} spelt without the word list, as nothing that was kept had its words alone: a wider "
      "--beam keeps more",
      texts, texts == 1 ? "text is" : "texts are");
}

}  // namespace rondo::apps
