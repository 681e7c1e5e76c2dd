// What a cell becomes that holds the path of a file: a picture, a sound.
//
// A kind of file is an implementation of FileFeatures and a line in the table of file_features.cpp.
// The rest of the program sees a column of numbers: `steps` x `width` of them, in double, by our
// own arithmetic, so that a file gives the same bits on any machine. The settings travel with the
// column (rondo/data/columns.hpp), in data sets and checkpoints.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/core/settings.hpp"

namespace rondo {

// Settings by the names of their options ("picture-height"), without dashes.
using FeatureTexts = std::map<std::string, std::string>;

class FileFeatures {
 public:
  virtual ~FileFeatures() = default;
  // As a table's column is called that holds such files: "image", "audio".
  virtual const char* kind() const = 0;
  // Numbers a step.
  virtual int width() const = 0;
  // Whether each file is one step.
  virtual bool has_one_step() const { return false; }
  // Whether all numbers of a step are of one unit, and so have one mean and deviation.
  virtual bool has_one_scale() const { return false; }
  // Appends a file's steps, at least one. InputError that names the file and what is wrong with it.
  virtual void read(const std::filesystem::path& file, std::vector<double>& numbers) const = 0;
  // All of them, so that load_features() makes the same again.
  virtual FeatureTexts settings() const = 0;
  // "pictures scaled to 48 pixels in height, each column of gray pixels a step".
  virtual std::string describe() const = 0;
};

// A kind of files.
struct FileKind {
  const char* name;                  // "image"
  const char* thing;                 // "picture"
  std::vector<const char*> endings;  // ".png": by which the kind of a column is guessed
  const char* one_step;              // how it is one step: "; --picture-steps whole makes it one"
  std::vector<KeyFacts> keys;        // its options
  FeatureTexts defaults;             // their values where nobody says
  // InputError for a value that there is not. What is not told is by the first file, which may be
  // empty: then all is told.
  std::shared_ptr<const FileFeatures> (*make)(const FeatureTexts& given,
                                              const std::filesystem::path& first);

  const std::string& usual(const std::string& key) const { return defaults.at(key); }
};

const std::vector<FileKind>& file_kinds();
// nullptr where there is none of that name; of a file whose name ends so, in any case.
const FileKind* find_file_kind(std::string_view name);
const FileKind* file_kind_of(std::string_view path);

// Made by the settings that a data set or a checkpoint keeps. InputError.
std::shared_ptr<const FileFeatures> load_features(const std::string& kind,
                                                  const FeatureTexts& settings);

}  // namespace rondo
