#include "io/safetensors.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rondo/core/errors.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

NamedState example() {
  NamedState state;
  const float weights[] = {1.0F, -0.0F, 0.5F, 3.0F, 4.0F, 5.0F};
  const std::int64_t step = 7;
  state.put<float>("rnn.weight", weights, {2, 3});
  state.put_scalar<std::int64_t>("count", step);
  state.texts = {{"task", "text"}, {"format", "pt"}};
  return state;
}

// A file of a header and as many bytes.
std::string file_of(const std::string& header, std::size_t bytes) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(bytes, '\0');
}

TEST(Safetensors, AreTheFormatsBytes) {
  const std::string bytes = safetensors_bytes(example());
  const std::string header = R"({"__metadata__":{"format":"pt","task":"text"},)"
                             R"("count":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                             R"("rnn.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]}})";
  const std::size_t padded = (header.size() + 7) / 8 * 8;
  EXPECT_EQ(static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])), padded);
  EXPECT_EQ(bytes.substr(8, header.size()), header);
  EXPECT_EQ(bytes.substr(8 + header.size(), padded - header.size()),
            std::string(padded - header.size(), ' '));
  EXPECT_EQ(bytes.size(), 8 + padded + 32);
  EXPECT_EQ(bytes.substr(8 + padded, 8), std::string("\7\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(bytes.substr(8 + padded + 12, 4), std::string("\0\0\0\x80", 4));
}

TEST(Safetensors, ComeBackInAllBits) {
  const TemporaryFolder folder;
  write_bytes(folder / "a", safetensors_bytes(example()));
  ASSERT_TRUE(is_safetensors(folder / "a"));
  const NamedState back = read_safetensors(folder / "a");
  EXPECT_EQ(digest(back, ""), digest(example(), ""));
  EXPECT_EQ(back.texts, example().texts);
  EXPECT_EQ(safetensors_bytes(back), safetensors_bytes(example()));
}

TEST(Safetensors, OfOthersMayLieInAnyOrder) {
  const TemporaryFolder folder;
  write_bytes(folder / "a", file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},)"
                                    R"("b":{"shape":[1,1],"data_offsets":[0,1],"dtype":"U8"},)"
                                    R"("c":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})",
                                    3));
  const NamedState state = read_safetensors(folder / "a");
  EXPECT_EQ(state.get("a").shape, (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(state.get("c").elements(), 0U);
}

TEST(Safetensors, NameWhatIsWrong) {
  const TemporaryFolder folder;
  const auto said = [&](const std::string& bytes) {
    write_bytes(folder / "a", bytes);
    return sentence_of<InputError>([&] { read_safetensors(folder / "a"); });
  };
  const auto holds = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  const auto array = [&](const char* told, std::size_t bytes) {
    return said(file_of(std::string(R"({"w":)") + told + "}", bytes));
  };
  holds(said("short"), "is no safetensors file");
  holds(said(file_of("{}", 0).substr(0, 9)), "is no safetensors file");
  holds(said(std::string(8, '\xFF') + "{}"), "is no safetensors file");
  holds(said(file_of("[1]", 0)), "its header is no JSON object");
  holds(said(file_of("{} ", 4)), "ends elsewhere than its last array");
  holds(array(R"({"dtype":"BF16","shape":[2],"data_offsets":[0,4]})", 4),
        "'w' has the type BF16, which rondo does not read: save it as F32");
  holds(array(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})", 4), "outside of the file");
  holds(array(R"({"dtype":"F32","shape":[2],"data_offsets":[4,0]})", 4), "outside of the file");
  holds(array(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})", 8), "its shape needs 8");
  holds(array(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]})", 4),
        "a shape that is larger than the file");
  holds(array(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})", 4), "no whole number");
  holds(array(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})", 8), "do not lie end to end");
  holds(array(R"({"shape":[1],"data_offsets":[0,4]})", 4), "has no 'dtype'");
  holds(said(file_of(R"({"__metadata__":{"a":1}})", 0)), "'a' is no text");
  EXPECT_FALSE(is_safetensors(folder / "nothing"));
}

}  // namespace
}  // namespace rondo
