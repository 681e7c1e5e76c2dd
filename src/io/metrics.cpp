#include "rondo/io/metrics.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {

namespace {

constexpr std::size_t most_waiting = std::size_t{16} << 20;  // bytes

// Whether a resumed run keeps a line: a whole object of a step, or of a validation, that it does
// not do again.
bool is_kept(std::string_view line, std::int64_t last_step, std::int64_t validated_step) {
  const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return false;
  const auto step = json.find("step");
  if (step == json.end() || !step->is_number_integer()) return true;
  const auto split = json.find("split");
  const bool validation = split != json.end() && *split == "validation";
  return step->get<std::int64_t>() <= (validation ? validated_step : last_step);
}

std::string read_all(const std::filesystem::path& path) {
  const InputFile file(path);
  std::string text(file.size(), '\0');
  file.read(0, std::as_writable_bytes(std::span(text)));
  return text;
}

void cut(const std::filesystem::path& path, std::int64_t last_step, std::int64_t validated_step) {
  const std::string text = read_all(path);
  std::string kept;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) break;  // a torn last line
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    if (is_kept(line, last_step, validated_step)) kept.append(line).append("\n");
    begin = end + 1;
  }
  if (kept == text) return;
  TemporaryFile file(path);
  file.write(0, std::as_bytes(std::span(kept)));
  file.flush();
  file.close();
  file.rename();
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& path, std::int64_t last_step,
                       std::int64_t validated_step)
    : path_(path) {
  if (rondo::is_there(path)) cut(path, last_step, validated_step);
  if (const std::string reason = open(); !reason.empty()) throw InputError(reason);
}

MetricsLog::~MetricsLog() {
  if (file_ >= 0) ::close(file_);
}

std::string MetricsLog::append(const MetricsLine& line) {
  hold(line);
  return write();
}

void MetricsLog::hold(const MetricsLine& line) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [key, value] : line.fields) {
    // JSON has no NaN and no infinity: such a value becomes null.
    nlohmann::ordered_json& entry = json[key];
    std::visit([&entry](const auto& plain) { entry = plain; }, value);
  }
  const std::string text =
      json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  if (waiting_.size() + text.size() > most_waiting) {
    ++lost_;
  } else {
    waiting_ += text;
  }
}

std::string MetricsLog::write() {
  if (!is_there()) {
    if (std::string reason = open(); !reason.empty()) return reason;
  }
  std::size_t written = 0;
  while (written < waiting_.size()) {
    const ssize_t count =
        file_system().pwrite(file_, waiting_.data() + written, waiting_.size() - written,
                             size_ + static_cast<off_t>(written));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const std::string reason = count < 0 ? system_reason(errno) : "the disk takes no more bytes";
      // Takes the torn line off. If that fails too, the next attempt begins where this one began.
      const bool whole_again = ::ftruncate(file_, size_) == 0;
      return fmt::format("cannot write '{}': {}{}", path_.string(), reason,
                         whole_again ? "" : " (its last line is torn)");
    }
    written += static_cast<std::size_t>(count);
  }
  size_ += static_cast<std::int64_t>(waiting_.size());
  waiting_.clear();
  return {};
}

// Opens the file, which may be a new one; lines go behind what is in it.
std::string MetricsLog::open() {
  if (file_ >= 0) ::close(file_);
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  struct stat status {};
  if (file_ < 0 || ::fstat(file_, &status) != 0) {
    return fmt::format("cannot write '{}': {}", path_.string(), system_reason(errno));
  }
  size_ = static_cast<std::int64_t>(status.st_size);
  return {};
}

// Whether the path still leads to the open file.
bool MetricsLog::is_there() const {
  struct stat here {
  }, open{};
  return file_ >= 0 && ::fstat(file_, &open) == 0 && ::stat(path_.c_str(), &here) == 0 &&
         here.st_dev == open.st_dev && here.st_ino == open.st_ino;
}

}  // namespace rondo
