#include "rondo/data/sequences.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

#include "rondo/core/errors.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {
namespace {

std::string array_name(const std::string& split, std::size_t column) {
  return fmt::format("{}/columns/{}", split, column);
}

void check_rows(std::int64_t first, std::size_t count, std::int64_t rows) {
  if (first < 0 || first > rows || count > static_cast<std::uint64_t>(rows - first)) {
    throw_run("rows [{}, {} + {}) were asked for, there are {}", first, first, count, rows);
  }
}

// Values of another type, which lie in the last part of the caller's memory, to wider ones. From
// the front: a narrow value is read before the wide one is written over it.
template <class Narrow, class Wide>
void widen(std::span<const std::byte> narrow, std::span<Wide> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    Narrow value;
    std::memcpy(&value, narrow.data() + i * sizeof(Narrow), sizeof(Narrow));
    values[i] = static_cast<Wide>(value);
  }
}

class FileSequences final : public SequenceSource {
 public:
  FileSequences(std::shared_ptr<const DatasetReader> file, const Columns& columns,
                const std::string& split)
      : file_(std::move(file)), where_(file_->path().string() + ", split '" + split + "'") {
    const std::string name = split + "/starts";
    const std::array<std::uint64_t, 1> shape{file_->small().get(name).elements()};
    const auto starts = file_->small().get<std::int64_t>(name, shape);
    if (starts.size() < 2 || starts.front() != 0) {
      throw_input("{}: '{}' tells of no sequences", where_, name);
    }
    starts_.assign(starts.begin(), starts.end());
    for (std::size_t i = 1; i < starts_.size(); ++i) {
      const std::int64_t length = starts_[i] - starts_[i - 1];
      if (length < 1 || length > std::numeric_limits<std::int32_t>::max()) {
        throw_input("{}: sequence {} has {} steps", where_, i - 1, length);
      }
      lengths_.push_back(static_cast<std::int32_t>(length));
    }
    if (const int second = second_among(columns); second >= 0) {
      add_second(columns[static_cast<std::size_t>(second)].has_letters(), split);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) add_column(columns[i], split, i);
  }

  std::int64_t sequences() const override { return static_cast<std::int64_t>(lengths_.size()); }
  std::span<const std::int32_t> lengths() const override { return lengths_; }
  std::span<const std::int64_t> starts() const override { return starts_; }

  std::span<const std::int32_t> second_lengths() const override { return second_lengths_; }
  std::span<const std::int64_t> second_starts() const override { return second_starts_; }
  void read_letters(std::int64_t first, std::span<std::int32_t> counts) const override {
    check_rows(first, counts.size(), starts_.back());
    file_->read(letters_of_steps_, static_cast<std::uint64_t>(first), counts.size(),
                std::as_writable_bytes(counts));
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] >= 1) continue;
      throw_input("{}: step {} has {} letters", where_, first + static_cast<std::int64_t>(i),
                  counts[i]);
    }
  }

  void read(int column, std::int64_t first, std::span<std::int32_t> values) const override {
    const Stored& stored = columns_[static_cast<std::size_t>(column)];
    check_rows(first, values.size() / static_cast<std::size_t>(stored.width), stored.rows);
    const auto bytes =
        std::as_writable_bytes(values).last(values.size() * size_of(stored.array.type));
    file_->read(stored.array, static_cast<std::uint64_t>(first * stored.width), values.size(),
                bytes);
    if (stored.array.type == ElementType::uint8) widen<std::uint8_t>(bytes, values);
    if (stored.array.type == ElementType::uint16) widen<std::uint16_t>(bytes, values);
    if (stored.has_labels) return check_labels(stored, column, first, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (stored.may_be_absent && values[i] == stored.symbols) {
        values[i] = -1;
      } else if (values[i] < 0 || values[i] >= stored.symbols) {
        throw_input("{}: row {} of column {} is {}, of {} symbols", where_,
                    first + static_cast<std::int64_t>(i), column, values[i], stored.symbols);
      }
    }
  }

  void read(int column, std::int64_t first, std::span<double> values) const override {
    const Stored& stored = columns_[static_cast<std::size_t>(column)];
    check_rows(first, values.size() / static_cast<std::size_t>(stored.width), stored.rows);
    const auto bytes =
        std::as_writable_bytes(values).last(values.size() * size_of(stored.array.type));
    file_->read(stored.array, static_cast<std::uint64_t>(first * stored.width), values.size(),
                bytes);
    if (stored.array.type == ElementType::float32) widen<float>(bytes, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i]) && !(stored.may_be_absent && std::isnan(values[i]))) {
        throw_input("{}: row {} of column {} holds {}", where_,
                    first + static_cast<std::int64_t>(i) / stored.width, column, values[i]);
      }
    }
  }

 private:
  struct Stored {
    DatasetReader::Large array;
    std::int64_t rows = 0;
    std::int32_t symbols = 0;
    std::int64_t width = 1;
    bool may_be_absent = false;
    bool has_labels = false;
  };

  // Bits of labels that there are, or -1 in all words of a row.
  void check_labels(const Stored& stored, int column, std::int64_t first,
                    std::span<const std::int32_t> words) const {
    const auto width = static_cast<std::size_t>(stored.width);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto before = static_cast<std::int32_t>(i % width) * labels_a_word;
      const std::int32_t labels = std::min(stored.symbols - before, labels_a_word);
      const bool absent = words[i - i % width] == -1;
      const bool right = absent ? words[i] == -1 : words[i] >= 0 && words[i] >> (labels - 1) <= 1;
      if (right) continue;
      throw_input("{}: row {} of column {} has labels {:#x}, of {}", where_,
                  first + static_cast<std::int64_t>(i / width), column, words[i], stored.symbols);
    }
  }

  // Letters, of which each step has at least one, or steps of their own.
  void add_second(bool are_letters, const std::string& split) {
    const char* const what = are_letters ? "letter" : "target";
    const std::array<std::uint64_t, 1> shape{starts_.size()};
    const auto starts =
        file_->small().get<std::int64_t>(fmt::format("{}/{}_starts", split, what), shape);
    second_starts_.assign(starts.begin(), starts.end());
    if (second_starts_.front() != 0) {
      throw_input("{}: its {}s start at {}", where_, what, second_starts_.front());
    }
    for (std::size_t i = 1; i < second_starts_.size(); ++i) {
      const std::int64_t length = second_starts_[i] - second_starts_[i - 1];
      if (length < (are_letters ? lengths_[i - 1] : 1) ||
          length > std::numeric_limits<std::int32_t>::max()) {
        throw_input("{}: sequence {} has {} {}s in {} steps", where_, i - 1, length, what,
                    lengths_[i - 1]);
      }
      second_lengths_.push_back(static_cast<std::int32_t>(length));
    }
    if (are_letters) add_letters(split);
  }

  void add_letters(const std::string& split) {
    letters_of_steps_ = file_->large(split + "/letters");
    if (letters_of_steps_.type != ElementType::int32 ||
        letters_of_steps_.count != static_cast<std::uint64_t>(starts_.back())) {
      throw_input("{}: '{}/letters' has {} values of {}, {} of int32 are needed", where_, split,
                  letters_of_steps_.count, name_of(letters_of_steps_.type), starts_.back());
    }
  }

  void add_column(const Column& column, const std::string& split, std::size_t number) {
    const std::string name = array_name(split, number);
    Stored stored{file_->large(name)};
    stored.rows = column.axis() == 1                   ? second_starts_.back()
                  : column.scope == ColumnScope::steps ? starts_.back()
                                                       : sequences();
    stored.width = column.stored_width();
    stored.has_labels = column.has_labels();
    if (!column.is_real()) stored.symbols = column.vocabulary->size();
    stored.may_be_absent = column.is_target() || (column.is_real() && column.masks_missing);
    const ElementType type = stored.array.type;
    const bool fits =
        column.is_real()      ? type == ElementType::float32 || type == ElementType::float64
        : column.has_labels() ? type == ElementType::int32
                              : type == ElementType::uint8 || type == ElementType::uint16 ||
                                    type == ElementType::int32;
    if (!fits) throw_input("{}: '{}' is {}", where_, name, name_of(type));
    const auto values = static_cast<std::uint64_t>(stored.rows * stored.width);
    if (stored.array.count != values) {
      throw_input("{}: '{}' has {} values, {} are needed", where_, name, stored.array.count,
                  values);
    }
    columns_.push_back(stored);
  }

  std::shared_ptr<const DatasetReader> file_;
  std::string where_;
  std::vector<std::int64_t> starts_;
  std::vector<std::int32_t> lengths_;
  std::vector<Stored> columns_;
  std::vector<std::int64_t> second_starts_;
  std::vector<std::int32_t> second_lengths_;
  DatasetReader::Large letters_of_steps_;
};

}  // namespace

bool has_sequences(const DatasetReader& file, const std::string& split) {
  return file.small().has(split + "/starts");
}

std::vector<std::int64_t> target_starts(const SequenceSource& sequences, ColumnScope scope) {
  const std::span<const std::int64_t> steps =
      scope == ColumnScope::own ? sequences.second_starts() : sequences.starts();
  if (scope != ColumnScope::sequence) return {steps.begin(), steps.end()};
  std::vector<std::int64_t> starts(static_cast<std::size_t>(sequences.sequences()) + 1);
  std::iota(starts.begin(), starts.end(), 0);
  return starts;
}

std::unique_ptr<SequenceSource> open_sequences(std::shared_ptr<const DatasetReader> file,
                                               const Columns& columns, const std::string& split) {
  return std::make_unique<FileSequences>(std::move(file), columns, split);
}

void MemorySequences::add(std::int32_t length) {
  if (length < 1) throw_input("a sequence has no steps");
  lengths_.push_back(length);
  starts_.push_back(starts_.back() + length);
}

void MemorySequences::put(int column, std::span<const std::int32_t> values) {
  auto& to = values_[static_cast<std::size_t>(column)].tokens;
  to.insert(to.end(), values.begin(), values.end());
}

void MemorySequences::put(int column, std::span<const double> values) {
  auto& to = values_[static_cast<std::size_t>(column)].numbers;
  to.insert(to.end(), values.begin(), values.end());
}

void MemorySequences::put_letters(std::span<const std::int32_t> counts) {
  letters_of_steps_.insert(letters_of_steps_.end(), counts.begin(), counts.end());
  put_own_steps(std::accumulate(counts.begin(), counts.end(), std::int32_t{0}));
}

void MemorySequences::put_own_steps(std::int32_t steps) {
  if (second_starts_.empty()) second_starts_.push_back(0);
  second_lengths_.push_back(steps);
  second_starts_.push_back(second_starts_.back() + steps);
}

void MemorySequences::read_letters(std::int64_t first, std::span<std::int32_t> counts) const {
  check_rows(first, counts.size(), static_cast<std::int64_t>(letters_of_steps_.size()));
  std::copy_n(letters_of_steps_.begin() + first, counts.size(), counts.begin());
}

void MemorySequences::clear() {
  second_lengths_.clear();
  letters_of_steps_.clear();
  second_starts_.clear();
  lengths_.clear();
  starts_.assign(1, 0);
  for (Values& values : values_) values = {};
}

void MemorySequences::read(int column, std::int64_t first, std::span<std::int32_t> values) const {
  const auto& from = values_[static_cast<std::size_t>(column)].tokens;
  const std::int64_t begin = first * columns_[static_cast<std::size_t>(column)].stored_width();
  check_rows(begin, values.size(), static_cast<std::int64_t>(from.size()));
  std::copy_n(from.begin() + begin, values.size(), values.begin());
}

void MemorySequences::read(int column, std::int64_t first, std::span<double> values) const {
  const auto& from = values_[static_cast<std::size_t>(column)].numbers;
  const std::int64_t begin = first * columns_[static_cast<std::size_t>(column)].width;
  check_rows(begin, values.size(), static_cast<std::int64_t>(from.size()));
  std::copy_n(from.begin() + begin, values.size(), values.begin());
}

Standardizer::Standardizer(const Column& column)
    : mean_(column.mean), masks_missing_(column.masks_missing && !column.is_target()) {
  for (const double deviation : column.deviation) inverse_.push_back(1.0 / deviation);
}

void Standardizer::apply(std::span<const double> row, float* to) const {
  for (std::size_t i = 0; i < row.size(); ++i) {
    to[i] = flushed(static_cast<float>((row[i] - mean_[i]) * inverse_[i]));
  }
  if (!masks_missing_) return;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool is_missing = std::isnan(row[i]);
    if (is_missing) to[i] = 0;
    to[row.size() + i] = is_missing ? 1 : 0;
  }
}

}  // namespace rondo
