#include "rondo/model/settings.hpp"

#include "rondo/core/errors.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/model/network.hpp"

namespace rondo {
namespace {

using keys::choice;
using keys::flag;
using keys::integer;
using keys::million;
using keys::number;

using S = NetworkSettings;

constexpr std::int64_t most_steps_together = 1000;  // as one of the last layer's

const Cell<float>& cell_of(const S& settings) { return find_cell<float>(settings.cell); }

// A projection is narrower than what it projects, as PyTorch asks too: one that is not would give
// the state nothing but more weights.
void check_projection(const S& settings) {
  const bool projects = cell_of(settings).projects;
  if (!projects && settings.projection != 0) {
    throw_input("--projection is for --cell {}, not {}",
                list_names(cell_names([](const Cell<float>& cell) { return cell.projects; })),
                settings.cell);
  }
  if (projects && settings.projection == 0) {
    throw_input(
        "--cell {} needs --projection N, the units of its hidden state, fewer than --hidden {}",
        settings.cell, settings.hidden);
  }
  if (projects && settings.projection >= settings.hidden) {
    throw_input("--projection {} is not below --hidden {}; it makes the hidden state smaller",
                settings.projection, settings.hidden);
  }
}

void check_pyramid(const S& settings) {
  if (settings.pyramid == 1) return;
  if (settings.layers == 1) {
    throw_input(
        "--pyramid makes one of a few steps between two layers, and there is one layer: give "
        "--layers 2 or more");
  }
  if (settings.residual) {
    throw_input(
        "--residual adds a layer's input to its output, and with --pyramid the input is of several "
        "steps: leave out one of them");
  }
  std::int64_t together = 1;
  for (std::int64_t layer = 1; layer < settings.layers; ++layer) {
    together *= settings.pyramid;
    if (together <= most_steps_together) continue;
    throw_input(
        "--pyramid {} over --layers {} makes one step of more than {}: give fewer of either",
        settings.pyramid, settings.layers, most_steps_together);
  }
}

// What a cell can be.
void complete_network(S& settings) {
  if (settings.embedding == 0) settings.embedding = settings.outputs();
  check_projection(settings);
  if (settings.tied && settings.embedding != settings.outputs()) {
    throw_input(
        "--tied needs embeddings as wide as a layer: --embedding {} is not --{} {}; "
        "leave --embedding out, or make them equal",
        settings.embedding, settings.projection > 0 ? "projection" : "hidden", settings.outputs());
  }
  if (settings.tied && settings.frozen_vectors) {
    throw_input(
        "--frozen-vectors keeps the embedding as it is, and --tied makes it the output's weights, "
        "which are to be trained: leave one of them out");
  }
  const bool gated = cell_of(settings).is_gated();
  if (is_for_one_gate(settings.initialization) && gated) {
    throw_input("--initialization {} is for --cell {}, not {}", settings.initialization,
                list_names(cell_names([](const Cell<float>& cell) { return !cell.is_gated(); })),
                settings.cell);
  }
  if (settings.chrono_span != 0 && !gated) {
    throw_input("--chrono-span sets the biases of gates, and --cell {} has none", settings.cell);
  }
  if (settings.chrono_span == 1 || settings.chrono_span == 2) {
    throw_input("--chrono-span {} is no span to remember; give 3 or more, or 0 for none",
                settings.chrono_span);
  }
  if (settings.zoneout_cell > 0 && !cell_of(settings).has_cell_state) {
    throw_input(
        "--zoneout-cell keeps units of a cell state, and --cell {} has none; --zoneout "
        "keeps those of the hidden state",
        settings.cell);
  }
  if (settings.residual && settings.layers == 1) {
    throw_input(
        "--residual adds a layer's input to its output from the second layer on, and there "
        "is one: give --layers 2 or more");
  }
  check_pyramid(settings);
}

std::string why_not_dropout(const S& s, const Start&) {
  return unless(s.dropout == 0 || s.layers > 1, "it is between layers, and there is one");
}

std::string why_not_locked(const S& s, const Start&) {
  const bool drops = (s.dropout > 0 && s.layers > 1) || s.dropout_input > 0 || s.dropout_output > 0;
  return unless(!s.dropout_locked || drops,
                "none of --dropout, --dropout-input and --dropout-output is at work");
}

std::string why_not_rule(const S& s, const Start& start) {
  if (!start.weights_given.empty()) return start.weights_given;
  return unless(s.initial_range == 0, "--initial-range gives all first values");
}

std::string why_not_forget_bias(const S& s, const Start& start) {
  if (cell_of(s).forget_slot < 0) return "it is an LSTM's";
  const std::string why = why_not_rule(s, start);
  return why.empty() ? unless(s.chrono_span == 0, "--chrono-span gives the gates' biases") : why;
}

}  // namespace

SettingsGroup<S> network_settings() {
  using enum KeyKind;
  return {
      .heading = "model",
      .keys =
          {
              choice({"cell", fixed, "recurrent cell"}, &S::cell, cell_names()),
              integer({"layers", fixed, "recurrent layers"}, &S::layers, 1, 64),
              integer({"hidden", fixed, "units of a layer"}, &S::hidden, 1, 65536),
              integer({"projection", fixed,
                       "units of lstm-projected's hidden state and output, below hidden"},
                      &S::projection, 0, 65536),
              integer(
                  {"embedding", fixed,
                   "size of a symbol's embedding; 0: as a layer's output, hidden or projection"},
                  &S::embedding, 0, 65536),
              flag({"bidirectional", fixed,
                    "tasks of whole sequences: each layer goes through a sequence from both its "
                    "ends, with hidden units each way, and says both sides' outputs"},
                   &S::bidirectional),
              flag({"frozen-vectors", fixed,
                    "the embedding of words stays as --vectors or --init-from gave it, also where "
                    "the file has no line for a word"},
                   &S::frozen_vectors),
              flag({"tied", fixed, "one matrix serves as embeddings and as the output's weights"},
                   &S::tied),
              flag({"residual", fixed,
                    "add each layer's input to its output, from the second layer on"},
                   &S::residual),
              integer(
                  {"pyramid", fixed,
                   "transcribe: steps of a layer whose outputs are put side by side as one step "
                   "of the layer above: each layer has so many times fewer"},
                  &S::pyramid, 1, most_steps_together),
              number({"dropout", fixed, "probability of zeroing a unit between layers"},
                     &S::dropout, {0, 1, false, true}),
              number({"dropout-input", fixed, "and of zeroing one of the first layer's inputs"},
                     &S::dropout_input, {0, 1, false, true}),
              number({"dropout-output", fixed, "and of zeroing one of the softmax's inputs"},
                     &S::dropout_output, {0, 1, false, true}),
              flag({"dropout-locked", fixed,
                    "zero the same units at all time steps of a window, in the three dropouts "
                    "above"},
                   &S::dropout_locked),
              number({"dropout-embedding", fixed,
                      "probability of zeroing a symbol's embedding, for a whole window"},
                     &S::dropout_embedding, {0, 1, false, true}),
              number(
                  {"dropout-weights", fixed,
                   "probability of zeroing a weight of the recurrent matrices, for a whole window"},
                  &S::dropout_weights, {0, 1, false, true}),
              number(
                  {"zoneout", fixed,
                   "probability that a unit of the hidden state keeps its value over a time step"},
                  &S::zoneout, {0, 1, false, true}),
              number({"zoneout-cell", fixed, "and that one of an LSTM's cell state does"},
                     &S::zoneout_cell, {0, 1, false, true}),
              number({"activation-penalty", fixed,
                      "weight of the mean square of the last layer's outputs, after their dropout"},
                     &S::activation_penalty, {0, 1000}),
              number({"temporal-penalty", fixed,
                      "weight of the mean square of their changes from step to step, before it"},
                     &S::temporal_penalty, {0, 1000}),
              number({"label-smoothing", fixed,
                      "share of each target's probability that the training loss spreads over all "
                      "symbols"},
                     &S::label_smoothing, {0, 1, false, true}),
          },
      .complete = complete_network,
      .idle = {{"dropout", why_not_dropout}, {"dropout-locked", why_not_locked}}};
}

SettingsGroup<S> first_value_settings() {
  using enum KeyKind;
  return {
      .heading = "model",
      .keys =
          {
              choice({"initialization", fixed, "first values of the matrices"}, &S::initialization,
                     initialization_names()),
              number({"forget-bias", fixed, "first value of the LSTM's forget bias"},
                     &S::forget_bias, {-100, 100}),
              integer(
                  {"chrono-span", fixed,
                   "time steps that gates are to remember: their biases start in keeping; 0: as "
                   "forget-bias says"},
                  &S::chrono_span, 0, million),
              number({"initial-range", fixed,
                      "all first weights and biases are uniform up to this size; 0: as "
                      "initialization says"},
                     &S::initial_range, {0, 1000}),
              choice({"initial-state", fixed,
                      "where a document's hidden and cell states begin: at zero, or at a vector "
                      "that is learned"},
                     &S::initial_state, {"zero", "trained"}),
              choice({"precision", fixed, "arithmetic; double is slow and for checks"},
                     &S::precision, {"float", "double"}),
          },
      .idle = {{"initialization", why_not_rule},
               {"forget-bias", why_not_forget_bias},
               {"chrono-span",
                [](const S& s, const Start& start) {
                  return s.chrono_span == 0 ? std::string() : why_not_rule(s, start);
                }},
               {"initial-range", [](const S& s, const Start& start) {
                  return s.initial_range == 0 ? std::string() : start.weights_given;
                }}}};
}

}  // namespace rondo
