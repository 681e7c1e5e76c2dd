#include "data/tables/table_splits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <string_view>

#include "data/tables/values/cell_values.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/core/random.hpp"
#include "rondo/data/splits.hpp"

namespace rondo {
namespace {

constexpr std::uint8_t train = 0, validation = 1, test = 2;

// What stays together: sequences by number.
using Unit = std::vector<std::size_t>;

struct Shares {
  double validation, test;
};

// By a column whose values are the splits' names.
bool assign_by_names(const SequenceFacts& facts, std::vector<std::uint8_t>& splits) {
  if (facts.unit_names.empty()) return false;
  for (const std::string& name : facts.unit_names) {
    if (!split_named(name)) return false;
  }
  for (std::size_t i = 0; i < splits.size(); ++i) {
    if (facts.files[i] != train) continue;
    splits[i] = *split_named(facts.unit_names[static_cast<std::size_t>(facts.units[i])]);
  }
  return true;
}

// The sequences of --input, in units.
std::vector<Unit> units_of(const SequenceFacts& facts) {
  std::vector<Unit> units(facts.unit_names.size());
  for (std::size_t i = 0; i < facts.sequences(); ++i) {
    if (facts.files[i] != train) continue;
    if (facts.units.empty()) {
      units.push_back({i});
    } else {
      units[static_cast<std::size_t>(facts.units[i])].push_back(i);
    }
  }
  std::erase_if(units, [](const Unit& unit) { return unit.empty(); });
  return units;
}

// How many of `all` a share is: at least one where it is asked for and there are enough.
std::int64_t part_of(double share, std::int64_t all) {
  if (share == 0 || all < 3) return 0;
  return std::max<std::int64_t>(1, std::llround(share * static_cast<double>(all)));
}

void give(const Unit& unit, std::uint8_t split, std::vector<std::uint8_t>& splits) {
  for (const std::size_t i : unit) splits[i] = split;
}

void assign_by_time(const SequenceFacts& facts, Shares shares, std::vector<std::uint8_t>& splits) {
  if (facts.times.empty()) throw_input("--split-by time needs --time NAME");
  std::vector<Unit> units;
  for (std::size_t i = 0; i < facts.sequences(); ++i) {
    if (facts.files[i] == train) units.push_back({i});
  }
  const bool as_numbers = std::ranges::all_of(
      facts.times, [](const std::string& time) { return number_in(time).has_value(); });
  std::stable_sort(units.begin(), units.end(), [&](const Unit& a, const Unit& b) {
    return is_before(facts.times[a[0]], facts.times[b[0]], as_numbers);
  });
  const auto all = static_cast<std::int64_t>(units.size());
  const std::int64_t last = all - part_of(shares.test, all);
  const std::int64_t middle = last - part_of(shares.validation, all);
  for (std::int64_t i = std::max<std::int64_t>(0, middle); i < all; ++i) {
    give(units[static_cast<std::size_t>(i)], i < last ? validation : test, splits);
  }
}

// In an order of chance, class by class, so that classes give equal shares: what rounding owes one
// class the next one pays. A class keeps at least one unit for training.
void assign_by_chance(const SequenceFacts& facts, Shares shares, std::uint64_t seed,
                      std::vector<std::uint8_t>& splits) {
  std::vector<Unit> units = units_of(facts);
  const RandomStream stream(seed, Purpose::drawn_splits);
  for (std::size_t i = units.size(); i > 1; --i) {
    std::swap(units[i - 1], units[stream.below(i, i)]);
  }
  std::map<std::int32_t, std::vector<const Unit*>> classes;
  for (const Unit& unit : units) classes[facts.classes[unit[0]]].push_back(&unit);
  const auto all = static_cast<std::int64_t>(units.size());
  const std::array wanted{std::pair{validation, part_of(shares.validation, all)},
                          std::pair{test, part_of(shares.test, all)}};
  std::array<std::int64_t, 2> given{};
  std::int64_t before = 0;
  for (auto& [name, own] : classes) {
    before += static_cast<std::int64_t>(own.size());
    for (std::size_t s = 0; s < wanted.size(); ++s) {
      const std::int64_t due = (wanted[s].second * before + all / 2) / all;
      for (; given[s] < due && own.size() > 1; ++given[s]) {
        give(*own.back(), wanted[s].first, splits);
        own.pop_back();
      }
    }
  }
}

}  // namespace

std::vector<std::uint8_t> assign_splits(const TableOptions& options, const SequenceFacts& facts,
                                        bool may_lack_train) {
  const Shares shares{options.validation_inputs.empty() ? options.validation : 0,
                      options.test_inputs.empty() ? options.test : 0};
  if (shares.validation + shares.test >= 1 && !may_lack_train) {
    throw_input("--validation {} and --test {} leave nothing to train on", shares.validation,
                shares.test);
  }
  std::vector<std::uint8_t> splits = facts.files;
  const bool named = assign_by_names(facts, splits);
  if (!named) {
    const bool by_time =
        options.split_by == "time" ||
        (options.split_by.empty() && options.group.empty() && !options.time.empty());
    if (by_time) {
      assign_by_time(facts, shares, splits);
    } else {
      assign_by_chance(facts, shares, options.seed, splits);
    }
  }
  std::array<std::int64_t, 3> sizes{};
  for (const std::uint8_t split : splits) ++sizes[split];
  if (sizes[train] == 0 && !may_lack_train) throw_input("no sequence is left to train on");
  if (named) return splits;
  for (const auto& [split, share] :
       {std::pair{validation, shares.validation}, std::pair{test, shares.test}}) {
    if (share > 0 && sizes[split] == 0 && !options.inputs.empty()) {
      throw_input("{} sequences are too few for a split {}: give more, or --{} 0", splits.size(),
                  split_names[split], split_names[split]);
    }
  }
  return splits;
}

}  // namespace rondo
