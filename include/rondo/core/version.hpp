// Which arithmetic this program computes with.
#pragma once

namespace rondo {

// Raised by every change that may change a bit of a result (src/README.md); kept in checkpoints,
// printed by --version.
inline constexpr int numerics_version = 1;

}  // namespace rondo
