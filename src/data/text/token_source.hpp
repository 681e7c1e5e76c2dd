// What every token source checks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rondo {

// InputError, with `where` in front, unless `starts` ascend from 0 and end before `size` >= 1.
void check_documents(const std::vector<std::int64_t>& starts, std::int64_t size,
                     const std::string& where);

// RunError unless tokens [first, first + count) are some of [0, size).
void check_range(std::int64_t first, std::size_t count, std::int64_t size);

}  // namespace rondo
