// What of a trained model a C file is made from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "export/c/weights/c_int8.hpp"
#include "export/matrices.hpp"
#include "rondo/data/columns.hpp"
#include "rondo/model/cell.hpp"
#include "rondo/train/saved_model.hpp"

namespace rondo {

struct CMatrix : Matrix {
  std::string name = {};           // in C: "weight_ih_l0"
  std::vector<float> scales = {};  // of its rows, where they are int8
};

// A column that the network reads.
struct CInput {
  std::string name;  // in C: a field of the input
  const Column* column = nullptr;
  int width = 0;    // values that it is for the first layer
  CMatrix table{};  // of symbols
};

struct CLayer {
  int inputs = 0, units = 0, outputs = 0;
  CMatrix weights, recurrent, bias, gain;                      // rows: gate, then unit
  CMatrix peephole, projection, initial_hidden, initial_cell;  // those that there are
  CMatrix feeding;  // of what attention made of the step before, to a decoder's first layer
};

// Where a decoder begins: tanh(W x + b) of what each direction of the encoder says last.
struct CBridge {
  CMatrix weights, bias;

  bool is_there() const { return weights.is_there(); }
};

struct CDecoderLayer : CLayer {
  CBridge hidden, cell;
};

// What says symbol after symbol, of what the layers have read (model/decoder/attention.hpp).
struct CDecoder {
  CMatrix table;  // of what has been said; that of an input, where both are one
  std::vector<CDecoderLayer> layers;
  CMatrix key_weights, key_bias, query, score;  // of attention, those that there are
  CMatrix context_weights, hidden_weights;      // of what it makes; without attention none
  std::int32_t end = 0, unknown = -1;           // symbols: ends and begins; is not said

  bool attends() const { return context_weights.is_there(); }
};

// By which functions a program uses a file.
enum class CUse : std::uint8_t {
  steps,     // one for each step
  sequence,  // one for all steps, since it needs all before it says anything
  answers,   // all steps are read, then one for each symbol that is said
};

struct CModel {
  const SavedModel<float>* saved = nullptr;
  RowScales scales;  // of those of its matrices that are int8
  const Cell<float>* cell = nullptr;
  const Column* target = nullptr;
  std::vector<CInput> inputs;
  std::vector<CLayer> layers;
  std::vector<CLayer> reversed;  // of --bidirectional the same layers, from the last step on
  CMatrix pool_weights, pool_bias, pool_score;  // of --pool attention
  std::optional<CDecoder> decoder;
  CMatrix output_bias, output_weights;  // the weights empty where they are a table's

  const Config& config() const { return saved->config; }
  int width() const;  // of what the first layer reads
  int top() const;    // of what the last one says of a step
  int outputs() const { return output_bias.rows; }
  bool says_steps() const { return rondo::says_steps(*saved); }  // else one for all steps
  CUse use() const;
  bool reads_symbols() const;
  bool is_tied() const { return output_weights.values.empty(); }
  // Of what is said, where it is read again.
  const CMatrix& said_table() const { return decoder ? decoder->table : inputs.front().table; }
  bool pools() const { return config().pool != "last"; }
};

// `saved` outlives it, and has been rounded where there are scales. InputError, one sentence, for
// what no C file is written of.
CModel c_model(const SavedModel<float>& saved, const std::string& where, RowScales scales = {});

}  // namespace rondo
