#include "model/inputs/embedding.hpp"

#include <algorithm>
#include <utility>

#include "model/inputs/sparse_tree.hpp"
#include "rondo/core/flushed.hpp"

namespace rondo {

std::size_t add_embedding(ParameterLayout& layout, const std::string& name, int vocabulary,
                          int width) {
  Segment table;
  table.name = name;
  table.role = Segment::Role::embedding;
  table.storage = Segment::Storage::rows;
  table.units = vocabulary;
  table.columns = width;
  table.meaning = "one row a token";
  return layout.add(table);
}

template <class Real>
Embedding<Real>::Embedding(const ParameterLayout& layout, std::size_t segment, int column,
                           const Real* parameters, const PassShape& shape, Allocations& memory,
                           double dropout, const StageIdentity& identity)
    : table_(layout[segment]),
      column_(column),
      parameters_(parameters),
      panels_{table_.columns},
      lanes_(shape.lanes),
      dropout_(shape.training ? static_cast<float>(dropout) : 0.0F),
      scale_(static_cast<Real>(1.0 / (1.0 - dropout))),
      identity_(identity),
      stride_(step_distance(panels_.step_size(shape.lanes))) {
  const auto times = static_cast<std::size_t>(shape.times);
  const auto lanes = static_cast<std::size_t>(shape.lanes);
  output_ = memory.make<Real>(MemoryUse::activations, stride_ * times);
  if (!shape.training) return;
  gradient_ = memory.make<Real>(MemoryUse::activations, stride_ * times);
  ends_ = memory.make<std::int32_t>(MemoryUse::activations, static_cast<std::size_t>(table_.units));
  occurrences_ = memory.make<Occurrence>(MemoryUse::activations, lanes * times);
}

template <class Real>
std::pair<std::size_t, std::size_t> Embedding<Real>::segment_range() const {
  if (!owns_) return {0, 0};
  return {table_.offset, table_.offset + table_.size};
}

template <class Real>
void Embedding<Real>::copy_row(std::int32_t token, int panel, Real* to) const {
  const Real* row = parameters_ + table_.offset +
                    static_cast<std::size_t>(token) * static_cast<std::size_t>(panels_.padded()) +
                    static_cast<std::size_t>(panel) * Panels::full;
  const auto width = static_cast<std::size_t>(panels_.width(panel));
  for (std::size_t u = 0; u < width; ++u) {
    to[u] = flushed(row[u]);
  }
}

template <class Real>
void Embedding<Real>::prepare_job(int, int, const WindowView& window) {
  DistinctTokens& tokens = distinct_->tokens;
  if (dropout_ > 0 && window.has_sequences()) return tokens.forget();  // each drops its own
  tokens.list(window, column_);
  const RandomStream random = dropping(window);
  for (int number = 0; number < tokens.count(); ++number) {
    const std::int32_t token = tokens.token(number);
    const bool kept = dropout_ == 0 || keeps(random, token, 0);
    for (int p = 0; p < panels_.count(); ++p) {
      Real* const row =
          distinct_->rows.data() + panels_.index(number, p * Panels::full, tokens.most());
      copy_row(token, p, row);
      if (dropout_ > 0) scale_row(row, panels_.width(p), kept);
    }
  }
}

template <class Real>
void Embedding<Real>::forward(const WindowView& window, LaneRange lanes) {
  for (int t = 0; t < window.times; ++t) {
    const std::int32_t* tokens = window.tokens(column_) + window.row(t);
    for (int p = 0; p < panels_.count(); ++p) {
      const auto width = static_cast<std::size_t>(panels_.width(p));
      Real* const out =
          output_.data() + static_cast<std::size_t>(t) * stride_ + panels_.offset(p, lanes_);
      for (int lane = lanes.begin; lane < lanes.end; ++lane) {
        copy_row(tokens[lane], p, out + static_cast<std::size_t>(lane) * width);
      }
    }
  }
  if (dropout_ > 0) drop(window, lanes, output_);
}

template <class Real>
void Embedding<Real>::backward(const WindowView& window, LaneRange lanes, BackwardListener&) {
  if (dropout_ > 0) drop(window, lanes, gradient_);
}

template <class Real>
RandomStream Embedding<Real>::dropping(const WindowView& window) const {
  return identity_.stream(Purpose::dropped_rows, window);
}

template <class Real>
bool Embedding<Real>::keeps(const RandomStream& random, std::int32_t token,
                            std::uint32_t sequence) const {
  const auto number = static_cast<std::uint32_t>(token);
  return unit_float(random.block(number / 4, sequence)[number % 4]) >= dropout_;
}

template <class Real>
void Embedding<Real>::scale_row(Real* row, int width, bool kept) const {
  for (int u = 0; u < width; ++u) row[u] = kept ? row[u] * scale_ : Real{0};
}

template <class Real>
void Embedding<Real>::drop(const WindowView& window, LaneRange lanes, Buffer<Real>& values) const {
  const RandomStream random = dropping(window);
  for (int t = 0; t < window.times; ++t) {
    const std::int32_t* tokens = window.tokens(column_) + window.row(t);
    for (int lane = lanes.begin; lane < lanes.end; ++lane) {
      const std::int32_t sequence = window.has_sequences() ? window.drawn_by(t, lane).sequence : 0;
      const bool kept = keeps(random, tokens[lane], static_cast<std::uint32_t>(sequence));
      for (int p = 0; p < panels_.count(); ++p) {
        scale_row(values.data() + static_cast<std::size_t>(t) * stride_ +
                      panels_.index(lane, p * Panels::full, lanes_),
                  panels_.width(p), kept);
      }
    }
  }
}

template <class Real>
Real* Embedding<Real>::row_at(Real* buffer, std::int32_t row, int panel) const {
  return buffer + table_.offset +
         static_cast<std::size_t>(row) * static_cast<std::size_t>(panels_.padded()) +
         static_cast<std::size_t>(panel) * Panels::full;
}

// A counting sort of the window's places by row; within a row they stay in the order of the visit.
template <class Real>
void Embedding<Real>::begin_part(int, const WindowView& window, const GradientSums<Real>& sums) {
  const auto visit = [&](auto&& body) {
    for (int first = 0; first < window.lanes; first += sums.block) {
      for (int t = window.times - 1; t >= 0; --t) {
        const std::int32_t* tokens = window.tokens(column_) + window.row(t);
        for (int lane = first; lane < first + sums.block; ++lane) body(tokens[lane], t, lane);
      }
    }
  };
  std::fill(ends_.begin(), ends_.end(), 0);
  visit([&](std::int32_t row, int, int) { ++ends_[static_cast<std::size_t>(row)]; });
  // Counts become beginnings; placing a row's entries moves its beginning to its end. Jobs get
  // equal numbers of places, so that frequent tokens do not meet in one of them.
  const auto all = static_cast<std::int64_t>(window.lanes) * window.times;
  std::int32_t sum = 0;
  int cut = 0;
  for (std::int32_t row = 0; row < table_.units; ++row) {
    while (cut < jobs && sum >= all * cut / jobs) cuts_[static_cast<std::size_t>(cut++)] = row;
    sum += std::exchange(ends_[static_cast<std::size_t>(row)], sum);
  }
  for (; cut <= jobs; ++cut) cuts_[static_cast<std::size_t>(cut)] = table_.units;
  visit([&](std::int32_t row, int t, int lane) {
    occurrences_[static_cast<std::size_t>(ends_[static_cast<std::size_t>(row)]++)] = {t, lane};
  });
}

template <class Real>
void Embedding<Real>::gradient_job(int job, const WindowView&, const GradientSums<Real>& sums) {
  const std::int32_t begin = cuts_[static_cast<std::size_t>(job)];
  const std::int32_t end = cuts_[static_cast<std::size_t>(job) + 1];
  const auto padded = static_cast<std::size_t>(panels_.padded());
  for (Real* buffer : sums.buffers) {
    if (sums.resumes) break;
    std::fill(buffer + table_.offset + static_cast<std::size_t>(begin) * padded,
              buffer + table_.offset + static_cast<std::size_t>(end) * padded, Real{0});
  }
  for (std::int32_t row = begin; row < end; ++row) sum_row(row, sums);
}

template <class Real>
typename Embedding<Real>::Places Embedding<Real>::places_of(std::int32_t row) const {
  const auto r = static_cast<std::size_t>(row);
  return {occurrences_.data() + (row == 0 ? 0 : ends_[r - 1]), occurrences_.data() + ends_[r],
          this};
}

// For each block a chain of additions from +0, t descending and lanes ascending, of a second use
// first; blocks that do not touch the row are absent children of the tree. (A sum that takes them
// for +0 has the same bits: no chain that starts at +0 ends at -0.)
template <class Real>
void Embedding<Real>::sum_row(std::int32_t row, const GradientSums<Real>& sums) {
  Places all[2] = {};
  std::size_t lists = 0;
  if (use_ != nullptr) all[lists++] = use_->places_of(row);
  all[lists++] = places_of(row);
  const auto block_of = [&](const Occurrence& place) {
    return sums.first_block + place.lane / sums.block;
  };
  // The first block from there on, before `end`; `end`: there is none.
  const auto next_block = [&](const Places(&places)[2], std::int64_t end) {
    for (std::size_t i = 0; i < lists; ++i) {
      if (places[i].next != places[i].last) end = std::min(end, block_of(*places[i].next));
    }
    return end;
  };
  for (int p = 0; p < panels_.count(); ++p) {
    const auto width = static_cast<std::size_t>(panels_.width(p));
    Places places[2] = {all[0], all[1]};
    for (std::size_t root = 0; root < sums.roots.size(); ++root) {
      const std::int64_t end = sums.roots[root].last();
      SparseTree<Real> tree(width);
      for (std::int64_t block = next_block(places, end); block < end;
           block = next_block(places, end)) {
        Real* const chain = tree.push(block);
        if (sums.resumes) std::copy_n(row_at(sums.buffers[root], row, p), width, chain);
        for (std::size_t i = 0; i < lists; ++i) {
          Places& its = places[i];
          const Real* const panel = its.of->gradient_.data() + panels_.offset(p, lanes_);
          for (; its.next != its.last && block_of(*its.next) == block; ++its.next) {
            const Real* from = panel + static_cast<std::size_t>(its.next->time) * stride_ +
                               static_cast<std::size_t>(its.next->lane) * width;
            for (std::size_t u = 0; u < width; ++u) chain[u] += from[u];
          }
        }
      }
      if (const Real* const value = tree.total()) {
        std::copy_n(value, width, row_at(sums.buffers[root], row, p));
      }
    }
  }
}

template class Embedding<float>;
template class Embedding<double>;

}  // namespace rondo
