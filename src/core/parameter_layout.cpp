#include "rondo/core/parameter_layout.hpp"

#include <algorithm>

#include "rondo/core/state_parts.hpp"

namespace rondo {

std::vector<std::uint64_t> Segment::shape() const {
  if (vector) return {static_cast<std::uint64_t>(rows())};
  return {static_cast<std::uint64_t>(rows()), static_cast<std::uint64_t>(columns)};
}

std::size_t Segment::panel(int j, int group) const {
  const auto k = static_cast<std::size_t>(columns);
  const std::size_t full_panels = static_cast<std::size_t>(j) * Panels::full * k;
  const auto width = static_cast<std::size_t>(Panels{units}.width(j));
  return full_panels * static_cast<std::size_t>(groups) +
         static_cast<std::size_t>(group) * k * width;
}

std::size_t Segment::index(int row, int column) const {
  if (storage == Storage::rows) {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(Panels{columns}.padded()) +
           static_cast<std::size_t>(column);
  }
  const int unit = row % units;
  const int j = unit / Panels::full;
  return panel(j, row / units) +
         static_cast<std::size_t>(column) * static_cast<std::size_t>(Panels{units}.width(j)) +
         static_cast<std::size_t>(unit % Panels::full);
}

std::size_t ParameterLayout::add(Segment segment) {
  for (const Segment& other : segments_) {
    if (other.name == segment.name) throw_run("parameter '{}' exists twice", segment.name);
  }
  segment.offset = size_;
  segment.size = segment.storage == Segment::Storage::rows
                     ? static_cast<std::size_t>(segment.units) *
                           static_cast<std::size_t>(Panels{segment.columns}.padded())
                     : static_cast<std::size_t>(Panels{segment.units}.padded()) *
                           static_cast<std::size_t>(segment.groups) *
                           static_cast<std::size_t>(segment.columns);
  size_ += segment.size;
  const std::size_t position = segments_.size();
  const auto place = std::upper_bound(
      by_name_.begin(), by_name_.end(), segment.name,
      [this](const std::string& name, std::size_t i) { return name < segments_[i].name; });
  by_name_.insert(place, position);
  segments_.push_back(std::move(segment));
  return position;
}

std::size_t ParameterLayout::elements() const {
  std::size_t total = 0;
  for (const Segment& segment : segments_) total += segment.elements();
  return total;
}

const Segment& ParameterLayout::first(Segment::Role role) const {
  for (const Segment& segment : segments_) {
    if (segment.role == role) return segment;
  }
  throw_run("no parameter has the role {}", static_cast<int>(role));
}

template <class Real>
void ParameterLayout::save(std::span<const Real> buffer, const std::string& prefix,
                           NamedState& state) const {
  for (const Segment& segment : segments_) save_segment(segment, buffer, prefix, state);
}

template <class Real>
void save_segment(const Segment& segment, std::span<const Real> buffer, const std::string& prefix,
                  NamedState& state) {
  NamedArray& array = state.add(prefix + segment.name, element_type<Real>(), segment.shape());
  if (!segment.meaning.empty()) array.attributes["meaning"] = segment.meaning;
  auto* logical = reinterpret_cast<Real*>(array.bytes.data());
  const Real* stored = buffer.data() + segment.offset;
  for (int row = 0; row < segment.rows(); ++row) {
    // A row's elements are equally far apart.
    const Real* const from = stored + segment.index(row, 0);
    const std::size_t stride =
        segment.columns > 1 ? segment.index(row, 1) - segment.index(row, 0) : 0;
    for (int column = 0; column < segment.columns; ++column) {
      *logical++ = from[static_cast<std::size_t>(column) * stride];
    }
  }
}

template <class Real>
void ParameterLayout::load(const NamedState& state, const std::string& prefix,
                           std::span<Real> buffer) const {
  for (const Segment& segment : segments_) {
    const auto shape = segment.shape();
    const Real* logical = state.get<Real>(prefix + segment.name, shape).data();
    Real* stored = buffer.data() + segment.offset;
    std::fill_n(stored, segment.size, Real{0});
    for (int row = 0; row < segment.rows(); ++row) {
      for (int column = 0; column < segment.columns; ++column) {
        stored[segment.index(row, column)] = *logical++;
      }
    }
  }
}

template <class Real>
void ParameterLayout::check(const NamedState& state, const std::string& prefix) const {
  for (const Segment& segment : segments_) state.get<Real>(prefix + segment.name, segment.shape());
  for (const auto& [name, array] : state.arrays()) {
    if (!name.starts_with(prefix)) continue;
    const auto has_name = [&, own = name.substr(prefix.size())](const Segment& segment) {
      return segment.name == own;
    };
    if (std::none_of(segments_.begin(), segments_.end(), has_name)) {
      throw_input("the saved state has '{}', and this configuration has no place for it", name);
    }
  }
}

template void ParameterLayout::save(std::span<const float>, const std::string&, NamedState&) const;
template void ParameterLayout::save(std::span<const double>, const std::string&, NamedState&) const;
template void save_segment(const Segment&, std::span<const float>, const std::string&, NamedState&);
template void save_segment(const Segment&, std::span<const double>, const std::string&,
                           NamedState&);
template void ParameterLayout::load(const NamedState&, const std::string&, std::span<float>) const;
template void ParameterLayout::load(const NamedState&, const std::string&, std::span<double>) const;
template void ParameterLayout::check<float>(const NamedState&, const std::string&) const;
template void ParameterLayout::check<double>(const NamedState&, const std::string&) const;

}  // namespace rondo
