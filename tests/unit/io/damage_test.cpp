// Every kind of damage to a file is recognised: bits flipped and bytes cut off, at seeded places in
// every region of checkpoints and data sets.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <random>

#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"
#include "rondo/io/dataset_file.hpp"
#include "temporary_folder.hpp"

namespace rondo {
namespace {

NamedState example_state() {
  NamedState state;
  const std::vector<float> weight(5000, 1.5F);
  state.put<float>("parameters/rnn.weight_hh_l0", weight, {50, 100});
  state.put_scalar<std::int64_t>("counters/step", 7);
  state.texts["configuration"] = "cell = lstm\n";
  return state;
}

struct Region {
  const char* name;
  std::uint64_t begin;
  std::uint64_t end;
};

// `open` must refuse each damaged copy of `good` with an InputError.
void expect_recognised(const std::string& good, const std::vector<Region>& regions,
                       const std::function<void(const std::filesystem::path&)>& open) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "damaged.h5";
  std::mt19937_64 random(1);
  const auto place = [&random](const Region& region) {
    return region.begin + random() % (region.end - region.begin);
  };
  write_bytes(path, good);
  ASSERT_NO_THROW(open(path));
  for (const Region& region : regions) {
    for (int i = 0; i < 100; ++i) {
      std::string flipped = good;
      const std::uint64_t byte = place(region);
      flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << (random() % 8)));
      write_bytes(path, flipped);
      EXPECT_THROW(open(path), InputError) << region.name << ": a bit of byte " << byte;

      const std::uint64_t size = place(region);
      write_bytes(path, good.substr(0, size));
      EXPECT_THROW(open(path), InputError) << region.name << ": cut to " << size;
    }
  }
}

TEST(Damage, OfACheckpointIsRecognised) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "good.h5", example_state());
  const std::string good = read_bytes(folder / "good.h5");
  expect_recognised(good, {{"front block", 0, 512}, {"image", 512, good.size()}},
                    [](const std::filesystem::path& path) {
                      const bool whole = check_checkpoint(path).empty();
                      read_checkpoint(path);
                      EXPECT_TRUE(whole);
                    });
}

TEST(Damage, OfADataSetIsRecognised) {
  const TemporaryFolder folder;
  constexpr std::uint64_t count = 1500000;
  DatasetWriter writer(folder / "good.h5", example_state(), {{"x", ElementType::uint8, count}});
  const std::vector<std::byte> values(count, std::byte{3});
  writer.append(0, values);
  writer.finish();
  const std::uint64_t begin = DatasetReader(folder / "good.h5").large("x").offset;
  const std::string good = read_bytes(folder / "good.h5");
  expect_recognised(good,
                    {{"front block", 0, 512},
                     {"head", 512, begin},
                     {"array", begin, begin + count},
                     {"table", begin + count, good.size()}},
                    [](const std::filesystem::path& path) {
                      const DatasetReader reader(path);
                      reader.verify(0, 1);
                    });
}

}  // namespace
}  // namespace rondo
