// `rondo generate`: text from a checkpoint, the text alone on standard output.
#include <fmt/format.h>

#include "apps/commands.hpp"
#include "apps/options/model_options.hpp"
#include "apps/options/options.hpp"
#include "apps/predicting/start_of_text.hpp"
#include "apps/words/say.hpp"
#include "rondo/core/streams.hpp"
#include "rondo/tasks/generator.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo::apps {
namespace {

const char* where_nothing_is_drawn(const GivenOptions& given) {
  return given.number("temperature", 1, {}) == 0 ? "--temperature 0 draws nothing" : nullptr;
}

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "generate",
      .summary = "Writes text that a trained model makes up, the same text anywhere for a seed.",
      .example =
          "  rondo generate --checkpoint runs/kjv --prompt \"In the beginning \" --length 400\n",
      .positional = "",
      .options =
          {
              checkpoint_option(),
              best_option(best_of_a_file),
              average_checkpoints_option(),
              {.name = "prompt",
               .value_name = "TEXT",
               .help = "what the text goes on from; words that the model does not know count as "
                       "<unk>",
               .default_text = "none: as a text begins, behind the end of a line"},
              {.name = "length",
               .value_name = "N",
               .help = "characters to write, or words or subwords",
               .default_text = "400"},
              {.name = "temperature",
               .value_name = "X",
               .help = "below 1: likelier text, above 1: more varied; 0: always the likeliest",
               .default_text = "0.7"},
              {.name = "top-k",
               .value_name = "N",
               .help = "draw from the N likeliest alone; 0: from all",
               .default_text = "0",
               .idle = where_nothing_is_drawn},
              {.name = "top-p",
               .value_name = "X",
               .help = "draw from the fewest that hold a share X of the probability",
               .default_text = "1",
               .idle = where_nothing_is_drawn},
              {.name = "samples",
               .value_name = "N",
               .help = "texts to write, a line \"----\" between them",
               .default_text = "1"},
              {.name = "seed",
               .value_name = "N",
               .help = "another seed, another text",
               .default_text = "1",
               .idle = where_nothing_is_drawn},
              vector_option(),
          },
  };
  return line;
}

void print_samples(const Vocabulary& vocabulary, const std::vector<std::int32_t>& prompt,
                   const std::vector<std::vector<std::int32_t>>& texts) {
  const char* before = "";
  for (const std::vector<std::int32_t>& text : texts) {
    std::vector<std::int32_t> whole = prompt;
    whole.insert(whole.end(), text.begin(), text.end());
    print_result("{}{}\n", before, vocabulary.decode(whole));
    before = "----\n";
  }
}

}  // namespace

const CommandLine& generate_command_line() { return command_line(); }

int run_generate(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"checkpoint"});
  GenerateOptions options;
  options.length = given.integer("length", 400, 0, std::int64_t{1} << 40);
  options.temperature = given.number("temperature", 0.7, {.low = 0, .high = 100});
  options.top_k = given.integer("top-k", 0, 0, std::int64_t{1} << 31);
  options.top_p = given.number("top-p", 1, {.low = 0, .high = 1, .low_open = true});
  options.seed = given.seed("seed", 1);
  const auto samples = static_cast<int>(given.integer("samples", 1, 1, 4096));
  say_if_any(idle_options(command_line(), given));
  choose_kernels(given);
  const ModelFile file = read_asked_model(given, given.text("checkpoint"));
  const std::filesystem::path& path = file.path;
  const NamedState& state = file.state;
  with_precision(state, path.string(), [&]<class Real>() {
    const SavedModel<Real> model(state, path.string());
    if (!model.task.continues_texts()) {
      throw_input("{} is a model of the task '{}': rondo predict gives its answers", path.string(),
                  model.task.name());
    }
    const Vocabulary& vocabulary = *model.columns.front().vocabulary;
    std::vector<std::int32_t> prompt;  // what is printed of what the model reads
    std::vector<std::int32_t> before = start_of_text(vocabulary);
    if (given.has("prompt")) before = prompt = vocabulary.encode(given.text("prompt"));
    options.never = vocabulary.unknown();
    for (const std::string& word : vocabulary.unknown_in(given.text("prompt"))) {
      say(fmt::format("\"{}\" is not in the model's vocabulary of {} words; it is read as {}", word,
                      vocabulary.size(), vocabulary.decode({&options.never, 1})));
    }
    ThreadPool pool(1);
    if (samples > 1) {
      const auto texts = generate_samples<Real>(model.plan, model.layout, model.parameters.data(),
                                                before, options, samples, pool);
      print_samples(vocabulary, prompt, texts);
      return;
    }
    const std::unique_ptr<Vocabulary::Printer> printer = vocabulary.printer();
    for (const std::int32_t token : prompt) print_result("{}", printer->print(token));
    flush_results();
    generate<Real>(model.plan, model.layout, model.parameters.data(), before, options, pool,
                   [&](std::int32_t token) {
                     print_result("{}", printer->print(token));
                     flush_results();
                   });
    print_result("\n");
  });
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
