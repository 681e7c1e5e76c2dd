#include "data/baselines/word_for_word.hpp"

#include <algorithm>

namespace rondo {
namespace {

struct Share {
  std::int32_t said = 0;
  double share = 1, sum = 0;
};

// Of each symbol that is read, and of none behind them: shares of what it may say, by number.
using Shares = std::vector<std::vector<Share>>;

Shares all_pairs(const WordForWord::Side& read, std::int32_t read_symbols,
                 const WordForWord::Side& said) {
  std::vector<std::vector<std::int32_t>> together(static_cast<std::size_t>(read_symbols) + 1);
  const auto make_unique = [](std::vector<std::int32_t>& symbols) {
    std::ranges::sort(symbols);
    symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  };
  std::vector<std::size_t> unique_ones(together.size());
  const auto add = [&](std::size_t symbol, std::span<const std::int32_t> own) {
    std::vector<std::int32_t>& to = together[symbol];
    to.insert(to.end(), own.begin(), own.end());
    constexpr std::size_t few = 1024;
    if (to.size() < 2 * unique_ones[symbol] + few) return;
    make_unique(to);
    unique_ones[symbol] = to.size();
  };
  for (std::size_t i = 0; i + 1 < read.starts.size(); ++i) {
    for (const std::int32_t symbol : read.sequence(i)) {
      add(static_cast<std::size_t>(symbol), said.sequence(i));
    }
    add(together.size() - 1, said.sequence(i));
  }
  Shares shares;
  for (std::vector<std::int32_t>& own : together) {
    make_unique(own);
    shares.emplace_back();
    for (const std::int32_t symbol : own) shares.back().push_back({symbol});
  }
  return shares;
}

Share& of(std::vector<Share>& shares, std::int32_t said) {
  return *std::ranges::lower_bound(shares, said, {}, &Share::said);
}

// One round: each symbol that is said is shared out among those that may have said it.
void learn(const WordForWord::Side& read, const WordForWord::Side& said, Shares& shares) {
  std::vector<Share*> by;
  for (std::size_t i = 0; i + 1 < read.starts.size(); ++i) {
    for (const std::int32_t symbol : said.sequence(i)) {
      by.clear();
      for (const std::int32_t one : read.sequence(i)) {
        by.push_back(&of(shares[static_cast<std::size_t>(one)], symbol));
      }
      by.push_back(&of(shares.back(), symbol));
      double all = 0;
      for (const Share* each : by) all += each->share;
      for (Share* each : by) each->sum += each->share / all;
    }
  }
  for (std::vector<Share>& own : shares) {
    double all = 0;
    for (const Share& each : own) all += each.sum;
    for (Share& each : own) {
      each.share = each.sum / all;
      each.sum = 0;
    }
  }
}

}  // namespace

WordForWord::WordForWord(const Side& read, std::int32_t read_symbols, const Side& said,
                         int rounds) {
  Shares shares = all_pairs(read, read_symbols, said);
  for (int round = 0; round < rounds; ++round) learn(read, said, shares);
  shares.pop_back();
  for (const std::vector<Share>& own : shares) {
    const auto most = std::ranges::max_element(own, {}, &Share::share);
    likeliest_.push_back(most == own.end() ? -1 : most->said);
  }
}

std::vector<std::int32_t> WordForWord::say(std::span<const std::int32_t> read) const {
  std::vector<std::int32_t> said;
  for (const std::int32_t symbol : read) {
    const std::int32_t likeliest = likeliest_[static_cast<std::size_t>(symbol)];
    if (likeliest >= 0) said.push_back(likeliest);
  }
  return said;
}

}  // namespace rondo
