// Where each parameter lies in one contiguous buffer.
//
// A layout is a list of named segments (one weight matrix, one bias, one table). Parameters,
// gradients and the optimizer's moments are buffers of the same layout, so that reduction, update,
// norm, checkpoint and hash are one loop each. Stored order is what the kernels read (blocked and
// padded, a function of the configuration alone); logical order is plain row-major with PyTorch's
// names and gate order, and is what checkpoints and digests hold.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rondo/core/buffer.hpp"
#include "rondo/core/named_state.hpp"
#include "rondo/core/panels.hpp"

namespace rondo {

struct Segment {
  enum class Storage : std::uint8_t {
    // Logical [groups * units, columns] stored as [unit panel][group][column][width]: a weight
    // matrix with `groups` gates, or, with one column, their biases.
    panels,
    // Logical [units, columns] stored row by row, each padded to whole panels: a table of vectors.
    rows,
  };
  // What the segment is to its network: set where it is added, and asked by whoever treats some
  // otherwise than others. Names are for people and files.
  enum class Role : std::uint8_t {
    unspecified,        // nobody asks
    embedding,          // a table of vectors, one a token
    input_weights,      // of a recurrent layer's gates
    recurrent_weights,  // likewise, of its hidden state
    gate_bias,
    peephole,
    gain,        // of what is normalised
    projection,  // of the recurrent layer whose recurrent weights stand before it
    initial_state,
    output_weights,  // of a head
    output_bias,
    attention_weights,  // matrices of attention, and of bridges
    attention_bias,
    attention_score,  // a vector that makes scores
  };
  std::string name;
  Role role = Role::unspecified;
  Storage storage = Storage::panels;
  int groups = 1;
  int units = 0;
  int columns = 1;
  bool frozen = false;     // no update changes it, nor counts its gradient
  bool vector = false;     // one-dimensional to readers: the shape leaves the columns out
  std::string meaning;     // for readers of the checkpoint: order of gates and the like
  std::size_t offset = 0;  // in the buffer, in elements
  std::size_t size = 0;    // stored elements, padding included

  int rows() const { return groups * units; }
  std::size_t elements() const { return std::size_t(rows()) * std::size_t(columns); }
  std::vector<std::uint64_t> shape() const;
  // Stored position of a logical element, relative to `offset`.
  std::size_t index(int row, int column) const;
  // Stored start of the panel of (unit panel j, group g): [column][width], relative to `offset`.
  std::size_t panel(int j, int group) const;
};

class ParameterLayout {
 public:
  // Appends a segment and returns its position in segments(). Names are unique.
  std::size_t add(Segment segment);

  const std::vector<Segment>& segments() const { return segments_; }
  const Segment& operator[](std::size_t i) const { return segments_[i]; }
  // Keeps a segment as it is, from now on.
  void freeze(std::size_t segment) { segments_[segment].frozen = true; }
  // Positions of the segments in bytewise order of their names.
  const std::vector<std::size_t>& by_name() const { return by_name_; }
  // The first segment of a role. RunError where there is none.
  const Segment& first(Segment::Role role) const;
  std::size_t size() const { return size_; }  // stored elements
  std::size_t elements() const;               // logical elements: the number of parameters

  // Copies a buffer of this layout to logical arrays named prefix + segment name, and back.
  // load() leaves padding at +0 and throws InputError where name, type or shape differ; check() is
  // that alone, and throws it for an array under the prefix that is none of this layout's.
  template <class Real>
  void save(std::span<const Real> buffer, const std::string& prefix, NamedState& state) const;
  template <class Real>
  void load(const NamedState& state, const std::string& prefix, std::span<Real> buffer) const;
  template <class Real>
  void check(const NamedState& state, const std::string& prefix) const;

 private:
  std::vector<Segment> segments_;
  std::vector<std::size_t> by_name_;
  std::size_t size_ = 0;
};

}  // namespace rondo
