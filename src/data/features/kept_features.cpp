#include "data/features/kept_features.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "io/file_system.hpp"
#include "rondo/core/errors.hpp"

namespace rondo {
namespace {

// Floats on the disk, as long as there is room for all of them.
class Spool {
 public:
  explicit Spool(const std::filesystem::path& output) : output_(output) {
    std::error_code unknown;
    const std::filesystem::path folder = output.has_parent_path() ? output.parent_path() : ".";
    const auto space = std::filesystem::space(folder, unknown);
    if (!unknown) most_ = space.available / 2;
  }

  // Where in the file they begin. Nothing once room is lacking: then all that was there is gone,
  // so that the output has it.
  std::optional<std::uint64_t> append(std::span<const float> floats) {
    const auto bytes = std::as_bytes(floats);
    try {
      if (most_ - size_ < bytes.size()) throw_run("too much to keep");
      if (!written_) {
        written_.emplace(output_);
        read_.emplace(written_->path());
      }
      written_->write(size_, bytes);
    } catch (const RunError&) {
      read_.reset();
      written_.reset();
      size_ = most_ = 0;
      return std::nullopt;
    }
    return std::exchange(size_, size_ + bytes.size());
  }
  void read(std::uint64_t begin, std::span<float> floats) const {
    read_->read(begin, std::as_writable_bytes(floats));
  }

 private:
  std::filesystem::path output_;
  std::optional<TemporaryFile> written_;
  std::optional<InputFile> read_;
  std::uint64_t size_ = 0, most_ = 0;
};

class KeptFeatures final : public FileFeatures {
 public:
  KeptFeatures(std::shared_ptr<const FileFeatures> features, const std::filesystem::path& output)
      : features_(std::move(features)), spool_(output) {}

  const char* kind() const override { return features_->kind(); }
  int width() const override { return features_->width(); }
  bool has_one_step() const override { return features_->has_one_step(); }
  bool has_one_scale() const override { return features_->has_one_scale(); }
  FeatureTexts settings() const override { return features_->settings(); }
  std::string describe() const override { return features_->describe(); }

  void read(const std::filesystem::path& file, std::vector<double>& numbers) const override {
    const auto found = kept_.find(file.string());
    if (found != kept_.end()) {
      floats_.resize(found->second.count);
      spool_.read(found->second.begin, floats_);
    } else {
      made_.clear();
      features_->read(file, made_);
      floats_.assign(made_.begin(), made_.end());
      const auto begin = spool_.append(floats_);
      if (begin) {
        kept_.emplace(file.string(), Place{*begin, floats_.size()});
      } else {
        kept_.clear();
      }
    }
    numbers.insert(numbers.end(), floats_.begin(), floats_.end());
  }

 private:
  struct Place {
    std::uint64_t begin;
    std::size_t count;
  };

  std::shared_ptr<const FileFeatures> features_;
  // What is kept changes while it is read, what is read never does.
  mutable Spool spool_;
  mutable std::map<std::string, Place> kept_;
  mutable std::vector<double> made_;
  mutable std::vector<float> floats_;
};

}  // namespace

std::shared_ptr<const FileFeatures> keep_features(std::shared_ptr<const FileFeatures> features,
                                                  const std::filesystem::path& output) {
  return std::make_shared<KeptFeatures>(std::move(features), output);
}

}  // namespace rondo
