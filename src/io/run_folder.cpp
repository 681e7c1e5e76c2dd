#include "rondo/io/run_folder.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"
#include "rondo/io/checkpoint.hpp"

namespace rondo {

namespace {

// The step of a checkpoint's file name; nothing for other files.
std::optional<std::int64_t> step_of(const std::filesystem::path& path) {
  constexpr std::string_view prefix = "checkpoint-";
  const std::string name = path.filename().string();
  if (!name.starts_with(prefix)) return std::nullopt;
  std::int64_t step = 0;
  std::from_chars(name.data() + prefix.size(), name.data() + name.size(), step);
  if (step < 0 || checkpoint_path({}, step) != name) return std::nullopt;
  return step;
}

void remove_file(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) throw_run("cannot remove '{}': {}", path.string(), error.message());
}

void rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) {
    throw_run("cannot rename '{}' to '{}': {}", from.string(), to.string(), error.message());
  }
}

// Neither missing nor empty: the start of a run that came to nothing leaves an empty file.
bool has_lines(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return !error && size > 0;
}

}  // namespace

std::vector<CheckpointFile> list_checkpoints(const std::filesystem::path& folder) {
  std::vector<CheckpointFile> checkpoints;
  for (const std::filesystem::path& entry : entries_of(folder)) {
    if (const auto step = step_of(entry)) checkpoints.push_back({entry, *step});
  }
  std::ranges::sort(checkpoints, {}, &CheckpointFile::step);
  return checkpoints;
}

std::filesystem::path checkpoint_path(const std::filesystem::path& folder, std::int64_t step) {
  return folder / fmt::format("checkpoint-{:012}.h5", step);
}

std::filesystem::path best_path(const std::filesystem::path& folder) { return folder / "best.h5"; }

void remove_leftovers(const std::filesystem::path& folder) {
  for (const std::filesystem::path& entry : entries_of(folder)) {
    const std::string name = entry.filename().string();
    // A checkpoint's temporary name: `.checkpoint-<step>.h5.<host>...`.
    const std::string target = name.substr(0, name.find(".h5.") + 3);
    const bool checkpoint = target.size() > 1 && step_of(target.substr(1)).has_value() &&
                            is_temporary_name(name, target.substr(1));
    if (checkpoint || is_temporary_name(name, "best.h5") || is_temporary_name(name, "lock") ||
        is_temporary_name(name, "metrics.jsonl")) {
      remove_file(entry);
    }
  }
}

void keep_newest(const std::filesystem::path& folder, std::int64_t keep, std::int64_t step,
                 std::int64_t good_step) {
  std::vector<CheckpointFile> checkpoints = list_checkpoints(folder);
  std::erase_if(checkpoints, [step](const CheckpointFile& file) { return file.step > step; });
  const auto kept = static_cast<std::size_t>(std::max<std::int64_t>(keep, 1));
  const auto good = std::ranges::count_if(
      checkpoints, [good_step](const CheckpointFile& file) { return file.step <= good_step; });
  for (std::size_t i = 0; i + kept < checkpoints.size(); ++i) {
    if (static_cast<std::ptrdiff_t>(i) + 1 != good) remove_file(checkpoints[i].path);
  }
}

void leave_later(const std::filesystem::path& folder, std::int64_t step) {
  for (const CheckpointFile& file : list_checkpoints(folder)) {
    if (file.step > step) {
      rename_file(file.path, folder / ("left-" + file.path.filename().string()));
    }
  }
}

std::filesystem::path metrics_path(const std::filesystem::path& folder) {
  return folder / "metrics.jsonl";
}

bool holds_run(const std::filesystem::path& folder) {
  return !list_checkpoints(folder).empty() || std::filesystem::exists(best_path(folder)) ||
         has_lines(metrics_path(folder));
}

std::filesystem::path set_metrics_aside(const std::filesystem::path& folder) {
  if (!has_lines(metrics_path(folder))) return {};
  std::filesystem::path aside;
  for (int i = 1; aside.empty() || std::filesystem::exists(aside); ++i) {
    aside = folder / fmt::format("metrics-{}.jsonl", i);
  }
  rename_file(metrics_path(folder), aside);
  return aside;
}

std::optional<CheckpointFile> newest_whole_checkpoint(const std::filesystem::path& folder,
                                                      std::int64_t last_step) {
  const std::vector<CheckpointFile> checkpoints = list_checkpoints(folder);
  for (auto file = checkpoints.rbegin(); file != checkpoints.rend(); ++file) {
    if (file->step <= last_step && check_checkpoint(file->path).empty()) return *file;
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> newest_good_checkpoint(
    const std::filesystem::path& folder, const std::function<void(const std::string&)>& warn) {
  std::vector<CheckpointFile> checkpoints = list_checkpoints(folder);
  // The best one may be all that is left.
  if (std::filesystem::exists(best_path(folder))) {
    checkpoints.insert(checkpoints.begin(), {best_path(folder), -1});
  }
  if (checkpoints.empty()) return std::nullopt;
  for (auto file = checkpoints.rbegin(); file != checkpoints.rend(); ++file) {
    const std::string reason = check_checkpoint(file->path);
    if (reason.empty()) return file->path;
    warn(file + 1 == checkpoints.rend()
             ? reason
             : fmt::format("{}: {} is used", reason,
                           (file + 1)->step < 0 ? "the best one" : "the checkpoint before it"));
  }
  throw_input(
      "none of the {} checkpoints in '{}' is good: copy a good one there, or begin anew in "
      "another folder",
      checkpoints.size(), folder.string());
}

std::filesystem::path resolve_checkpoint(const std::filesystem::path& file_or_run, bool best,
                                         const std::function<void(const std::string&)>& warn) {
  if (!is_there(file_or_run)) {
    throw_input("there is no file or run folder '{}'", file_or_run.string());
  }
  if (!is_folder(file_or_run)) return file_or_run;
  if (best) {
    if (is_there(best_path(file_or_run))) return best_path(file_or_run);
    throw_input("the run folder '{}' has no best.h5: it is written by runs with --validate-every",
                file_or_run.string());
  }
  if (const auto newest = newest_good_checkpoint(file_or_run, warn)) return *newest;
  throw_input("the folder '{}' holds no checkpoint", file_or_run.string());
}

}  // namespace rondo
