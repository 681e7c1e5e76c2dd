// Tables of what was measured.
#pragma once

#include <cstdint>
#include <string>

#include "apps/report/html.hpp"
#include "apps/report/measured/intervals.hpp"
#include "apps/report/run_metrics.hpp"
#include "rondo/io/dataset_file.hpp"
#include "rondo/tasks/evaluation.hpp"

namespace rondo::apps::report {

// A value of a task's figures_json(), or a list of them.
std::string in_words(const Json& value);
// "Classes", of "classes".
std::string title_of(std::string key);
// A list of objects of the same keys, not empty.
std::string table_of(const Json& list);
// What each split of a data set has.
std::string splits_table(const DatasetReader& file);
// The figures with their intervals: of shares of targets that are right or not Wilson's, `answered`
// of them and of `sequences` one each; else the bootstrap's, where there is one.
std::string figures_table(const Evaluation& evaluation, LossUnit unit, std::int64_t answered,
                          std::int64_t sequences, const Intervals& intervals);

}  // namespace rondo::apps::report
