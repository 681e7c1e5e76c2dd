// Where the documents of each part start, counted in tokens, for levels whose tokens are not
// characters.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "data/text/split_plan.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

class DocumentOffsets {
 public:
  void add(std::int64_t tokens) { tokens_ += tokens; }
  void end_document() {
    if (tokens_ > offsets_.back()) offsets_.push_back(tokens_);  // without tokens it is none
  }
  void end_part() {
    end_document();
    parts_.push_back(std::exchange(offsets_, {0}));
    tokens_ = 0;
  }
  std::size_t part() const { return parts_.size(); }  // that is being counted

  // `parts`, which count characters, in tokens; InputError for one without any, which are called
  // `what`.
  std::vector<Part> in_tokens(const std::vector<Part>& parts, const char* what) const {
    std::vector<Part> counted;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts_[i].size() < 2)
        throw_input("the split '{}' would hold no {}", parts[i].split, what);
      counted.push_back({parts[i].split, 0, parts_[i].back(), parts_[i]});
    }
    return counted;
  }

 private:
  std::vector<std::vector<std::int64_t>> parts_;  // of each: the documents' starts, and the end
  std::vector<std::int64_t> offsets_{0};
  std::int64_t tokens_ = 0;
};

}  // namespace rondo
