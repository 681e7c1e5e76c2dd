#include "model/regular/dropout.hpp"

#include "model/regular/drawn_units.hpp"

namespace rondo {

template <class Real>
Dropout<Real>::Dropout(double probability, bool locked, const StageIdentity& identity,
                       Activations<Real> below, Activations<Real> below_gradient,
                       const PassShape& shape, Allocations& memory)
    : probability_(static_cast<float>(probability)),
      locked_(locked),
      scale_(static_cast<Real>(1.0 / (1.0 - probability))),
      identity_(identity),
      lanes_(shape.lanes),
      below_(below),
      below_gradient_(below_gradient),
      output_(memory.make<Real>(MemoryUse::activations,
                                below.stride * static_cast<std::size_t>(shape.times))),
      masks_(memory.make<std::uint64_t>(MemoryUse::activations,
                                        static_cast<std::size_t>(shape.times) *
                                            static_cast<std::size_t>(shape.lanes) *
                                            static_cast<std::size_t>(below.panels.count()))) {}

template <class Real>
std::uint64_t& Dropout<Real>::mask(int t, int panel, int lane) {
  return masks_[(static_cast<std::size_t>(t) * static_cast<std::size_t>(below_.panels.count()) +
                 static_cast<std::size_t>(panel)) *
                    static_cast<std::size_t>(lanes_) +
                static_cast<std::size_t>(lane)];
}

template <class Real>
void Dropout<Real>::forward(const WindowView& window, TimeRange times, LaneRange lanes) {
  const RandomStream random = identity_.stream(Purpose::dropout, window);
  const Panels& panels = below_.panels;
  for (int t = times.begin; t < times.end; ++t) {
    for (int p = 0; p < panels.count(); ++p) {
      const int width = panels.width(p);
      for (int lane = lanes.begin; lane < lanes.end; ++lane) {
        Owner owner = window.drawn_by(t, lane);
        const bool goes_on = locked_ && owner.step > 0 && t > 0;
        if (locked_) owner.step = 0;
        const std::uint64_t bits = mask(t, p, lane) =
            goes_on ? mask(t - 1, p, lane) : drawn_units(random, probability_, panels, p, owner);
        const std::size_t row = static_cast<std::size_t>(t) * below_.stride +
                                panels.offset(p, lanes_) + static_cast<std::size_t>(lane * width);
        for (int u = 0; u < width; ++u) {
          const Real value = below_.data[row + static_cast<std::size_t>(u)] * scale_;
          output_[row + static_cast<std::size_t>(u)] = (bits >> u & 1) != 0 ? value : Real{0};
        }
      }
    }
  }
}

template <class Real>
void Dropout<Real>::backward(TimeRange times, LaneRange lanes) {
  if (below_gradient_.data == nullptr) return;  // nobody asks for it
  const Panels& panels = below_.panels;
  for (int t = times.begin; t < times.end; ++t) {
    for (int p = 0; p < panels.count(); ++p) {
      const int width = panels.width(p);
      for (int lane = lanes.begin; lane < lanes.end; ++lane) {
        const std::uint64_t kept = mask(t, p, lane);
        Real* row = below_gradient_.data + static_cast<std::size_t>(t) * below_gradient_.stride +
                    panels.offset(p, lanes_) + static_cast<std::size_t>(lane * width);
        for (int u = 0; u < width; ++u) {
          const Real value = row[u] * scale_;
          row[u] = (kept >> u & 1) != 0 ? value : Real{0};
        }
      }
    }
  }
}

template class Dropout<float>;
template class Dropout<double>;

}  // namespace rondo
