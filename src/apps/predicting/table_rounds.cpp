#include "apps/predicting/table_rounds.hpp"

#include <array>
#include <span>
#include <utility>

#include "apps/training/phase.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

// A round has no more steps, but for its last sequence's.
constexpr std::int64_t most_steps = std::int64_t{1} << 17;

// The texts of all ranks, one behind another, at rank 0.
std::string joined(Communicator& world, const std::string& text) {
  std::string all;
  for (const std::vector<std::byte>& of_rank : gather(world, std::as_bytes(std::span(text)), 0)) {
    all.append(reinterpret_cast<const char*>(of_rank.data()), of_rank.size());
  }
  return all;
}

}  // namespace

void answer_table(Communicator& world, TableStream& table, const Columns& columns, int texts,
                  std::int64_t together, const Answer& answer,
                  const std::function<void(const SaidText&)>& write) {
  const bool are_series = columns[0].is_series;
  std::int64_t read_before = 0;
  for (bool more = true; more;) {
    Batch own{std::make_unique<MemorySequences>(columns)};
    std::int64_t read = 0;
    phase(world, [&] {
      MemorySequences others(columns);
      for (int rank = 0; more && rank < world.size(); ++rank) {
        const bool is_own = rank == world.rank();
        MemorySequences& to = is_own ? *own.sequences : others;
        if (is_own) own.first = read_before + read;
        for (std::int64_t i = 0;
             i < together && to.starts().back() < most_steps && (more = table.next(to)); ++i) {
          ++read;
          if (are_series && is_own) own.series.push_back(table.series());
          if (texts >= 0 && is_own) {
            own.symbols.push_back(table.symbols(static_cast<std::size_t>(texts)));
          }
        }
        others.clear();
      }
    });
    read_before += read;
    std::array<std::int64_t, 2> counts{read, -read};
    world.maximum(counts);
    if (counts[0] != -counts[1]) {
      throw_agreed(ExitCode::bad_input,
                   "the ranks read different tables: name a file that all of them see");
    }
    SaidText text;
    phase(world, [&] {
      if (own.sequences->sequences() > 0) text = answer(std::move(own));
    });
    text.answers = joined(world, text.answers);
    text.attention = joined(world, text.attention);
    world.total({&text.outside_list, 1});
    phase(world, [&] { write(text); });
  }
}

}  // namespace rondo::apps
