// What files become is made once.
#include "data/features/kept_features.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <vector>

#include "../text_folder.hpp"
#include "io/file_system.hpp"

namespace rondo {
namespace {

using Numbers = std::vector<double>;

// Gives the length of a file's name in thirds, and counts how often it is asked.
class Counting final : public FileFeatures {
 public:
  const char* kind() const override { return "image"; }
  int width() const override { return 2; }
  bool has_one_scale() const override { return true; }
  void read(const std::filesystem::path& file, Numbers& numbers) const override {
    ++times;
    if (file.filename() == "bad") throw_input("bad");
    numbers.push_back(static_cast<double>(file.filename().string().size()) / 3);
    numbers.push_back(-0.0);
  }
  FeatureTexts settings() const override { return {{"a", "b"}}; }
  std::string describe() const override { return "counted"; }

  mutable int times = 0;
};

class KeptFeatures : public testing::Test {
 protected:
  Numbers read(const std::string& file) {
    Numbers numbers{7};  // what is there stays
    kept_->read(file, numbers);
    return numbers;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }

  test::TextFolder folder_;
  std::shared_ptr<Counting> made_ = std::make_shared<Counting>();
  std::shared_ptr<const FileFeatures> kept_ = keep_features(made_, folder_ / "out.rondo");
};

TEST_F(KeptFeatures, EachFileIsReadOnce) {
  const Numbers a{7, 1.0F / 3.0F, -0.0F}, bc{7, 2.0F / 3.0F, -0.0F};
  for (int pass = 0; pass < 3; ++pass) {
    EXPECT_EQ(read("a"), a);
    EXPECT_EQ(read("bc"), bc);
    EXPECT_TRUE(std::signbit(read("a")[2]));
  }
  EXPECT_EQ(made_->times, 2);
  EXPECT_EQ(files(), 1U);
  kept_.reset();
  EXPECT_EQ(files(), 0U);
}

TEST_F(KeptFeatures, TheyAreTheSameFeatures) {
  EXPECT_STREQ(kept_->kind(), "image");
  EXPECT_EQ(kept_->width(), 2);
  EXPECT_FALSE(kept_->has_one_step());
  EXPECT_TRUE(kept_->has_one_scale());
  EXPECT_EQ(kept_->settings(), made_->settings());
  EXPECT_EQ(kept_->describe(), "counted");
}

TEST_F(KeptFeatures, ABadFileIsRefusedEachTime) {
  EXPECT_THROW(read("bad"), InputError);
  EXPECT_THROW(read("bad"), InputError);
  EXPECT_EQ(made_->times, 2);
}

TEST_F(KeptFeatures, AFullDiskKeepsNothingAndChangesNoNumber) {
  const Numbers before = read("a");
  const auto real = file_system().pwrite;
  file_system().pwrite = [](int, const void*, std::size_t, off_t) -> ssize_t {
    errno = ENOSPC;
    return -1;
  };
  const Numbers other = read("bc");
  file_system().pwrite = real;
  EXPECT_EQ(files(), 0U);
  EXPECT_EQ(read("a"), before);
  EXPECT_EQ(read("bc"), other);
  EXPECT_EQ(made_->times, 4);
}

}  // namespace
}  // namespace rondo
