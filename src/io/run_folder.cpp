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

// Regular files and folders in a folder; none if it is not there. InputError if it cannot be read.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> entries;
  if (!is_there(folder)) return entries;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    entries.push_back(entry->path());
    entry.increment(error);
  }
  if (error) throw_input("cannot read the folder '{}': {}", folder.string(), error.message());
  return entries;
}

void remove_file(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) throw_run("cannot remove '{}': {}", path.string(), error.message());
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

void keep_newest(const std::filesystem::path& folder, std::int64_t keep, std::int64_t step) {
  std::vector<CheckpointFile> checkpoints = list_checkpoints(folder);
  std::erase_if(checkpoints, [step](const CheckpointFile& file) { return file.step > step; });
  const auto kept = static_cast<std::size_t>(std::max<std::int64_t>(keep, 1));
  for (std::size_t i = 0; i + kept < checkpoints.size(); ++i) remove_file(checkpoints[i].path);
}

std::optional<std::filesystem::path> newest_good_checkpoint(
    const std::filesystem::path& folder, const std::function<void(const std::string&)>& warn) {
  std::vector<CheckpointFile> checkpoints = list_checkpoints(folder);
  if (checkpoints.empty()) return std::nullopt;
  for (auto file = checkpoints.rbegin(); file != checkpoints.rend(); ++file) {
    const std::string reason = check_checkpoint(file->path);
    if (reason.empty()) return file->path;
    warn(fmt::format("{}: the checkpoint before it is used", reason));
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
