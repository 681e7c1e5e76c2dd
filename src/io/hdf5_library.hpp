// The HDF5 library as this folder's files use it: one caller at a time, handles that close
// themselves, errors as sentences. Included by src/io/hdf5_*.cpp alone.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "rondo/core/errors.hpp"
#include "rondo/core/named_state.hpp"

namespace rondo::hdf5 {

// Held by everyone who calls HDF5: the library's build need not be thread-safe. Turns HDF5's own
// printing of errors off for the calling thread.
class Session {
 public:
  Session();

 private:
  std::scoped_lock<std::mutex> lock_;
};

// Innermost description on the error stack of the calling thread.
std::string last_reason();

// An HDF5 call has failed; the sentence is made by whoever knows what was being done.
class Failure : public std::runtime_error {
 public:
  Failure() : std::runtime_error(last_reason()) {}
  explicit Failure(const std::string& reason) : std::runtime_error(reason) {}
};

// Results of HDF5 calls are negative on failure.
template <class Result>
Result checked(Result result) {
  if (result < 0) throw Failure();
  return result;
}

class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(checked(id)), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&&) = delete;
  Handle(const Handle&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }
  // Closes now, where a failure matters (files that were written).
  void close() { checked(close_(std::exchange(id_, -1))); }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

// The type in files: little-endian, whatever the machine.
hid_t file_type(ElementType type);

// A fixed-length UTF-8 string of `size` >= 1 bytes.
Handle text_type(std::size_t size);

// File access properties: the oldest layout that holds the content (every h5py and h5dump reads it,
// and 1.10's H5Fget_file_image breaks the checksums of newer ones), at most that of library 1.8;
// and no file locks, which fail on some cluster file systems.
Handle file_access();

// Walks through the groups of a file that anybody may have written.
class ObjectWalk {
 public:
  // Of each object of a group, in bytewise order of names, `visit`(name, object); the object is
  // null where a soft or external link stands. Failure for groups that are nested too deeply, which
  // `prefix`, the path up to here, names, and for more objects in all than any such file has.
  using Visit = std::function<void(const std::string& name, const Handle* object)>;
  void each(const Handle& group, const std::string& prefix, int depth, const Visit& visit);

 private:
  std::size_t objects_ = 0;
};

struct Shape {
  std::vector<std::uint64_t> dimensions;
  std::uint64_t elements = 0;  // times eight it is a number of bytes
  bool null = false;
};
// Failure for dimensions beyond any file.
Shape shape_of(const Handle& space);

// Marks the datasets whose values lie behind the verified head of a data set file.
inline constexpr const char* storage_attribute = "storage";
inline constexpr const char* large_storage = "large";

}  // namespace rondo::hdf5
