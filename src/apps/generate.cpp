// `rondo generate`: text from a checkpoint, the text alone on standard output.
#include <fmt/format.h>

#include <cstdio>

#include "apps/commands.hpp"
#include "apps/options.hpp"
#include "apps/say.hpp"
#include "rondo/kernels/target.hpp"
#include "rondo/train/generator.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo::apps {
namespace {

const CommandLine& command_line() {
  static const CommandLine line = {
      .command = "generate",
      .summary = "Writes text that a trained model makes up, the same text anywhere for a seed.",
      .example =
          "  rondo generate --checkpoint runs/kjv --prompt \"In the beginning \" --length 400\n",
      .positional = "",
      .options =
          {
              {.name = "checkpoint",
               .value_name = "PATH",
               .help = "a checkpoint, or a run's folder: its newest good one"},
              {.name = "best", .value_name = "", .help = "the best checkpoint of the run"},
              {.name = "prompt",
               .value_name = "TEXT",
               .help = "what the text goes on from; words that the model does not know count as "
                       "<unk>"},
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
               .default_text = "0"},
              {.name = "top-p",
               .value_name = "X",
               .help = "draw from the fewest that hold a share X of the probability",
               .default_text = "1"},
              {.name = "samples",
               .value_name = "N",
               .help = "texts to write, a line \"----\" between them",
               .default_text = "1"},
              {.name = "seed",
               .value_name = "N",
               .help = "another seed, another text",
               .default_text = "1"},
              {.name = "vector",
               .value_name = "NAME",
               .help = "vector instructions: auto, avx2, avx512, neon",
               .default_text = "auto"},
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
    fmt::print("{}{}\n", before, vocabulary.decode(whole));
    before = "----\n";
  }
}

}  // namespace

int run_generate(const std::vector<std::string>& arguments) {
  if (help_wanted(command_line(), arguments)) return static_cast<int>(ExitCode::finished);
  const GivenOptions given = parse_options(command_line(), arguments);
  require_options(command_line(), given, {"checkpoint", "prompt"});
  GenerateOptions options;
  options.length = given.integer("length", 400, 0, std::int64_t{1} << 40);
  options.temperature = given.number("temperature", 0.7, {.low = 0, .high = 100});
  options.top_k = given.integer("top-k", 0, 0, std::int64_t{1} << 31);
  options.top_p = given.number("top-p", 1, {.low = 0, .high = 1, .low_open = true});
  options.seed = given.seed("seed", 1);
  const auto samples = static_cast<int>(given.integer("samples", 1, 1, 4096));
  kernels::select_target(given.text("vector", "auto"));
  kernels::set_float_mode();
  kernels::prove_target();
  const ModelFile file = read_model(given.text("checkpoint"), given.flag("best"), say);
  const std::filesystem::path& path = file.path;
  const NamedState& state = file.state;
  with_precision(state, path.string(), [&]<class Real>() {
    const SavedModel<Real> model(state, path.string());
    const Vocabulary& vocabulary = *model.vocabulary;
    const std::vector<std::int32_t> prompt = vocabulary.encode(given.text("prompt"));
    options.never = vocabulary.unknown();
    for (const std::string& word : vocabulary.unknown_in(given.text("prompt"))) {
      say(fmt::format("\"{}\" is not in the model's vocabulary of {} words; it is read as {}", word,
                      vocabulary.size(), vocabulary.decode({&options.never, 1})));
    }
    ThreadPool pool(1);
    if (samples > 1) {
      const auto texts = generate_samples<Real>(model.shape, model.layout, model.parameters.data(),
                                                prompt, options, samples, pool);
      print_samples(vocabulary, prompt, texts);
      return;
    }
    const std::unique_ptr<Vocabulary::Printer> printer = vocabulary.printer();
    for (const std::int32_t token : prompt) fmt::print("{}", printer->print(token));
    std::fflush(stdout);
    generate<Real>(model.shape, model.layout, model.parameters.data(), prompt, options, pool,
                   [&](std::int32_t token) {
                     fmt::print("{}", printer->print(token));
                     std::fflush(stdout);
                   });
    fmt::print("\n");
  });
  if (std::ferror(stdout) != 0) throw_run("the text could not be written to standard output");
  return static_cast<int>(ExitCode::finished);
}

}  // namespace rondo::apps
