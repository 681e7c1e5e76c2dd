// A language model of rondo's, asked about texts.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rondo/core/buffer.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/core/thread_pool.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/model/network_plan.hpp"
#include "tasks/decoding/language/text_model.hpp"
#include "tasks/decoding/language/token_lanes.hpp"

namespace rondo::tasks {

// How the texts of a column are told to a language model of another vocabulary.
struct TokensOfTexts {
  std::int32_t start = 0;             // read before each text
  std::int32_t end = -1;              // ends each text; -1: the model foresees no end
  std::vector<std::int32_t> symbols;  // of each of the column's; -1: one that is never said
};

// Symbols are the same by their names, what the model does not know is its <unk>. A text begins
// behind the token `start`, and ends with the end of a line, where the model knows one and the
// column does not. InputError, with `where` in front, for a model of other units than the column's,
// and for a symbol that it neither knows nor has an <unk> for.
TokensOfTexts tokens_of_texts(const Column& said, const Vocabulary& model, std::int32_t start,
                              const std::string& where);

template <class Real>
class NetworkTextModel final : public TextModel {
 public:
  // `layout` is the plan's, `parameters` are of it.
  NetworkTextModel(NetworkPlan plan, ParameterLayout layout, Buffer<Real> parameters,
                   TokensOfTexts tokens, ThreadPool& pool);

  void begin(int lanes, int most) override;
  void go_on(std::span<const std::int32_t> from, std::span<const std::int32_t> symbols) override;
  void next(int lane, std::span<double> to) const override;
  double end(int lane) const override { return ends_[static_cast<std::size_t>(lane)]; }

 private:
  // Of the first lanes, which have read, the logarithms of the probabilities of all tokens.
  void foresee(std::size_t lanes);

  NetworkPlan plan_;
  ParameterLayout layout_;
  Buffer<Real> parameters_;
  TokensOfTexts tokens_;
  ThreadPool& pool_;
  int most_ = 0;
  std::unique_ptr<TokenLanes<Real>> lanes_;  // `most_` of them
  std::vector<std::vector<double>> known_;   // [lane that has read][token]
  std::vector<double> ends_;                 // of each lane
};

}  // namespace rondo::tasks
