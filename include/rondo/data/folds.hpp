// Cross-validation: a train split in parts, each of which is held out in turn.
//
// Which sequences part k of n holds is drawn, for the split alone and with no seed of a run's, so
// that the parts of n runs are n parts of one whole, whatever else the runs differ in. Where a
// sequence has a class, classes give equal shares; sizes differ by one at most. Vocabularies,
// means and deviations stay those of the whole train split, as rondo prepare has found them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rondo/core/settings.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/data/sequences.hpp"

namespace rondo {

struct FoldSettings {
  std::string fold;  // "K/N": part K, from 1, of N is held out and validated on; empty: none

  bool holds_out() const { return !fold.empty(); }
};

SettingsGroup<FoldSettings> fold_settings();

// Some sequences of another source, as a source of their own.
class ChosenSequences final : public SequenceSource {
 public:
  // `chosen`: numbers of sequences, ascending; `stored`: their columns, which outlive it.
  ChosenSequences(std::unique_ptr<SequenceSource> all, const Columns& stored,
                  std::vector<std::int64_t> chosen);

  std::int64_t sequences() const override { return static_cast<std::int64_t>(chosen_.size()); }
  std::span<const std::int32_t> lengths() const override { return steps_.lengths; }
  std::span<const std::int64_t> starts() const override { return steps_.starts; }
  std::span<const std::int32_t> second_lengths() const override { return second_.lengths; }
  std::span<const std::int64_t> second_starts() const override { return second_.starts; }
  void read_letters(std::int64_t first, std::span<std::int32_t> counts) const override;
  void read(int column, std::int64_t first, std::span<std::int32_t> values) const override;
  void read(int column, std::int64_t first, std::span<double> values) const override;

 private:
  // Where the chosen ones' rows lie here, and in the other source; empty where there are none.
  struct Rows {
    std::vector<std::int32_t> lengths;
    std::vector<std::int64_t> starts, sources;
  };
  Rows rows_of_chosen(std::span<const std::int32_t> lengths,
                      std::span<const std::int64_t> starts) const;
  const Rows& rows_of(const Column& column) const;
  // Calls read(first row in the other source, values) for pieces that lie together there.
  template <class Value, class Read>
  static void read_pieces(const Rows& rows, std::int64_t first, std::int64_t width,
                          std::span<Value> values, const Read& read);

  std::unique_ptr<SequenceSource> all_;
  const Columns& stored_;
  std::vector<std::int64_t> chosen_;
  Rows steps_, second_, whole_;
};

// What of a train split is held out, or else trained on. InputError where there are fewer sequences
// than parts. `settings.holds_out()`; `stored` outlives the result.
std::unique_ptr<SequenceSource> fold_of(std::unique_ptr<SequenceSource> train,
                                        const Columns& stored, const FoldSettings& settings,
                                        bool held_out);

}  // namespace rondo
