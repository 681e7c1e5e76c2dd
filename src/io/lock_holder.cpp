#include "io/lock_holder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Start time of a living process; nothing if there is none of this number, or only its remains that
// nobody has waited for (a zombie).
std::optional<std::uint64_t> start_time_of(std::int64_t process) {
  const std::string line = first_line(fmt::format("/proc/{}/stat", process));
  // The name, in parentheses, may hold anything; state and times follow it (proc(5)).
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(name_end + 1));
  const std::vector<std::string> fields{std::istream_iterator<std::string>(rest), {}};
  constexpr std::size_t state = 0;        // field 3 of the line
  constexpr std::size_t start_time = 19;  // field 22
  if (fields.size() <= start_time || fields[state] == "Z" || fields[state] == "X") {
    return std::nullopt;
  }
  return std::strtoull(fields[start_time].c_str(), nullptr, 10);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

JobStart start_in_environment(const char* job, const char* number) {
  JobStart start{environment(job), 0};
  const std::string text = environment(number);
  std::from_chars(text.data(), text.data() + text.size(), start.number);
  return start;
}

bool is_later(const JobStart& start, const JobStart& former) {
  return !start.job.empty() && start.job == former.job && start.number > former.number;
}

}  // namespace

LockHolder this_process() {
  LockHolder self;
  self.host = host_name();
  self.boot_id = first_line("/proc/sys/kernel/random/boot_id");
  std::error_code error;
  self.pid_namespace = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
  self.process = ::getpid();
  self.start_time = start_time_of(self.process).value_or(0);
  self.slurm = start_in_environment("SLURM_JOB_ID", "SLURM_RESTART_COUNT");
  self.rondo_run = start_in_environment("RONDO_RUN_JOB", "RONDO_RUN_START");
  self.token = random_token();
  return self;
}

std::string format_lock(const LockHolder& holder, std::uint64_t counter) {
  nlohmann::ordered_json json;
  json["host"] = holder.host;
  json["boot_id"] = holder.boot_id;
  json["pid_namespace"] = holder.pid_namespace;
  json["process"] = holder.process;
  json["start_time"] = holder.start_time;
  json["slurm_job"] = holder.slurm.job;
  json["slurm_restart"] = holder.slurm.number;
  json["supervisor"] = holder.rondo_run.job;
  json["start"] = holder.rondo_run.number;
  json["token"] = holder.token;
  std::string text = json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
  text.pop_back();  // the closing brace
  return text + fmt::format(",\"counter\":{:20}}}\n", counter);
}

std::optional<LockHolder> parse_lock(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  try {
    LockHolder holder;
    json.at("host").get_to(holder.host);
    json.at("boot_id").get_to(holder.boot_id);
    json.at("pid_namespace").get_to(holder.pid_namespace);
    json.at("process").get_to(holder.process);
    json.at("start_time").get_to(holder.start_time);
    json.at("slurm_job").get_to(holder.slurm.job);
    json.at("slurm_restart").get_to(holder.slurm.number);
    json.at("supervisor").get_to(holder.rondo_run.job);
    json.at("start").get_to(holder.rondo_run.number);
    json.at("token").get_to(holder.token);
    return holder;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

// NFS answers ESTALE when another client has just renamed over the file that was being opened: then
// the new one is there.
std::optional<std::string> read_lock(const std::filesystem::path& path) {
  constexpr std::size_t largest = 4096;
  for (int attempt = 0;; ++attempt) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 && errno == ENOENT) return std::nullopt;
    std::string text(largest, '\0');
    const ssize_t size = file < 0 ? -1 : ::pread(file, text.data(), text.size(), 0);
    const int error = errno;
    if (file >= 0) ::close(file);
    if (size >= 0) {
      text.resize(static_cast<std::size_t>(size));
      return text;
    }
    if (error != ESTALE || attempt == 3) {
      throw_run("cannot read the lock '{}': {}", path.string(), system_reason(error));
    }
  }
}

bool may_be_torn(const std::string& text) {
  constexpr std::string_view begin = R"({"host":)";
  return text.find_first_not_of('\0') == std::string::npos ||
         text.starts_with(begin.substr(0, text.size()));
}

bool is_succeeded_by(const LockHolder& holder, const LockHolder& self) {
  if (is_later(self.slurm, holder.slurm) || is_later(self.rondo_run, holder.rondo_run)) return true;
  const bool same_boot = !self.boot_id.empty() && holder.boot_id == self.boot_id &&
                         holder.host == self.host && holder.pid_namespace == self.pid_namespace;
  return same_boot && start_time_of(holder.process) != holder.start_time;
}

}  // namespace rondo
