#include "rondo/core/hash.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace rondo {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// The examples of FIPS 180-2.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(bytes_of("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PiecesGiveTheHashOfTheWhole) {
  const std::string text(100000, 'a');
  Sha256 hash;
  for (std::size_t begin = 0; begin < text.size(); begin += 777) {
    hash.update(std::string_view(text).substr(begin, 777));
  }
  EXPECT_EQ(hash.finish(), sha256(bytes_of(text)));
}

}  // namespace
}  // namespace rondo
