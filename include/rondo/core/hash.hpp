// sha256, by OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rondo {

using Sha256Bytes = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text) { update(std::as_bytes(std::span(text.data(), text.size()))); }
  // Ends the hash; the object may not be used afterwards.
  Sha256Bytes finish();

 private:
  void* context_;
};

Sha256Bytes sha256(std::span<const std::byte> bytes);
std::string to_hex(const Sha256Bytes& hash);

}  // namespace rondo
