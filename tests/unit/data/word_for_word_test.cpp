#include "data/baselines/word_for_word.hpp"

#include <gtest/gtest.h>

namespace rondo {
namespace {

// Two pairs leave open which of their words says which; a third, by itself, tells.
TEST(WordForWord, LearnsWhatSymbolsStandForFromPairsThatShareThem) {
  // the house / la casa; the book / el libro: house = 1, book = 2, the = 0
  const std::vector<std::int32_t> read{0, 1, 0, 2, 1};
  const std::vector<std::int64_t> read_starts{0, 2, 4, 5};
  const std::vector<std::int32_t> said{5, 6, 5, 7, 6};
  const std::vector<std::int64_t> said_starts{0, 2, 4, 5};
  const WordForWord words({read, read_starts}, 4, {said, said_starts}, 20);
  EXPECT_EQ(words.say(std::vector<std::int32_t>{2, 0, 1, 3}),
            (std::vector<std::int32_t>{7, 5, 6}));  // 3 was never read
}

// One round from equal shares, by hand: each pair shares its symbols out among its own and none.
TEST(WordForWord, CountsOneRoundAsByHand) {
  const std::vector<std::int32_t> read{0, 1, 0};
  const std::vector<std::int64_t> read_starts{0, 2, 3};
  const std::vector<std::int32_t> said{2, 3, 2};
  const std::vector<std::int64_t> said_starts{0, 2, 3};
  // 0: 2 has 1/3 + 1/2, 3 has 1/3; 1: 2 and 3 have 1/3 each, the lower number first.
  const WordForWord words({read, read_starts}, 2, {said, said_starts}, 1);
  EXPECT_EQ(words.say(std::vector<std::int32_t>{0, 1}), (std::vector<std::int32_t>{2, 2}));
}

TEST(WordForWord, LearnsNothingFromWhatIsNotGiven) {
  const std::vector<std::int32_t> read{0, 1};
  const std::vector<std::int64_t> starts{0, 1, 2};
  const std::vector<std::int32_t> said{1};
  const std::vector<std::int64_t> said_starts{0, 1, 1};
  const WordForWord words({read, starts}, 2, {said, said_starts});
  EXPECT_EQ(words.say(read), (std::vector<std::int32_t>{1}));
}

}  // namespace
}  // namespace rondo
