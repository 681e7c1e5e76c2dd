#include "export/c/layers/c_cells.hpp"

#include <algorithm>
#include <iterator>

namespace rondo {
namespace {

struct CellText {
  const char* name;
  const char* text;
  const char* end = "";  // what several cells end with
};

constexpr const char* elman_tanh = R"(
/* h = tanh(a) */
static void @_cell(const float *a, const float *before, float *hidden, int units)
{
  int u;
  (void)before;
  for (u = 0; u < units; ++u) hidden[u] = @_flushed(@_tanh(a[u]));
}
)";

constexpr const char* elman_relu = R"(
/* h = max(a, 0) */
static void @_cell(const float *a, const float *before, float *hidden, int units)
{
  int u;
  (void)before;
  for (u = 0; u < units; ++u) hidden[u] = @_flushed(a[u] < 0.0f ? 0.0f : a[u]);
}
)";

constexpr const char* gru_units = R"(  for (u = 0; u < units; ++u) {
    const float r = @_flushed(@_logistic(a[u]));
    const float z = @_flushed(@_logistic(a[units + u]));
    const float n = @_flushed(@_tanh(fmaf(r, a[3 * units + u], a[2 * units + u])));
    hidden[u] = @_flushed(fmaf(z, before[u] - n, n));
  }
}
)";

constexpr const char* gru = R"(
/* gates r, z, n and the recurrent part of n: h = (1 - z) n + z h' */
static void @_cell(const float *a, const float *before, float *hidden, int units)
{
  int u;
)";

constexpr const char* lstm = R"(
/* gates i, f, g, o: c = f c' + i g, h = o tanh(c) */
static void @_cell(const float *a, float *cell, float *hidden, int units)
{
  int u;
  for (u = 0; u < units; ++u) {
    const float i = @_flushed(@_logistic(a[u]));
    const float f = @_flushed(@_logistic(a[units + u]));
    const float g = @_flushed(@_tanh(a[2 * units + u]));
    const float o = @_flushed(@_logistic(a[3 * units + u]));
    cell[u] = @_flushed(fmaf(f, cell[u], @_product(i, g)));
    hidden[u] = @_flushed(@_product(o, @_tanh(cell[u])));
  }
}
)";

constexpr const char* lstm_coupled = R"(
/* gates f, g, o: c = f c' + (1 - f) g, h = o tanh(c) */
static void @_cell(const float *a, float *cell, float *hidden, int units)
{
  int u;
  for (u = 0; u < units; ++u) {
    const float f = @_flushed(@_logistic(a[u]));
    const float g = @_flushed(@_tanh(a[units + u]));
    const float o = @_flushed(@_logistic(a[2 * units + u]));
    cell[u] = @_flushed(fmaf(f, cell[u] - g, g));
    hidden[u] = @_flushed(@_product(o, @_tanh(cell[u])));
  }
}
)";

constexpr const char* lstm_peephole = R"(
/* gates i, f, g, o, of which i and f see c', o sees c: c = f c' + i g, h = o tanh(c) */
static void @_cell(const float *a, float *cell, float *hidden, int units, const float *peephole)
{
  int u;
  for (u = 0; u < units; ++u) {
    const float i = @_flushed(@_logistic(fmaf(peephole[u], cell[u], a[u])));
    const float f = @_flushed(@_logistic(fmaf(peephole[units + u], cell[u], a[units + u])));
    const float g = @_flushed(@_tanh(a[2 * units + u]));
    const float c = @_flushed(fmaf(f, cell[u], @_product(i, g)));
    const float o = @_flushed(@_logistic(fmaf(peephole[2 * units + u], c, a[3 * units + u])));
    cell[u] = c;
    hidden[u] = @_flushed(@_product(o, @_tanh(c)));
  }
}
)";

constexpr const char* lstm_norm = R"(
/* gates i, f, g, o, each normalised: c = f c' + i g, h = o tanh(c normalised) */
static void @_cell(float *a, float *cell, float *hidden, int units, const float *gain, const float *bias)
{
  int gate, u;
  for (gate = 0; gate < 4; ++gate) {
    @_normalise(a + gate * units, units, gain + gate * units, bias + gate * units);
  }
  for (u = 0; u < units; ++u) {
    const float i = @_flushed(@_logistic(a[u]));
    const float f = @_flushed(@_logistic(a[units + u]));
    const float g = @_flushed(@_tanh(a[2 * units + u]));
    a[u] = cell[u] = @_flushed(fmaf(f, cell[u], @_product(i, g)));
  }
  @_normalise(a, units, gain + 4 * units, bias + 4 * units);
  for (u = 0; u < units; ++u) {
    const float o = @_flushed(@_logistic(a[3 * units + u]));
    hidden[u] = @_flushed(@_product(o, @_flushed(@_tanh(a[u]))));
  }
}
)";

constexpr const char* gru_norm = R"(
/* gates r, z, n and the recurrent part of n, each normalised: h = (1 - z) n + z h' */
static void @_cell(float *a, const float *before, float *hidden, int units, const float *gain, const float *bias)
{
  int gate, u;
  for (gate = 0; gate < 4; ++gate) {
    @_normalise(a + gate * units, units, gain + gate * units, bias + gate * units);
  }
)";

// The table: one line a cell.
constexpr CellText cells[] = {
    {"tanh", elman_tanh},
    {"relu", elman_relu},
    {"gru", gru, gru_units},
    {"lstm", lstm},
    {"lstm-projected", lstm},
    {"lstm-coupled", lstm_coupled},
    {"lstm-peephole", lstm_peephole},
    {"lstm-norm", lstm_norm},
    {"gru-norm", gru_norm, gru_units},
};

}  // namespace

std::string c_cell_text(const std::string& cell) {
  const auto* const found =
      std::ranges::find_if(cells, [&](const CellText& one) { return cell == one.name; });
  return found == std::end(cells) ? "" : std::string(found->text) + found->end;
}

const char* c_zoneout() {
  return R"(
/* A part of the state before, and the rest of the new one. */
static void @_keep(const float *before, float *state, int units, float kept, float renewed)
{
  int u;
  for (u = 0; u < units; ++u) {
    state[u] = @_flushed(@_product(kept, before[u]) + @_product(renewed, state[u]));
  }
}
)";
}

}  // namespace rondo
