#include "apps/doctor/verdicts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "apps/doctor/hosts.hpp"
#include "apps/doctor/units.hpp"

namespace rondo::apps::doctor {
namespace {

constexpr double slow_host = 0.85;                                // of the median host's peak
constexpr std::uint64_t least_memory = std::uint64_t{512} << 20;  // a rank

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// "all 4 hosts" or the name of the only one.
std::string all_hosts(const std::vector<Host>& hosts) {
  return hosts.size() == 1 ? hosts[0].name : fmt::format("all {} hosts", hosts.size());
}

// The first rank whose `text` is another than rank 0's; null if there is none.
template <class Text>
const RankFacts* first_other(const std::vector<RankFacts>& ranks, const Text& text) {
  const auto other = std::find_if(ranks.begin(), ranks.end(), [&](const RankFacts& rank) {
    return text(rank) != text(ranks.front());
  });
  return other == ranks.end() ? nullptr : &*other;
}

}  // namespace

void Check::worsen(Verdict by, std::string finding, const std::string& what_to_do) {
  findings.push_back(std::move(finding));
  if (by > verdict || advice.empty()) advice = what_to_do;
  verdict = std::max(verdict, by);
}

void Check::otherwise(std::string finding) {
  if (findings.empty()) findings.push_back(std::move(finding));
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::good:
      return "good";
    case Verdict::warning:
      return "warning";
    case Verdict::bad:
      return "bad";
  }
  return "";
}

Check judge_programs(const std::vector<RankFacts>& ranks) {
  Check check{.name = "programs"};
  const auto text = [](const RankFacts& rank) {
    return fmt::format("rondo {}, numerics {}, {}", rank.version, rank.numerics, rank.mpi);
  };
  if (const RankFacts* other = first_other(ranks, text)) {
    check.worsen(Verdict::bad,
                 fmt::format("rank {} on {} is {}, rank 0 on {} is {}", other->rank, other->host,
                             text(*other), ranks[0].host, text(ranks[0])),
                 "install the same build of rondo on every host, or start it from a shared folder");
  }
  check.otherwise(fmt::format("{} on {}", text(ranks[0]), counted(ranks.size(), "rank")));
  return check;
}

Check judge_cores(const std::vector<RankFacts>& ranks) {
  Check check{.name = "cores"};
  const std::vector<Host> hosts = hosts_of(ranks);
  for (const Host& host : hosts) {
    const RankFacts& narrowest = *host.narrowest;
    const std::size_t allowed = narrowest.processors.size();
    const auto wanted = static_cast<std::size_t>(narrowest.threads);
    if (allowed < wanted && allowed < static_cast<std::size_t>(host.online)) {
      check.worsen(
          Verdict::warning,
          fmt::format("rank {} on {} is bound to {} and has {}", narrowest.rank, host.name,
                      counted(allowed, "processor"), counted(wanted, "thread")),
          fmt::format("start with mpirun --map-by slot:pe={} (or srun --cpus-per-task={}), or "
                      "with mpirun --bind-to none",
                      wanted, wanted));
    }
    if (host.threads > host.processors) {
      check.worsen(
          Verdict::warning,
          fmt::format("{}: {} with {} threads in all, for {} processors", host.name,
                      counted(host.ranks.size(), "rank"), host.threads, host.processors),
          host.online > host.processors
              ? fmt::format("the host has {}: start with mpirun --bind-to none, or ask the batch "
                            "system for more",
                            host.online)
              : "start fewer ranks a host, or give fewer --threads: those that share a "
                "processor take turns");
    }
    if (host.processors < host.offered && host.threads < host.offered) {
      check.worsen(Verdict::warning,
                   fmt::format("{}: {} with {} in all, bound to {} of {} processors", host.name,
                               counted(host.ranks.size(), "rank"),
                               counted(static_cast<std::size_t>(host.threads), "thread"),
                               host.processors, host.offered),
                   "start with mpirun --bind-to none (Open MPI keeps each of one or two ranks to a "
                   "single core), or start more ranks");
    }
    if (host.quota > 0 && host.threads > std::ceil(host.quota)) {
      check.worsen(
          Verdict::warning,
          fmt::format("{} may use {:.1f} processors (a container's or job's limit) and its "
                      "ranks have {} threads",
                      host.name, host.quota, host.threads),
          "ask the batch system or the container for as many processors as threads");
    }
  }
  check.otherwise(
      fmt::format("{} x {}, {} a host at the least", counted(ranks.size(), "rank"),
                  counted(static_cast<std::size_t>(ranks[0].threads), "thread"),
                  counted(static_cast<std::size_t>(fewest_processors(hosts)), "processor")));
  return check;
}

Check judge_vectors(const std::vector<RankFacts>& ranks) {
  Check check{.name = "vectors"};
  std::vector<std::string> kinds;
  for (const RankFacts& rank : ranks) {
    const std::string kind = fmt::format("{} ({})", rank.targets.at(0), rank.processor);
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  check.findings = {fmt::format("{}", fmt::join(kinds, ", "))};
  return check;
}

Check judge_memory(const std::vector<RankFacts>& ranks) {
  Check check{.name = "memory"};
  const std::vector<Host> hosts = hosts_of(ranks);
  std::uint64_t least = hosts[0].memory_available;
  for (const Host& host : hosts) {
    least = std::min(least, host.memory_available);
    if (host.memory_available >= least_memory * host.ranks.size()) continue;
    check.worsen(Verdict::warning,
                 fmt::format("{} has {:.1f} GB free for {}", host.name,
                             gigabytes(host.memory_available), counted(host.ranks.size(), "rank")),
                 "see what rondo train --dry-run asks for, and start fewer ranks there");
  }
  check.otherwise(
      fmt::format("{:.1f} GB free a host at the least; rondo train --dry-run says "
                  "what a run needs",
                  gigabytes(least)));
  return check;
}

Check judge_peaks(const std::vector<RankFacts>& ranks) {
  Check check{.name = "speed"};
  const std::vector<Host> hosts = hosts_of(ranks);
  const double median = median_of(hosts, &Host::thread_peak);
  for (const Host& host : hosts) {
    if (host.thread_peak >= slow_host * median) continue;
    check.worsen(Verdict::warning,
                 fmt::format("{} reaches {:.0f} GFLOP/s a thread, the median host {:.0f}",
                             host.name, host.thread_peak * 1e-9, median * 1e-9),
                 "every step waits for the slowest host: look for other programs, a clock limit or "
                 "shared cores there, or leave it out");
  }
  check.otherwise(
      fmt::format("{:.0f} GFLOP/s a thread on {}, all at once", median * 1e-9, all_hosts(hosts)));
  return check;
}

Check judge_bits(const std::vector<RankFacts>& ranks) {
  Check check{.name = "same bits"};
  // The digest that most ranks have is the right one.
  const auto count = [&](const std::string& digest) {
    return std::count_if(ranks.begin(), ranks.end(),
                         [&](const RankFacts& rank) { return rank.digest == digest; });
  };
  const auto usual = std::max_element(
      ranks.begin(), ranks.end(),
      [&](const RankFacts& a, const RankFacts& b) { return count(a.digest) < count(b.digest); });
  for (const RankFacts& rank : ranks) {
    if (rank.digest == usual->digest) continue;
    check.worsen(
        Verdict::bad,
        fmt::format("rank {} on {} ({}) computes {}, the others {}", rank.rank, rank.host,
                    rank.processor, rank.digest.substr(0, 12), usual->digest.substr(0, 12)),
        "leave this host out: its processor or memory is broken, or its build of rondo differs");
  }
  check.otherwise(
      fmt::format("a small training ends at {} everywhere", usual->digest.substr(0, 12)));
  return check;
}

Check judge_data(const std::vector<RankFacts>& ranks) {
  Check check{.name = "data"};
  for (const RankFacts& rank : ranks) {
    if (rank.data_error.empty()) continue;
    check.worsen(Verdict::bad,
                 fmt::format("rank {} on {}: {}", rank.rank, rank.host, rank.data_error),
                 "put the data set where every host sees it under this path, or copy it to each");
  }
  if (!check.findings.empty()) return check;
  const auto fingerprint = [](const RankFacts& rank) { return rank.data_fingerprint; };
  if (const RankFacts* other = first_other(ranks, fingerprint)) {
    check.worsen(Verdict::bad,
                 fmt::format("rank {} on {} has another data set ({}) than rank 0 ({})",
                             other->rank, other->host, other->data_fingerprint.substr(0, 12),
                             ranks[0].data_fingerprint.substr(0, 12)),
                 "copy the data set again to the hosts that differ");
  }
  check.otherwise(ranks[0].data_fingerprint.empty()
                      ? std::string("none named: --data FILE looks at one on every host")
                      : fmt::format("the same on {} ({})", all_hosts(hosts_of(ranks)),
                                    ranks[0].data_fingerprint.substr(0, 12)));
  return check;
}

std::vector<Check> judge(const Facts& facts) {
  return {judge_programs(facts.ranks), judge_cores(facts.ranks),   judge_vectors(facts.ranks),
          judge_memory(facts.ranks),   judge_peaks(facts.ranks),   judge_bits(facts.ranks),
          judge_data(facts.ranks),     judge_clocks(facts.clocks), judge_links(facts.links),
          judge_folder(facts.folder)};
}

}  // namespace rondo::apps::doctor
