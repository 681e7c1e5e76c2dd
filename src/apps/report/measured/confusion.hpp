// What a classifier took for what.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rondo::apps::report {

// [given][said], how often; of many classes the most frequent mistakes alone.
std::string confusion_table(const std::vector<std::vector<std::int64_t>>& confusion,
                            const std::vector<std::string>& names);

}  // namespace rondo::apps::report
