#include "apps/bench/report.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "apps/words/program_version.hpp"
#include "apps/words/say.hpp"
#include "rondo/kernels/targets/target.hpp"

namespace rondo::apps::bench {
namespace {

// Buffers that fit the first, second and third cache of most processors, and one that fits none.
constexpr std::size_t sizes[] = {std::size_t{16} << 10, std::size_t{256} << 10,
                                 std::size_t{4} << 20, std::size_t{256} << 20};
constexpr const char* size_names[] = {"16 KB", "256 KB", "4 MB", "256 MB"};

std::string cell(const Column& column, const Json& value) {
  if (value.is_null()) return fmt::format("{:>{}}", "-", column.width);
  if (value.is_string()) {
    return fmt::format("{:<{}}", value.get_ref<const std::string&>(), -column.width);
  }
  return fmt::format("{:>{}.{}f}", value.get<double>() * column.scale, column.width,
                     column.decimals);
}

void print_line(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  print_result("{}\n", line);
  std::fflush(stdout);  // somebody may be waiting for it
}

}  // namespace

void add_spread(std::vector<Column>& columns, const std::string& key, const std::string& heading,
                int width, int decimals, double scale) {
  columns.push_back({key + "_median", heading, width, decimals, scale});
  columns.push_back({key + "_least", "least", width, decimals, scale});
  columns.push_back({key + "_most", "most", width, decimals, scale});
}

void add_spread(std::vector<Json>& row, const Spread& spread) {
  row.insert(row.end(), {spread.median, spread.least, spread.most});
}

Report::Report(const std::string& part, bool json, std::vector<Column> columns, Json facts)
    : json_(json), columns_(std::move(columns)), before_(measure_limits()) {
  object_ = {{"part", part},
             {"rondo", program_version()},
             {"processor", processor_name()},
             {"vector", kernels::selected_target()},
             {"compiler", compiler_name()}};
  object_.update(facts);
  if (json_) return;
  print_result("rondo {} bench {}: {}, {}, built by {}\n{}\n", program_version(), part,
               object_["processor"].get<std::string>(), object_["vector"].get<std::string>(),
               object_["compiler"].get<std::string>(), in_words(before_));
  std::string words;
  for (const auto& [key, value] : facts.items()) {
    words += fmt::format("{}{}: {}", words.empty() ? "" : ", ", key, value.dump());
  }
  print_result("{}\n\n", words);
  std::string line;
  for (const Column& column : columns_) {
    line += column.width < 0 ? fmt::format("{:<{}} ", column.heading, -column.width)
                             : fmt::format("{:>{}} ", column.heading, column.width);
  }
  print_line(line);
}

void Report::add(const std::vector<Json>& row) {
  if (!json_) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) line += cell(columns_[i], row[i]) + ' ';
    return print_line(line);
  }
  Json object = Json::object();
  for (std::size_t i = 0; i < columns_.size(); ++i) object[columns_[i].key] = row[i];
  object_["rows"].push_back(std::move(object));
}

void Report::finish() {
  const Limits after = measure_limits();
  if (!json_) {
    print_result("\nafterwards: {}\n", in_words(after));
    return;
  }
  Json rows = std::move(object_["rows"]);
  object_.erase("rows");
  object_["fma_peak_gflops_before"] = before_.peak * 1e-9;
  object_["fma_peak_gflops_after"] = after.peak * 1e-9;
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    object_["read_bandwidth"].push_back(
        {{"buffer_bytes", sizes[i]},
         {"gigabytes_per_second_before", before_.bandwidth[i] * 1e-9},
         {"gigabytes_per_second_after", after.bandwidth[i] * 1e-9}});
  }
  object_["rows"] = std::move(rows);
  print_result("{}\n", object_.dump(2));
}

Report::Limits Report::measure_limits() {
  Limits limits;
  kernels::fma_peak();  // lets the clock settle
  limits.peak = kernels::fma_peak();
  for (const std::size_t size : sizes) limits.bandwidth.push_back(kernels::read_bandwidth(size));
  return limits;
}

std::string Report::in_words(const Limits& limits) {
  std::string text = fmt::format("FMA peak {:.1f} GFLOP/s; one thread reads", limits.peak * 1e-9);
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    text += fmt::format("{} {:.1f} GB/s from {}", i == 0 ? "" : ",", limits.bandwidth[i] * 1e-9,
                        size_names[i]);
  }
  return text;
}

}  // namespace rondo::apps::bench
