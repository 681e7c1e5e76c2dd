// Small training runs whose every bit is compared: by the digest tests, on any communicator.
//
// The one: two layers of a width that is no multiple of anything, dropout, clipping, Adam, resets
// inside windows, a ragged last window, epochs that wrap, 11 blocks that no rank count divides. The
// other, the wide one: more classes, and more losses in a block, than a chunk of a sum has.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "digest_configs.hpp"
#include "digest_data.hpp"
#include "digest_sequences.hpp"
#include "rondo/comm/communicator.hpp"
#include "rondo/core/hash.hpp"
#include "rondo/data/stream_windows.hpp"
#include "rondo/io/digests.hpp"
#include "rondo/kernels/targets/target.hpp"
#include "rondo/tasks/generator.hpp"
#include "rondo/train/trainer.hpp"
#include "tasks/decoding/judge.hpp"
#include "tasks/decoding/language/fusion.hpp"
#include "tasks/decoding/language/ngram_text_models.hpp"
#include "tasks/decoding/said_column.hpp"
#include "test_name.hpp"

namespace rondo::test {

struct Digests {
  std::string parameters, state, validation, text;
  bool operator==(const Digests&) const = default;
};

// The committed digests of that name.
inline Digests golden(const std::string& wanted) {
  std::ifstream file(RONDO_DIGEST_GOLDENS);
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name;
    Digests digests;
    words >> name >> digests.parameters >> digests.state >> digests.validation >> digests.text;
    if (name == wanted) return digests;
  }
  return {};
}

inline void expect_golden(const std::string& name, const Digests& digests) {
  const Digests expected = golden(name);
  EXPECT_EQ(digests.parameters, expected.parameters);
  EXPECT_EQ(digests.state, expected.state);
  EXPECT_EQ(digests.validation, expected.validation);
  EXPECT_EQ(digests.text, expected.text);
}

inline std::string digest_of(const std::vector<std::vector<std::int32_t>>& texts) {
  std::vector<std::int32_t> symbols;
  for (const auto& text : texts) {
    symbols.push_back(static_cast<std::int32_t>(text.size()));
    symbols.insert(symbols.end(), text.begin(), text.end());
  }
  return to_hex(sha256(std::as_bytes(std::span(symbols)))).substr(0, 16);
}

// Of what a trainer says of the validation split, by a beam.
template <class Real>
std::string digest_of_texts(Trainer<Real>& trainer, const Dataset& data, Communicator& world,
                            ThreadPool& pool) {
  const tasks::MakeScorer voter = [&](int lanes, int times) {
    return std::make_unique<tasks::NetworkScorer<Real>>(trainer.model(), trainer.layout(),
                                                        trainer.evaluated_parameters().data(),
                                                        lanes, times, pool);
  };
  tasks::Judged judged;
  judged.decode = tasks::usual_search(*tasks::said_column_of(data.columns()));
  judged.decode.beam = 3;
  judged.lengths = tasks::usual_lengths(data.columns());
  return digest_of(tasks::texts_of({&voter, 1}, *data.split("validation"), data.columns(), judged,
                                   world, pool, [] {}));
}

// What is known of texts of the letters a, b and c: b comes after a, and c after b.
inline tasks::Fusion made_up_fusion(const Column& said) {
  constexpr std::string_view arpa =
      "\\data\\\nngram 1=6\nngram 2=3\n\n"
      "\\1-grams:\n-99 <s> -0.1\n-0.9 </s>\n-2 <unk>\n-0.6 a -0.3\n-0.7 b -0.2\n-0.8 c -0.5\n\n"
      "\\2-grams:\n-0.2 <s> a\n-0.1 a b\n-0.15 b c\n\n\\end\\\n";
  tasks::Fusion fusion;
  fusion.language_model = tasks::ngram_text_model(tasks::Ngrams(arpa, "made up"), said, "made up");
  fusion.weight = 0.7;
  fusion.bonus = 0.4;
  return fusion;
}

// Of what the validation split's steps spell, by a beam: as the steps have it, and then with what
// is known of texts.
template <class Real>
std::string digest_of_spellings(Trainer<Real>& trainer, const Dataset& data, Communicator& world,
                                ThreadPool& pool) {
  const auto split = data.split("validation");
  EvaluationShape shape;
  shape.lanes = 22;
  shape.block = 2;
  shape.window = 13;
  shape.thinning = trainer.model().thinning();
  shape.longest = split->longest_windows(shape.layout(shape.plan(1), 0));
  Evaluator<Real> evaluator(trainer.model(), trainer.layout(),
                            trainer.evaluated_parameters().data(), shape, world);
  const auto spell = [&](const tasks::Fusion* fusion) {
    return evaluator.spell(*split, data.columns(), 3, pool, nullptr, {}, nullptr, fusion)->texts;
  };
  auto texts = spell(nullptr);
  const tasks::Fusion fusion = made_up_fusion(*tasks::said_column_of(data.columns()));
  const auto fused = spell(&fusion);
  EXPECT_NE(fused, texts);
  texts.insert(texts.end(), fused.begin(), fused.end());
  return digest_of(texts);
}

// Digests of a trainer as it stands, the same on every rank. Collective.
template <class Real>
Digests digests_of(Trainer<Real>& trainer, const Dataset& data, Communicator& world,
                   ThreadPool& pool) {
  Digests digests;
  digests.validation = fmt::format("{:a}", trainer.validate().loss);
  const NamedState state = trainer.save();
  if (world.rank() == 0) {
    digests.parameters = parameter_digest(state);
    digests.state = state_digest(state);
  }
  broadcast(world, digests.parameters, 0);
  broadcast(world, digests.state, 0);
  if (data.task().sequence_targets(data.columns())) {  // which says no text
    digests.text = "-";
    return digests;
  }
  if (data.task().spells()) {
    digests.text = digest_of_spellings(trainer, data, world, pool);
    return digests;
  }
  if (tasks::said_column_of(data.columns()) != nullptr) {
    digests.text = digest_of_texts(trainer, data, world, pool);
    return digests;
  }
  std::string text;
  const std::vector<std::int32_t> prompt = {0, 1, 2};
  GenerateOptions options;
  options.length = 60;
  options.temperature = 0.9;
  options.seed = 3;
  generate<Real>(trainer.model(), trainer.layout(), trainer.evaluated_parameters().data(), prompt,
                 options, pool, [&](std::int32_t token) {
                   text += data.columns()[0].vocabulary->decode({&token, 1});
                 });
  digests.text = to_hex(sha256(std::as_bytes(std::span(text)))).substr(0, 16);
  return digests;
}

// What the run is large enough for: more than three pieces of the reducer.
inline void expect_pieces(const Config& config, const Dataset& data) {
  const ParameterLayout layout = data.model(config).layout();
  EXPECT_GT(layout.size(), 3 * default_piece_elements);
}

// The steps reach a ragged last window and the epoch after it.
inline void expect_wrapped_epoch(const Config& config, const Dataset& data) {
  const auto training = data.split("train");
  const std::int64_t tokens = dynamic_cast<const StreamWindows&>(*training).tokens().size();
  const std::int64_t lane = (tokens + config.lanes - 1) / config.lanes;
  EXPECT_NE(lane % config.window, 0);
  EXPECT_GT(golden_steps, lane / config.window + 1);
}

// `steps` steps from the start. `resume_at` > 0: the run is saved there and goes on in a trainer of
// its own. Collective.
inline Digests digest_run(Communicator& world, const Config& config, const Dataset& data,
                          int threads, std::int64_t steps, std::int64_t resume_at = 0) {
  ThreadPool pool(threads, kernels::set_float_mode);
  auto trainer = std::make_unique<Trainer<float>>(config, data, world, pool, nullptr);
  for (std::int64_t step = 0; step < steps; ++step) {
    if (resume_at > 0 && step == resume_at) {
      const NamedState state = trainer->save();
      trainer = std::make_unique<Trainer<float>>(config, data, world, pool, nullptr);
      trainer->restore(state);
    }
    trainer->step();
  }
  return digests_of(*trainer, data, world, pool);
}

}  // namespace rondo::test
