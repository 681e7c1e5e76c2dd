// Sequences of numbers for the tests of what training alters, and how they read them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "rondo/data/augmented_sequences.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo::test {

using Numbers = std::vector<double>;

inline constexpr int wide = 6;
inline constexpr std::uint64_t seed = 3;

// Of 6 numbers a step, with means and deviations of their own, and one of the whole sequence.
inline Columns columns_of_numbers() {
  Columns columns(2);
  columns[0].name = "mel";
  columns[0].kind = ColumnKind::real;
  columns[0].width = wide;
  columns[0].mean = {10, 20, 30, 40, 50, 60};
  columns[0].deviation = {1, 2, 3, 4, 5, 6};
  columns[1].name = "size";
  columns[1].role = ColumnRole::constant;
  columns[1].kind = ColumnKind::real;
  columns[1].scope = ColumnScope::sequence;
  columns[1].mean = {0};
  columns[1].deviation = {1};
  return columns;
}

// Number i of step t of sequence s is 1000 s + 7 t + i / 8.
inline std::unique_ptr<MemorySequences> sequences(const Columns& columns,
                                                  std::vector<int> lengths) {
  auto made = std::make_unique<MemorySequences>(columns);
  for (std::size_t s = 0; s < lengths.size(); ++s) {
    made->add(lengths[s]);
    Numbers numbers;
    for (int t = 0; t < lengths[s]; ++t) {
      for (int i = 0; i < wide; ++i)
        numbers.push_back(1000.0 * static_cast<double>(s) + 7 * t + i / 8.0);
    }
    made->put(0, numbers);
    made->put(1, Numbers{static_cast<double>(s)});
  }
  return made;
}

inline const std::vector<int> lengths{9, 1, 40, 2, 23};

inline AugmentationSettings everything() {
  AugmentationSettings settings;
  settings.mask_steps = 5;
  settings.mask_features = 2;
  settings.shift_features = 2;
  settings.noise = 0.25;
  settings.stretch = 0.5;
  return settings;
}

inline Numbers in_training(const SequenceSource& source, int column, std::int64_t first,
                           std::int64_t count, std::int64_t epoch, int width = wide) {
  Numbers values(static_cast<std::size_t>(count * width)), room;
  source.read_in_training(column, first, epoch, values, room);
  return values;
}
inline Numbers as_stored(const SequenceSource& source, std::int64_t first, std::int64_t count) {
  Numbers values(static_cast<std::size_t>(count * wide));
  source.read(0, first, values);
  return values;
}

}  // namespace rondo::test
