#include "apps/sweep/sweep_folder.hpp"

#include <nlohmann/json.hpp>
#include <span>
#include <sstream>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

namespace rondo::apps {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

fs::path list_of(const fs::path& folder) { return folder / "members.jsonl"; }

// A folder's own name, and no way to another place.
bool is_name(const std::string& name) {
  return !name.empty() && !name.starts_with('.') && name.find('/') == std::string::npos;
}

// Of what cannot be looked at, who reads it as a run says why.
bool seems_sweep(const fs::path& path) {
  try {
    return is_folder(path) && is_sweep(path);
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace

bool is_sweep(const fs::path& folder) { return kind_of(list_of(folder)) == PathKind::file; }

std::vector<std::string> members_of_sweep(const fs::path& folder) {
  const InputFile file(list_of(folder));
  std::vector<std::string> members;
  std::istringstream text(file.contents());
  for (std::string line; std::getline(text, line);) {
    const Json member = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    const auto name = member.is_object() ? member.find("member") : member.end();
    if (name == member.end() || !name->is_string() || !is_name(name->get<std::string>())) {
      throw_input("{} line {} names no member of a sweep", file.path().string(),
                  members.size() + 1);
    }
    members.push_back((folder / name->get<std::string>()).string());
  }
  if (members.empty()) throw_input("{} names no members", file.path().string());
  return members;
}

void write_members(const fs::path& folder, const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += Json{{"member", name}}.dump() + "\n";
  try {
    TemporaryFile file(list_of(folder));
    file.write(0, std::as_bytes(std::span(text)));
    file.flush();
    file.close();
    file.rename();
  } catch (const RunError& error) {
    throw InputError(error.what());
  }
}

std::vector<std::string> with_members(const std::vector<std::string>& given) {
  std::vector<std::string> all;
  for (const std::string& path : given) {
    if (!seems_sweep(path)) {
      all.push_back(path);
      continue;
    }
    const std::vector<std::string> members = members_of_sweep(path);
    all.insert(all.end(), members.begin(), members.end());
  }
  return all;
}

}  // namespace rondo::apps
