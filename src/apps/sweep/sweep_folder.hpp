// A sweep's folder: a run's folder for each member, and members.jsonl, which names them, one a
// line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rondo::apps {

bool is_sweep(const std::filesystem::path& folder);

// The folders of a sweep's members, in the file's order. InputError where members.jsonl is damaged.
std::vector<std::string> members_of_sweep(const std::filesystem::path& folder);
// Writes members.jsonl; the lock's holder alone. InputError where it cannot.
void write_members(const std::filesystem::path& folder, const std::vector<std::string>& names);

// Folders or files, as a user names them: in the place of a sweep its members.
std::vector<std::string> with_members(const std::vector<std::string>& given);

}  // namespace rondo::apps
