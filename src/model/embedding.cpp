#include "model/embedding.hpp"

#include <algorithm>
#include <cmath>

#include "model/tree_over_blocks.hpp"

namespace rondo {

std::size_t add_embedding(ParameterLayout& layout, int vocabulary, int width) {
  Segment table;
  table.name = "embedding.weight";
  table.storage = Segment::Storage::rows;
  table.units = vocabulary;
  table.columns = width;
  table.meaning = "one row a token";
  return layout.add(table);
}

template <class Real>
Embedding<Real>::Embedding(const ParameterLayout& layout, std::size_t segment,
                           const Real* parameters, const PassShape& shape)
    : table_(layout[segment]),
      parameters_(parameters),
      panels_{table_.columns},
      lanes_(shape.lanes),
      stride_(step_distance(panels_.step_size(shape.lanes))) {
  output_.resize(stride_ * static_cast<std::size_t>(shape.times));
  if (shape.training) gradient_.resize(output_.size());
}

template <class Real>
std::pair<std::size_t, std::size_t> Embedding<Real>::segment_range() const {
  return {table_.offset, table_.offset + table_.size};
}

template <class Real>
void Embedding<Real>::forward(const WindowView& window, LaneRange lanes) {
  const auto padded = static_cast<std::size_t>(panels_.padded());
  for (int t = 0; t < window.times; ++t) {
    const std::int32_t* tokens = window.inputs + static_cast<std::size_t>(t) * lanes_;
    for (int p = 0; p < panels_.count(); ++p) {
      const auto width = static_cast<std::size_t>(panels_.width(p));
      Real* out =
          output_.data() + static_cast<std::size_t>(t) * stride_ + panels_.offset(p, lanes_);
      for (int lane = lanes.begin; lane < lanes.end; ++lane) {
        const Real* row = parameters_ + table_.offset +
                          static_cast<std::size_t>(tokens[lane]) * padded +
                          static_cast<std::size_t>(p) * Panels::full;
        Real* to = out + static_cast<std::size_t>(lane) * width;
        for (std::size_t u = 0; u < width; ++u) {
          to[u] = std::abs(row[u]) < Real(0x1p-60) ? Real(0) : row[u];
        }
      }
    }
  }
}

// For each block and row a chain of additions from +0, t descending and lanes ascending. A row that
// a block does not touch stays +0, and adding +0 to a chain that started at +0 changes nothing, so
// it need not be told apart from an absent child of the tree.
template <class Real>
void Embedding<Real>::gradient_task(int panel, const WindowView& window,
                                    const GradientSums<Real>& sums) {
  const auto width = static_cast<std::size_t>(panels_.width(panel));
  const auto rows = static_cast<std::size_t>(table_.units);
  const auto padded = static_cast<std::size_t>(panels_.padded());
  const std::size_t size = rows * width;
  const int levels = root_level(sums.blocks) + 1;
  // Scratch is allocated once a thread and kept: a step allocates nothing.
  thread_local Buffer<Real> scratch;
  if (scratch.size() < size * static_cast<std::size_t>(levels + 1)) {
    scratch.resize(size * static_cast<std::size_t>(levels + 1));
  }
  const auto block_gradient = [&](std::int64_t block, Real* out) {
    std::fill_n(out, size, Real{0});
    const int first = static_cast<int>((block - sums.first_block) * sums.block);
    for (int t = window.times - 1; t >= 0; --t) {
      const std::int32_t* tokens = window.inputs + static_cast<std::size_t>(t) * lanes_;
      const Real* gradient =
          gradient_.data() + static_cast<std::size_t>(t) * stride_ + panels_.offset(panel, lanes_);
      for (int lane = first; lane < first + sums.block; ++lane) {
        Real* to = out + static_cast<std::size_t>(tokens[lane]) * width;
        const Real* from = gradient + static_cast<std::size_t>(lane) * width;
        for (std::size_t u = 0; u < width; ++u) to[u] += from[u];
      }
    }
  };
  const auto add = [size](Real* into, const Real* from) {
    for (std::size_t i = 0; i < size; ++i) into[i] += from[i];
  };
  const auto at_level = [&](int level) {
    return scratch.data() + size * static_cast<std::size_t>(level + 1);
  };
  for (std::size_t r = 0; r < sums.roots.size(); ++r) {
    tree_over_blocks(sums.roots[r], sums.blocks, scratch.data(), block_gradient, add, at_level);
    Real* out = sums.buffers[r] + table_.offset + static_cast<std::size_t>(panel) * Panels::full;
    for (std::size_t row = 0; row < rows; ++row) {
      std::copy_n(scratch.data() + row * width, width, out + row * padded);
    }
  }
}

template class Embedding<float>;
template class Embedding<double>;

}  // namespace rondo
