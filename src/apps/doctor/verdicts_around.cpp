// Verdicts on what lies around the ranks: clocks, network, the run's folder.
#include <fmt/format.h>

#include <cmath>

#include "apps/doctor/units.hpp"
#include "apps/doctor/verdicts.hpp"

namespace rondo::apps::doctor {
namespace {

constexpr double slow_link = 0.5;     // of the median link's bandwidth
constexpr double least_link = 50e6;   // bytes/s: half of 1 Gbit/s, roughly
constexpr double least_flush = 20e6;  // bytes/s
constexpr double clock_seconds = 2;
constexpr std::uint64_t least_free = std::uint64_t{1} << 30;

}  // namespace

Check judge_clocks(const std::vector<ClockOffset>& clocks) {
  Check check{.name = "clocks"};
  double most = 0;
  for (const ClockOffset& clock : clocks) {
    most = std::max(most, std::abs(clock.seconds));
    if (std::abs(clock.seconds) < clock_seconds) continue;
    check.worsen(Verdict::warning,
                 fmt::format("{} is {:.1f} s {} the first host", clock.host,
                             std::abs(clock.seconds), clock.seconds > 0 ? "ahead of" : "behind"),
                 "start a time service (chrony, systemd-timesyncd) there; training itself does not "
                 "look at clocks, but logs, certificates and the batch system do");
  }
  check.otherwise(clocks.empty() ? std::string("one host")
                                 : fmt::format("at most {:.3f} s apart", most));
  return check;
}

Check judge_links(const std::vector<Link>& links) {
  Check check{.name = "network"};
  std::vector<Link> between;
  std::string within;
  for (const Link& link : links) {
    if (link.from_host != link.to_host)
      between.push_back(link);
    else
      within = fmt::format("within {}: {:.1f} us, {:.2f} GB/s", link.from_host, link.latency * 1e6,
                           link.bandwidth * 1e-9);
  }
  if (!between.empty()) {
    const double median = median_of(between, &Link::bandwidth);
    for (const Link& link : between) {
      const bool slow = link.bandwidth < slow_link * median;
      if (!slow && link.bandwidth >= least_link) continue;
      check.worsen(
          Verdict::warning,
          fmt::format("{} to {}: {:.0f} MB/s each way{}", link.from_host, link.to_host,
                      link.bandwidth * 1e-6,
                      slow ? fmt::format(", the median link {:.0f}", median * 1e-6) : ""),
          "look whether MPI uses the right network (Open MPI: --mca btl_tcp_if_include), and "
          "at this link's speed and cable");
    }
    check.otherwise(fmt::format("between hosts: {:.0f} us, {:.2f} GB/s each way (medians)",
                                median_of(between, &Link::latency) * 1e6, median * 1e-9));
  }
  if (!within.empty()) check.findings.push_back(within);
  check.otherwise("one rank: nothing to send");
  return check;
}

Check judge_folder(const FolderFacts& folder) {
  Check check{.name = "run folder"};
  if (!folder.error.empty()) {
    check.worsen(Verdict::bad, folder.error,
                 "name another --run, or make this folder writable for you");
    return check;
  }
  if (!folder.excludes) {
    check.worsen(
        Verdict::bad,
        fmt::format("{} ({}) lets two programs create the same file, so that two runs could "
                    "use one folder",
                    folder.path, folder.file_system),
        "keep runs on another file system");
  }
  if (folder.free_bytes < least_free) {
    check.worsen(Verdict::warning,
                 fmt::format("{} has {:.2f} GB free", folder.path, gigabytes(folder.free_bytes)),
                 "make room, or keep fewer checkpoints (--keep)");
  }
  if (folder.file_system == "tmpfs") {
    check.worsen(
        Verdict::warning,
        fmt::format("{} lies in memory: checkpoints there are gone after a restart", folder.path),
        "name a folder on a disk");
  }
  if (folder.flushed_bytes_per_second < least_flush) {
    check.worsen(
        Verdict::warning,
        fmt::format("{} takes {:.1f} MB/s", folder.path, folder.flushed_bytes_per_second * 1e-6),
        "name a folder on a faster disk, or write checkpoints less often");
  }
  check.otherwise(fmt::format("{} ({}): {:.1f} GB free, {:.0f} MB/s written and flushed",
                              folder.path, folder.file_system, gigabytes(folder.free_bytes),
                              folder.flushed_bytes_per_second * 1e-6));
  return check;
}

}  // namespace rondo::apps::doctor
