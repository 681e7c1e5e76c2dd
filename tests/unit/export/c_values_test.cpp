#include "export/c/words/c_values.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "export/c/words/c_functions.hpp"

namespace rondo {
namespace {

TEST(CValues, AreNamesInC) {
  EXPECT_EQ(c_identifier("room temperature"), "room_temperature");
  EXPECT_EQ(c_identifier("2nd"), "x_2nd");
  EXPECT_EQ(c_identifier(""), "x_");
  EXPECT_EQ(c_identifier("_Bool"), "x__Bool");
  EXPECT_EQ(c_identifier("double"), "double_");
  EXPECT_EQ(c_identifier("\xC3\xA9"), "x___");
}

// Digits behind an octal escape of three do not belong to it; "??" would begin a trigraph, and "@"
// stands for the file's own names.
TEST(CValues, AreStringsOfAnyBytes) {
  EXPECT_EQ(c_string("a\n1\"\\"), "\"a\\0121\\042\\134\"");
  EXPECT_EQ(c_string("??@\xFF"), "\"\\077\\077\\100\\377\"");
  EXPECT_EQ(c_string(std::string_view("\0", 1)), "\"\\000\"");
}

TEST(CValues, AreExactNumbers) {
  for (const float value : {0.0F, 0.1F, -1.0F, 3.0e38F, 1e-45F, 0x1.fffffep-3F}) {
    const std::string text = c_number(value);
    EXPECT_EQ(text.back(), 'f');
    EXPECT_EQ(std::strtof(text.c_str(), nullptr), value) << text;
  }
  EXPECT_EQ(c_number(-0.0F), "-0x0p+0f");
  for (const double value : {0.1, -7.0, 5e-324}) {
    EXPECT_EQ(std::strtod(c_number(value).c_str(), nullptr), value);
  }
}

TEST(CValues, AreMatricesTurned) {
  const std::vector<float> rows = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(transposed(rows, 2, 3), (std::vector<float>{1, 4, 2, 5, 3, 6}));
}

TEST(CValues, AreSmallNumbers) {
  EXPECT_EQ(c_int8_array("n", std::vector<float>{-127, 0, 5}),
            "static const int8_t n[3] = {\n  -127, 0, 5,\n};\n");
}

TEST(CValues, LeaveACommentInItsPlace) { EXPECT_EQ(c_comment("a */ b\nc"), "a  / b c"); }

TEST(CHelpers, AreThoseThatAreCalled) {
  const std::string of_tanh = c_helpers("x = @_tanh(y);");
  for (const char* there : {"@_product(", "@_bits(", "@_reduced(", "float @_tanh("}) {
    EXPECT_NE(of_tanh.find(there), std::string::npos) << there;
  }
  for (const char* absent : {"@_logistic(", "@_exp(", "@_chains("}) {
    EXPECT_EQ(of_tanh.find(absent), std::string::npos) << absent;
  }
  EXPECT_EQ(c_helpers("x = 1;"), "");
}

}  // namespace
}  // namespace rondo
