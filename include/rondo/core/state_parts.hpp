// A state part by part: what is too large to be copied as a whole.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rondo/core/hash.hpp"
#include "rondo/core/named_state.hpp"
#include "rondo/core/parameter_layout.hpp"

namespace rondo {

// ParameterLayout::save() of one segment alone.
template <class Real>
void save_segment(const Segment& segment, std::span<const Real> buffer, const std::string& prefix,
                  NamedState& state);

// Takes one array into a digest as digest() of core/named_state.hpp does, called `name` there.
void hash_array(Sha256& hash, std::string_view name, const NamedArray& array);

}  // namespace rondo
