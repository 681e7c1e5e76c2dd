#include "export/torch/torch_arrays.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

namespace rondo {
namespace {

constexpr int units = 3;

// One layer's parameters of a cell, each value another.
struct Layer {
  explicit Layer(const char* name) : cell(find_cell<float>(name)) {
    const auto add = [&](Segment::Role role, const char* named, int rows, int columns) {
      Segment segment;
      segment.name = named;
      segment.role = role;
      segment.units = units;
      segment.groups = rows;
      segment.columns = columns;
      segment.vector = columns == 1;
      layout.add(segment);
    };
    add(Segment::Role::input_weights, "rnn.weight_ih_l0", 1, 2);
    add(Segment::Role::gate_bias, "rnn.bias_l0", cell.biases(), 1);
    Buffer<float> values;
    values.resize(layout.size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) + 0.5F;
    values[layout[1].offset] = -0.0F;
    layout.save<float>(values, "", arrays);
  }
  std::span<const float> bias(const NamedState& state, const char* name) const {
    const NamedArray& array = state.get(name);
    return {reinterpret_cast<const float*>(array.bytes.data()), array.bytes.size() / 4};
  }

  const Cell<float>& cell;
  ParameterLayout layout;
  NamedState arrays;
};

TEST(TorchArrays, ComeBackInAllBits) {
  for (const std::string& name : cell_names()) {
    const Layer layer(name.c_str());
    const NamedState torch = to_torch(layer.arrays, layer.layout, layer.cell);
    EXPECT_EQ(torch.has("rnn.bias_ih_l0"), is_in_torch(name)) << name;
    EXPECT_EQ(torch.has("rnn.bias_l0"), !is_in_torch(name)) << name;
    const NamedState back = from_torch(torch, layer.layout, layer.cell);
    EXPECT_EQ(digest(back, ""), digest(layer.arrays, "")) << name;
  }
}

TEST(TorchArrays, HaveGrusTwoBiasesOfTheCandidate) {
  const Layer layer("gru");
  const NamedState torch = to_torch(layer.arrays, layer.layout, layer.cell);
  const auto own = layer.bias(layer.arrays, "rnn.bias_l0");
  const auto first = layer.bias(torch, "rnn.bias_ih_l0");
  const auto second = layer.bias(torch, "rnn.bias_hh_l0");
  ASSERT_EQ(first.size(), 3U * units);
  ASSERT_EQ(second.size(), 3U * units);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i], own[i]) << i;
  for (std::size_t i = 0; i < second.size(); ++i) {
    EXPECT_EQ(second[i], i < 2U * units ? 0.0F : own[units + i]) << i;
  }
}

TEST(TorchArrays, OfOthersHaveBothBiasesAdded) {
  const Layer layer("lstm");
  NamedState torch = to_torch(layer.arrays, layer.layout, layer.cell);
  NamedArray& second = torch.arrays().at("rnn.bias_hh_l0");
  reinterpret_cast<float*>(second.bytes.data())[4] = 100;
  const auto own = layer.bias(layer.arrays, "rnn.bias_l0");
  const NamedState back = from_torch(torch, layer.layout, layer.cell);
  const auto joined = layer.bias(back, "rnn.bias_l0");
  for (std::size_t i = 0; i < own.size(); ++i) {
    EXPECT_EQ(joined[i], own[i] + (i == 4 ? 100.0F : 0.0F)) << i;
  }
}

TEST(TorchArrays, OfOtherShapesStayAsTheyAre) {
  const Layer layer("lstm");
  NamedState torch;
  const std::vector<float> five(5);
  torch.put<float>("rnn.bias_ih_l0", five, {5});
  torch.put<float>("rnn.bias_hh_l0", five, {5});
  EXPECT_EQ(digest(from_torch(torch, layer.layout, layer.cell), ""), digest(torch, ""));
}

}  // namespace
}  // namespace rondo
