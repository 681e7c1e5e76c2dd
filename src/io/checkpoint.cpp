#include "rondo/io/checkpoint.hpp"

#include <vector>

#include "io/file_system.hpp"
#include "io/hdf5_image.hpp"
#include "rondo/io/file_format.hpp"

namespace rondo {

namespace {

[[noreturn]] void throw_damaged(const std::filesystem::path& path) {
  throw_input(
      "'{}' is damaged: its content does not have the sha256 that its front block announces",
      path.string());
}

}  // namespace

CheckpointImage::CheckpointImage(const NamedState& state)
    : image_(std::make_unique<Image>(build_image(state))) {
  const std::span<const std::byte> image = image_->bytes();
  FrontBlock block;
  block.kind = FileKind::checkpoint;
  block.version = checkpoint_format;
  block.length = image.size();
  block.hash = sha256(image);
  front_ = format_front_block(block);
}

CheckpointImage::~CheckpointImage() = default;

void CheckpointImage::write(const std::filesystem::path& path,
                            const std::function<void()>& before_rename) const {
  TemporaryFile file(path);
  file.write(0, std::as_bytes(std::span(front_)));
  file.write(front_block_size, image_->bytes());
  file.flush();
  file.close();
  if (const std::string reason = check_checkpoint(file.path()); !reason.empty()) {
    throw_run("cannot write '{}': what was written reads back differently ({})", path.string(),
              reason);
  }
  if (before_rename) before_rename();
  file.rename();
}

void write_checkpoint(const std::filesystem::path& path, const NamedState& state,
                      const std::function<void()>& before_rename) {
  CheckpointImage(state).write(path, before_rename);
}

NamedState read_checkpoint(const std::filesystem::path& path) {
  const FrontBlock block = read_front_block(path, FileKind::checkpoint);
  const InputFile file(path);
  std::vector<std::byte> image(block.length);
  file.read(front_block_size, image);
  // The bytes that are hashed are the bytes that are parsed: nothing is read twice.
  if (sha256(image) != block.hash) throw_damaged(path);
  return parse_image(image, path.string());
}

std::string check_checkpoint(const std::filesystem::path& path) {
  try {
    const FrontBlock block = read_front_block(path, FileKind::checkpoint);
    const InputFile file(path);
    if (file.hash(front_block_size, front_block_size + block.length) != block.hash) {
      throw_damaged(path);
    }
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace rondo
