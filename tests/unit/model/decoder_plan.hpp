// Small networks of an encoder and a decoder, one of each kind.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "rondo/model/cell.hpp"
#include "rondo/model/network_plan.hpp"

namespace rondo::test {

inline constexpr int symbols = 5, classes = 6;
inline constexpr AttentionKind attentions[] = {AttentionKind::none, AttentionKind::dot,
                                               AttentionKind::general, AttentionKind::additive};

struct DecoderPlan {
  std::string cell = "lstm";
  AttentionKind attention = AttentionKind::additive;
  bool feeding = false;
  bool drops = false;
  int layers = 1;
  int hidden = 6;       // of the decoder; half of it of each direction of the encoder
  bool tied = false;    // the outputs, to the target's embedding,
  bool shared = false;  // which is the source's
};

inline NetworkPlan plan_of(const DecoderPlan& shape) {
  NetworkPlan plan(9);
  RecurrentShape reads;
  reads.cell = shape.cell;
  reads.hidden = shape.hidden / 2;
  reads.projection = usual_projection(shape.cell, reads.hidden);
  reads.bidirectional = true;
  reads.stack = "encoder.rnn";
  const int width = reads.projection > 0 ? 2 * reads.projection : shape.hidden;
  const double rows = shape.drops && shape.shared ? 0.1 : 0;
  const Signal source =
      shape.shared ? plan.embedding(0, classes, width, rows) : plan.embedding(0, symbols, 3, rows);
  Signal encoder = plan.recurrent(source, reads);
  encoder = plan.dropout(encoder, shape.drops ? 0.2 : 0, true);
  DecoderShape decoder;
  decoder.layer.cell = shape.cell;
  decoder.layer.hidden = shape.hidden;
  decoder.layer.projection = 2 * reads.projection;
  decoder.layers = shape.layers;
  decoder.attention = shape.attention;
  decoder.attention_units = 5;
  decoder.feeding = shape.feeding;
  if (shape.drops) {
    decoder.layer.zoneout = 0.2;
    decoder.layer.zoneout_cell = 0.1;
    decoder.layer.weight_dropout = 0.1;
    decoder.dropout_input = decoder.dropout = 0.2;
    decoder.dropout_locked = shape.feeding;
  }
  const Signal target =
      shape.shared ? plan.same_table(source, 0, rows) : plan.embedding(0, classes, width, rows, 1);
  Signal said = plan.decoder(encoder, target, decoder);
  said = plan.dropout(said, shape.drops ? 0.2 : 0, false);
  plan.softmax(said, 1, classes, 0, {}, shape.tied ? target : Signal{});
  return plan;
}

// Each attention, with and without feeding; the cells that they have alternate.
inline std::vector<DecoderPlan> all_decoders() {
  std::vector<DecoderPlan> all;
  for (const AttentionKind attention : attentions) {
    all.push_back({.cell = all.size() % 2 == 0 ? "lstm" : "gru", .attention = attention});
    if (attention == AttentionKind::none) continue;
    all.push_back({.cell = all.size() % 2 == 0 ? "lstm" : "gru",
                   .attention = attention,
                   .feeding = true,
                   .layers = 2});
  }
  return all;
}

inline std::string name_of(const DecoderPlan& plan) {
  return fmt::format("{} attention {} feeding {} drops {}", plan.cell,
                     static_cast<int>(plan.attention), plan.feeding, plan.drops);
}

}  // namespace rondo::test
