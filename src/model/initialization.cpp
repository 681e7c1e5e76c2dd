#include <fmt/ranges.h>

#include <array>
#include <cmath>

#include "rondo/core/buffer.hpp"
#include "rondo/core/random.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/network.hpp"

namespace rondo {
namespace {

// Eight partial sums, joined by a tree: fast, and the same everywhere.
double dot(const double* a, const double* b, std::size_t size) {
  std::array<double, 8> sums{};
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  for (; i < size; ++i) sums[i % 8] += a[i] * b[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

// Rows of a square matrix of normal deviates, made orthonormal by modified Gram-Schmidt, twice
// over ("twice is enough", Giraud et al. 2005). Our own, because Eigen's blocking, and so its bits,
// depends on the machine's caches.
Buffer<double> orthogonal(const RandomStream& random, std::uint32_t gate, std::size_t size) {
  Buffer<double> matrix(size * size);
  for (std::size_t i = 0; i < matrix.size(); ++i) matrix[i] = random.normal(i, gate);
  for (std::size_t row = 0; row < size; ++row) {
    double* current = matrix.data() + row * size;
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t other = 0; other < row; ++other) {
        const double* unit = matrix.data() + other * size;
        const double along = -dot(current, unit, size);
        for (std::size_t i = 0; i < size; ++i) current[i] += along * unit[i];
      }
    }
    const double length = std::sqrt(dot(current, current, size));
    for (std::size_t i = 0; i < size; ++i) current[i] /= length;
  }
  return matrix;
}

bool is_vector(const Segment& segment) { return segment.vector; }
bool is_recurrent(const Segment& segment) { return segment.name.starts_with("rnn.weight_hh"); }
bool is_embedding(const Segment& segment) { return segment.name == "embedding.weight"; }
bool is_recurrent_bias(const Segment& segment) { return segment.name.starts_with("rnn.bias"); }

}  // namespace

std::vector<std::string> initialization_names() { return {"uniform", "orthogonal"}; }

template <class Real>
void initialize(const ModelShape& shape, const ParameterLayout& layout,
                const std::string& initialization, double forget_bias, std::uint64_t seed,
                std::span<Real> parameters) {
  const bool is_orthogonal = initialization == "orthogonal";
  if (!is_orthogonal && initialization != "uniform") {
    throw_input("there is no initialization '{}'; there are {}", initialization,
                fmt::join(initialization_names(), ", "));
  }
  const int forget_slot = find_cell<Real>(shape.cell).forget_slot;
  for (std::size_t s = 0; s < layout.segments().size(); ++s) {
    const Segment& segment = layout[s];
    const RandomStream random(seed, Purpose::weights, s);
    Real* stored = parameters.data() + segment.offset;
    std::fill_n(stored, segment.size, Real{0});
    const auto set = [&](auto value_at) {
      for (int row = 0; row < segment.rows(); ++row) {
        for (int column = 0; column < segment.columns; ++column) {
          stored[segment.index(row, column)] = static_cast<Real>(value_at(row, column));
        }
      }
    };
    const auto position = [&](int row, int column) {
      return static_cast<std::uint64_t>(row) * static_cast<std::uint64_t>(segment.columns) +
             static_cast<std::uint64_t>(column);
    };
    if (is_vector(segment)) {
      if (is_recurrent_bias(segment) && forget_slot >= 0) {
        set([&](int row, int) { return row / segment.units == forget_slot ? forget_bias : 0.0; });
      }
    } else if (is_embedding(segment)) {
      set([&](int row, int column) { return random.normal(position(row, column)); });
    } else if (is_orthogonal && is_recurrent(segment)) {
      const auto size = static_cast<std::size_t>(segment.units);
      for (int gate = 0; gate < segment.groups; ++gate) {
        const Buffer<double> matrix = orthogonal(random, static_cast<std::uint32_t>(gate), size);
        for (int unit = 0; unit < segment.units; ++unit) {
          for (int column = 0; column < segment.columns; ++column) {
            stored[segment.index(gate * segment.units + unit, column)] = static_cast<Real>(
                matrix[static_cast<std::size_t>(unit) * size + static_cast<std::size_t>(column)]);
          }
        }
      }
    } else {
      const double bound = is_orthogonal ? std::sqrt(6.0 / (segment.units + segment.columns))
                                         : 1.0 / std::sqrt(static_cast<double>(shape.hidden));
      set([&](int row, int column) {
        return (2.0 * random.uniform(position(row, column)) - 1.0) * bound;
      });
    }
  }
}

template void initialize(const ModelShape&, const ParameterLayout&, const std::string&, double,
                         std::uint64_t, std::span<float>);
template void initialize(const ModelShape&, const ParameterLayout&, const std::string&, double,
                         std::uint64_t, std::span<double>);

}  // namespace rondo
