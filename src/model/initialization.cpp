#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "model/plans/stage_plan.hpp"
#include "rondo/core/buffer.hpp"
#include "rondo/core/exact_math.hpp"
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

// Rows of `size` normal deviates, no more than that, made orthonormal by modified Gram-Schmidt,
// twice over ("twice is enough", Giraud et al. 2005). Our own, because Eigen's blocking, and so its
// bits, depends on the machine's caches.
Buffer<double> orthogonal(const RandomStream& random, std::uint32_t gate, std::size_t rows,
                          std::size_t size) {
  Buffer<double> matrix(rows * size);
  for (std::size_t i = 0; i < matrix.size(); ++i) matrix[i] = random.normal(i, gate);
  for (std::size_t row = 0; row < rows; ++row) {
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

using Role = Segment::Role;

// A segment and where its first values go, each by what is drawn for its row and column.
template <class Real>
struct FirstValues {
  const Segment& segment;
  RandomStream random;
  Real* stored;

  template <class ValueAt>
  void set(ValueAt value_at) const {
    for (int row = 0; row < segment.rows(); ++row) {
      for (int column = 0; column < segment.columns; ++column) {
        stored[segment.index(row, column)] = static_cast<Real>(value_at(row, column));
      }
    }
  }
  std::uint64_t position(int row, int column) const {
    return static_cast<std::uint64_t>(row) * static_cast<std::uint64_t>(segment.columns) +
           static_cast<std::uint64_t>(column);
  }
  void set_uniform(double bound) const {
    set([&](int row, int column) {
      return (2.0 * random.uniform(position(row, column)) - 1.0) * bound;
    });
  }
  void set_normal(double deviation) const {
    set([&](int row, int column) { return random.normal(position(row, column)) * deviation; });
  }
};

// log(u) for the gate that keeps the state, u uniform in [1, span - 1), and its negative for the
// gate of the same unit that writes.
template <class Real>
void set_chrono(const FirstValues<Real>& values, const Cell<Real>& cell, std::int64_t span) {
  values.set([&](int row, int) {
    const int slot = row / values.segment.units;
    if (slot != cell.keep_slot && slot != cell.write_slot) return 0.0;
    const auto unit = static_cast<std::uint64_t>(row % values.segment.units);
    const double time = 1.0 + static_cast<double>(span - 2) * values.random.uniform(unit);
    return slot == cell.keep_slot ? exact::log(time) : -exact::log(time);
  });
}

template <class Real>
void set_gate_bias(const FirstValues<Real>& values, const Cell<Real>& cell,
                   const Initialization& initialization) {
  if (initialization.chrono_span != 0) {
    set_chrono(values, cell, initialization.chrono_span);
  } else if (cell.forget_slot >= 0) {
    values.set([&](int row, int) {
      return row / values.segment.units == cell.forget_slot ? initialization.forget_bias : 0.0;
    });
  }
}

// Rows, or, where there are fewer of them, columns of each gate become orthonormal.
template <class Real>
void set_orthogonal(const FirstValues<Real>& values) {
  const Segment& segment = values.segment;
  const bool by_columns = segment.columns < segment.units;
  const auto few = static_cast<std::size_t>(std::min(segment.units, segment.columns));
  const auto size = static_cast<std::size_t>(std::max(segment.units, segment.columns));
  for (int gate = 0; gate < segment.groups; ++gate) {
    const Buffer<double> matrix =
        orthogonal(values.random, static_cast<std::uint32_t>(gate), few, size);
    for (int unit = 0; unit < segment.units; ++unit) {
      for (int column = 0; column < segment.columns; ++column) {
        const auto row = static_cast<std::size_t>(by_columns ? column : unit);
        const auto at = static_cast<std::size_t>(by_columns ? unit : column);
        values.stored[segment.index(gate * segment.units + unit, column)] =
            static_cast<Real>(matrix[row * size + at]);
      }
    }
  }
}

template <class Real>
void set_matrix_uniform(const FirstValues<Real>& values, int hidden) {
  const Segment& segment = values.segment;
  const bool own = segment.role == Role::output_weights || segment.role == Role::attention_weights;
  const int inputs = own ? segment.columns : hidden;
  values.set_uniform(1.0 / std::sqrt(static_cast<double>(inputs)));
}

template <class Real>
void set_matrix_glorot(const FirstValues<Real>& values, int /*hidden*/) {
  const Segment& segment = values.segment;
  values.set_uniform(std::sqrt(6.0 / (segment.units + segment.columns)));
}

template <class Real>
void set_matrix_orthogonal(const FirstValues<Real>& values, int hidden) {
  const Role role = values.segment.role;
  if (role == Role::recurrent_weights || role == Role::projection) {
    set_orthogonal(values);
  } else {
    set_matrix_glorot(values, hidden);
  }
}

template <class Real>
void set_matrix_identity(const FirstValues<Real>& values, int /*hidden*/) {
  if (values.segment.role == Role::recurrent_weights) {
    values.set([](int row, int column) { return row == column ? 1.0 : 0.0; });
  } else {
    values.set_normal(0.001);
  }
}

template <class Real>
struct Rule {
  const char* name;
  bool for_one_gate;  // for cells that have no more
  void (*set_matrix)(const FirstValues<Real>&, int hidden);
};

// The table: one line a rule.
template <class Real>
constexpr Rule<Real> rules[] = {
    {"uniform", false, set_matrix_uniform<Real>},
    {"glorot", false, set_matrix_glorot<Real>},
    {"orthogonal", false, set_matrix_orthogonal<Real>},
    {"identity", true, set_matrix_identity<Real>},
};

// InputError for an unknown name.
template <class Real>
const Rule<Real>& find_rule(const std::string& name) {
  for (const Rule<Real>& rule : rules<Real>) {
    if (name == rule.name) return rule;
  }
  throw_input("there is no initialization '{}'; there are {}", name,
              fmt::join(initialization_names(), ", "));
}

template <class Real>
void check(const Rule<Real>& rule, const Initialization& initialization, const Cell<Real>& cell) {
  if (rule.for_one_gate && cell.is_gated()) {
    throw_input("the initialization '{}' is for cells of one gate, not for '{}'", rule.name,
                cell.name);
  }
  if (initialization.chrono_span != 0 && (initialization.chrono_span < 3 || cell.keep_slot < 0)) {
    throw_input("a span of {} steps gives the gates of '{}' no first biases",
                initialization.chrono_span, cell.name);
  }
}

template <class Real>
void set_first_values(const FirstValues<Real>& values, const InitialFacts& facts,
                      const Rule<Real>& rule, const Initialization& initialization) {
  switch (values.segment.role) {
    case Role::embedding:
      if (facts.tied) {
        values.set_uniform(1.0 / std::sqrt(static_cast<double>(values.segment.columns)));
      } else {
        values.set_normal(1.0);
      }
      break;
    case Role::input_weights:
    case Role::recurrent_weights:
    case Role::projection:
    case Role::output_weights:
    case Role::attention_weights:
      rule.set_matrix(values, facts.hidden);
      break;
    case Role::gate_bias:
      set_gate_bias(values, find_cell<Real>(facts.cell), initialization);
      break;
    case Role::peephole:
      values.set_uniform(1.0 / std::sqrt(static_cast<double>(facts.hidden)));
      break;
    case Role::attention_score:
      values.set_uniform(1.0 / std::sqrt(static_cast<double>(values.segment.units)));
      break;
    case Role::gain:
      values.set([](int, int) { return 1.0; });
      break;
    case Role::initial_state:
    case Role::output_bias:
    case Role::attention_bias:
    case Role::unspecified:
      break;
  }
}

}  // namespace

std::vector<std::string> initialization_names() {
  std::vector<std::string> names;
  for (const Rule<float>& rule : rules<float>) names.emplace_back(rule.name);
  return names;
}

bool is_for_one_gate(const std::string& initialization) {
  return find_rule<float>(initialization).for_one_gate;
}

template <class Real>
void initialize(const NetworkPlan& plan, const ParameterLayout& layout,
                const Initialization& initialization, std::span<Real> parameters) {
  const Rule<Real>& rule = find_rule<Real>(initialization.rule);
  ParameterLayout same;  // the same segments in the same places, to learn whose they are
  for (const auto& stage : plan.stages()) {
    const StageSegments segments = stage->add_segments(same);
    const InitialFacts facts = stage->facts();
    if (!facts.cell.empty()) check(rule, initialization, find_cell<Real>(facts.cell));
    for (const std::size_t s : segments) {
      const Segment& segment = layout[s];
      const FirstValues<Real> values{segment,
                                     RandomStream(initialization.seed, Purpose::weights, s),
                                     parameters.data() + segment.offset};
      std::fill_n(values.stored, segment.size, Real{0});
      set_first_values(values, facts, rule, initialization);
    }
  }
}

template void initialize(const NetworkPlan&, const ParameterLayout&, const Initialization&,
                         std::span<float>);
template void initialize(const NetworkPlan&, const ParameterLayout&, const Initialization&,
                         std::span<double>);

}  // namespace rondo
