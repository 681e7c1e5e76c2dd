// Token embeddings: a table of vectors, one row a token.
//
// A window touches few rows of a large table, so its gradient is computed row by row from a list of
// the places in the window where each token stands: work and memory are the window's, but for
// writing zeros to the rows that it does not touch.
//
// In training, with a dropout of p, a window (of whole sequences: each) does without each row with
// probability p, wherever its token stands, and the others are scaled by 1 / (1 - p) (Gal &
// Ghahramani 2016).
#pragma once

#include <array>
#include <optional>

#include "model/inputs/distinct_tokens.hpp"
#include "model/stage_identity.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/core/parameter_layout.hpp"
#include "rondo/model/stage.hpp"

namespace rondo {

// Position of the table in the layout.
std::size_t add_embedding(ParameterLayout& layout, const std::string& name, int vocabulary,
                          int width);

template <class Real>
class Embedding final : public Stage<Real> {
 public:
  // `column`: the window's, whose tokens it reads.
  Embedding(const ParameterLayout& layout, std::size_t segment, int column, const Real* parameters,
            const PassShape& shape, Allocations& memory, double dropout = 0,
            const StageIdentity& identity = {});

  // `use` reads this one's table, on another axis, and stands behind it: gradients of the table are
  // this one's, whose chains visit the other's places first.
  void add_use(Embedding& use) {
    use_ = &use;
    use.owns_ = false;
  }

  Activations<Real> output() { return {output_.data(), stride_, panels_}; }
  // Gradient at the output, to be filled by the stage above.
  Activations<Real> output_gradient() { return {gradient_.data(), stride_, panels_}; }

  // From now on, lists each window's different tokens and their rows in the first round of its
  // preparation; null where none would be listed. To be called before the first window.
  const DistinctRows<Real>* list_tokens(const PassShape& shape, Allocations& memory) {
    if (DistinctTokens::most(table_.units, shape) == 0) return nullptr;
    if (!distinct_) distinct_.emplace(table_.units, panels_, shape, memory);
    return &*distinct_;
  }

  std::pair<std::size_t, std::size_t> segment_range() const override;
  int prepare_jobs(int round) const override { return distinct_ && round == 0 ? 1 : 0; }
  void prepare_job(int round, int job, const WindowView& window) override;
  void forward(const WindowView& window, LaneRange lanes) override;
  // Lists the places of each token.
  void begin_part(int part, const WindowView& window, const GradientSums<Real>& sums) override;
  // All its gradients are its table's: dropped rows' are +0, others' scaled.
  void backward(const WindowView& window, LaneRange lanes, BackwardListener&) override;
  int gradient_jobs() const override { return owns_ ? jobs : 0; }
  // The whole table at once: only rows that a window touches may have to leave.
  std::size_t final_after(int done) const override {
    return done < jobs || !owns_ ? 0 : table_.size;
  }
  void gradient_job(int job, const WindowView& window, const GradientSums<Real>& sums) override;

 private:
  static constexpr int jobs = 16;
  // A token's place in the window.
  struct Occurrence {
    std::int32_t time, lane;
  };
  // A row's places in a window, and where their gradients are.
  struct Places {
    const Occurrence *next, *last;
    const Embedding* of;
  };
  Places places_of(std::int32_t row) const;
  void sum_row(std::int32_t row, const GradientSums<Real>& sums);
  void copy_row(std::int32_t token, int panel, Real* to) const;
  // A panel of a row in a buffer of the parameters' layout.
  Real* row_at(Real* buffer, std::int32_t row, int panel) const;
  RandomStream dropping(const WindowView& window) const;
  bool keeps(const RandomStream& random, std::int32_t token, std::uint32_t sequence) const;
  void scale_row(Real* row, int width, bool kept) const;
  void drop(const WindowView& window, LaneRange lanes, Buffer<Real>& values) const;

  const Segment& table_;
  bool owns_ = true;  // the table's gradient
  Embedding* use_ = nullptr;
  int column_;
  const Real* parameters_;
  Panels panels_;
  int lanes_;
  float dropout_;
  Real scale_;
  StageIdentity identity_;
  std::size_t stride_;
  std::optional<DistinctRows<Real>> distinct_;
  Buffer<Real> output_;
  Buffer<Real> gradient_;
  Buffer<std::int32_t> ends_;                  // [row]: where the row's places end
  Buffer<Occurrence> occurrences_;             // by row, then block, t descending, lane ascending
  std::array<std::int32_t, jobs + 1> cuts_{};  // rows of each job
};

}  // namespace rondo
