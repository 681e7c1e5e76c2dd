#include "data/text/token_source.hpp"

#include <algorithm>
#include <utility>

#include "rondo/core/errors.hpp"
#include "rondo/data/text_dataset.hpp"

namespace rondo {

void check_documents(const std::vector<std::int64_t>& starts, std::int64_t size,
                     const std::string& where) {
  if (size < 1 || starts.empty() || starts.front() != 0 || starts.back() >= size) {
    throw_input("{}: the first document must start at token 0 and the last one before the end, {}",
                where, size);
  }
  for (std::size_t i = 1; i < starts.size(); ++i) {
    if (starts[i] <= starts[i - 1]) {
      throw_input("{}: document {} starts at token {}, not behind document {} at token {}", where,
                  i, starts[i], i - 1, starts[i - 1]);
    }
  }
}

void check_range(std::int64_t first, std::size_t count, std::int64_t size) {
  if (first < 0 || first > size || count > static_cast<std::uint64_t>(size - first)) {
    throw_run("tokens [{}, {} + {}) were asked for, there are {}", first, first, count, size);
  }
}

namespace {

class MemorySource final : public TokenSource {
 public:
  MemorySource(std::vector<std::int32_t> tokens, std::vector<std::int64_t> documents)
      : tokens_(std::move(tokens)), documents_(std::move(documents)) {
    check_documents(documents_, size(), "token source");
  }
  std::int64_t size() const override { return static_cast<std::int64_t>(tokens_.size()); }
  const std::vector<std::int64_t>& documents() const override { return documents_; }
  void read(std::int64_t first, std::span<std::int32_t> tokens) const override {
    check_range(first, tokens.size(), size());
    std::copy_n(tokens_.begin() + first, tokens.size(), tokens.begin());
  }

 private:
  std::vector<std::int32_t> tokens_;
  std::vector<std::int64_t> documents_;
};

}  // namespace

std::unique_ptr<TokenSource> make_memory_source(std::vector<std::int32_t> tokens,
                                                std::vector<std::int64_t> documents) {
  return std::make_unique<MemorySource>(std::move(tokens), std::move(documents));
}

}  // namespace rondo
