// Arrays of NumPy: an item has as many numbers as its shape tells, and none stands behind the last.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "data/tables/importers/npy_array.hpp"
#include "data/text/utf8.hpp"
#include "require.hpp"
#include "rondo/core/errors.hpp"

namespace {

class FuzzedBytes final : public rondo::ByteSource {
 public:
  FuzzedBytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint64_t size() const override { return size_; }
  std::size_t read(char* to, std::size_t count) override {
    count = std::min(count, size_ - at_);
    if (count > 0) std::memcpy(to, data_ + at_, count);
    at_ += count;
    return count;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_, at_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rondo;
  try {
    NpyArray array(std::make_unique<FuzzedBytes>(data, size), "the array");
    const ItemShape& shape = array.shape();
    require(shape.items >= 0 && shape.size >= 1 && shape.width >= 1);
    require(static_cast<std::uint64_t>(shape.items) <= size);
    std::vector<double> numbers;
    std::string text;
    for (std::int64_t item = 0; item < shape.items; ++item) {
      if (array.is_text()) {
        array.next(text);
        require(utf8::valid_prefix(text) == text.size());
      } else {
        array.next(numbers);
        require(numbers.size() == static_cast<std::size_t>(shape.size));
      }
    }
  } catch (const InputError& error) {
    require_sentence(error);
  }
  return 0;
}
