#include "rondo/comm/communicator.hpp"

#include <algorithm>
#include <cstring>

#include "rondo/core/errors.hpp"
#include "rondo/core/hash.hpp"

namespace rondo {
namespace {

class AgreedInputError : public InputError, public AgreedError {
 public:
  using InputError::InputError;
};

class AgreedRunError : public RunError, public AgreedError {
 public:
  using RunError::RunError;
};

class AgreedStop : public Error, public AgreedError {
 public:
  explicit AgreedStop(const std::string& sentence) : Error(ExitCode::stopped, sentence) {}
};

// The codes with which ranks fail, the one that counts most first.
constexpr ExitCode by_weight[] = {ExitCode::bad_input, ExitCode::failure, ExitCode::stopped};

std::uint64_t broadcast_length(Communicator& world, std::uint64_t length, int root) {
  world.broadcast(std::as_writable_bytes(std::span(&length, 1)), root);
  return length;
}

// text and vectors of bytes alike: the length first, then the content.
template <class Container>
void broadcast_container(Communicator& world, Container& content, int root) {
  content.resize(broadcast_length(world, content.size(), root));
  if (!content.empty()) world.broadcast(std::as_writable_bytes(std::span(content)), root);
}

}  // namespace

std::vector<std::vector<std::byte>> gather(Communicator& world, std::span<const std::byte> bytes,
                                           int root) {
  std::vector<std::vector<std::byte>> parts;
  if (world.rank() != root) {
    const std::uint64_t length = bytes.size();
    world.send(std::as_bytes(std::span(&length, 1)), root);
    if (length > 0) world.send(bytes, root);
    return parts;
  }
  parts.resize(static_cast<std::size_t>(world.size()));
  for (int from = 0; from < world.size(); ++from) {
    std::vector<std::byte>& part = parts[static_cast<std::size_t>(from)];
    if (from == root) {
      part.assign(bytes.begin(), bytes.end());
      continue;
    }
    std::uint64_t length = 0;
    world.receive(std::as_writable_bytes(std::span(&length, 1)), from);
    part.resize(length);
    if (length > 0) world.receive(part, from);
  }
  return parts;
}

std::vector<std::string> hosts_of_ranks(Communicator& world) {
  const std::string mine = world.host();
  std::string all;  // a line a rank
  for (const std::vector<std::byte>& host : gather(world, std::as_bytes(std::span(mine)), 0)) {
    all.append(reinterpret_cast<const char*>(host.data()), host.size());
    all += '\n';
  }
  broadcast(world, all, 0);
  std::vector<std::string> hosts;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = all.find('\n', begin);
    hosts.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return hosts;
}

void broadcast(Communicator& world, std::string& text, int root) {
  broadcast_container(world, text, root);
}

void broadcast(Communicator& world, std::vector<std::byte>& bytes, int root) {
  broadcast_container(world, bytes, root);
}

bool same_everywhere(Communicator& world, std::span<const std::byte> bytes,
                     std::vector<int>* culprits) {
  const Sha256Bytes mine = sha256(bytes);
  Sha256Bytes expected = mine;
  world.broadcast(std::as_writable_bytes(std::span(expected)), 0);
  // One integer a rank, joined by maximum: every rank learns who differs.
  std::vector<std::int64_t> differs(static_cast<std::size_t>(world.size()), 0);
  differs[static_cast<std::size_t>(world.rank())] = mine == expected ? 0 : 1;
  world.maximum(differs);
  if (culprits != nullptr) {
    culprits->clear();
    for (int rank = 0; rank < world.size(); ++rank) {
      if (differs[static_cast<std::size_t>(rank)] != 0) culprits->push_back(rank);
    }
  }
  return std::all_of(differs.begin(), differs.end(), [](std::int64_t d) { return d == 0; });
}

void agree(Communicator& world, const std::string& error, int code) {
  // Joined by maximum, the largest number is the lowest rank; 0 says that nobody failed so.
  const std::int64_t place = world.size() - world.rank();
  const bool failed = !error.empty();
  // What all ranks find wrong alike (a mistyped key) is no rank's own trouble: the largest and the
  // smallest of their sentences' hashes are then the same.
  std::int64_t hash = 0;
  if (failed) std::memcpy(&hash, sha256(std::as_bytes(std::span(error))).data(), sizeof hash);
  hash /= 2;  // so that it can be negated
  auto mine = static_cast<ExitCode>(code);
  if (mine != ExitCode::bad_input && mine != ExitCode::stopped) mine = ExitCode::failure;
  std::int64_t joined[5] = {0, 0, 0, hash, -hash};
  for (std::size_t i = 0; i < 3; ++i) joined[i] = failed && mine == by_weight[i] ? place : 0;
  world.maximum(joined);
  const std::int64_t* const first =
      std::find_if(joined, joined + 3, [](std::int64_t found) { return found > 0; });
  if (first == joined + 3) return;
  const bool alike = joined[3] == -joined[4];
  const int speaker = world.size() - static_cast<int>(*first);
  std::string sentence = error;
  if (!alike) sentence = fmt::format("rank {} on {}: {}", speaker, world.host(), error);
  broadcast(world, sentence, speaker);
  throw_agreed(by_weight[first - joined], sentence);
}

void throw_agreed(ExitCode code, const std::string& sentence) {
  if (code == ExitCode::bad_input) throw AgreedInputError(sentence);
  if (code == ExitCode::stopped) throw AgreedStop(sentence);
  throw AgreedRunError(sentence);
}

}  // namespace rondo
