#include "rondo/io/hdf5_arrays.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include "io/hdf5_library.hpp"

namespace rondo {

namespace hdf5 {
namespace {

// What a hostile file can make this reader do is bounded.
constexpr std::uint64_t usual_bytes = std::uint64_t{1} << 20;  // read at once
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 26;  // of pieces that are unpacked at once

// Throws for elements that are neither numbers nor texts; whether they are texts.
bool has_texts(const Handle& type) {
  switch (H5Tget_class(type)) {
    case H5T_STRING:
      return true;
    case H5T_INTEGER:
    case H5T_FLOAT:
    case H5T_ENUM:  // as h5py keeps bool
      if (H5Tget_size(type) > sizeof(double)) throw Failure("its numbers are longer than 8 bytes");
      return false;
    case H5T_COMPOUND:
      throw Failure("its elements are of a compound type: save each field as an array of its own");
    default:
      throw Failure("its elements are neither numbers nor texts");
  }
}

// Whether all values, or the pieces that hold them, have a place in the file. (What HDF5 itself
// says of pieces that are compressed is wrong.)
bool is_written(const Handle& dataset, const Handle& properties) {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  const Shape shape = shape_of(space);
  if (shape.elements == 0) return true;
  if (H5Pget_layout(properties) != H5D_CHUNKED) return H5Dget_storage_size(dataset) > 0;
  std::vector<hsize_t> piece(shape.dimensions.size(), 1);
  checked(H5Pget_chunk(properties, static_cast<int>(piece.size()), piece.data()));
  hsize_t wanted = 1, there = 0;
  for (std::size_t i = 0; i < piece.size(); ++i) wanted *= (shape.dimensions[i] - 1) / piece[i] + 1;
  checked(H5Dget_num_chunks(dataset, space, &there));
  return there == wanted;
}

// Throws for values that are not there, lie in other files or cannot be unpacked.
void require_values(const Handle& dataset) {
  const Handle properties(H5Dget_create_plist(dataset), H5Pclose);
  const H5D_layout_t layout = H5Pget_layout(properties);
  if ((layout != H5D_CONTIGUOUS && layout != H5D_COMPACT && layout != H5D_CHUNKED) ||
      checked(H5Pget_external_count(properties)) != 0) {
    throw Failure("its values lie in another file: save them in this one");
  }
  const int filters = checked(H5Pget_nfilters(properties));
  for (unsigned i = 0; i < static_cast<unsigned>(filters); ++i) {
    unsigned flags = 0;
    std::size_t count = 0;
    char name[64] = {};
    const H5Z_filter_t filter = checked(
        H5Pget_filter2(properties, i, &flags, &count, nullptr, sizeof(name) - 1, name, nullptr));
    if (checked(H5Zfilter_avail(filter)) <= 0) {
      throw Failure(
          fmt::format("it is compressed by filter {} ({}), which is not here: save it with "
                      "gzip or as it is",
                      filter, name));
    }
  }
  H5D_fill_value_t fill = H5D_FILL_VALUE_UNDEFINED;
  checked(H5Pfill_value_defined(properties, &fill));
  if (fill != H5D_FILL_VALUE_USER_DEFINED && !is_written(dataset, properties)) {
    throw Failure("not all of its values were written");
  }
}

class Survey {
 public:
  std::vector<Hdf5Arrays::Array> of(hid_t file) {
    look(Handle(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose), "", 0);
    return std::move(arrays_);
  }

 private:
  void look(const Handle& group, const std::string& prefix, int depth) {
    walk_.each(group, prefix, depth, [&](const std::string& own, const Handle* object) {
      const std::string name = prefix + own;
      if (object == nullptr) {
        arrays_.push_back({.name = name, .unreadable = "it is a link: name what it leads to"});
        return;
      }
      const H5I_type_t type = H5Iget_type(*object);
      if (type == H5I_GROUP) look(*object, name + "/", depth + 1);
      if (type == H5I_DATASET) arrays_.push_back(look_at(*object, name));
    });
  }

  static Hdf5Arrays::Array look_at(const Handle& dataset, const std::string& name) {
    Hdf5Arrays::Array array{.name = name};
    try {
      array.shape = shape_of(Handle(H5Dget_space(dataset), H5Sclose)).dimensions;
      array.is_text = has_texts(Handle(H5Dget_type(dataset), H5Tclose));
      require_values(dataset);
    } catch (const Failure& failure) {
      array.unreadable = failure.what();
    }
    return array;
  }

  std::vector<Hdf5Arrays::Array> arrays_;
  ObjectWalk walk_;
};

Handle open_file(const std::string& path) {
  return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, file_access()), H5Fclose};
}

// A text of fixed length without what fills it up.
std::string without_fill(const Handle& type, std::string text) {
  const H5T_str_t fill = H5Tget_strpad(type);
  if (fill == H5T_STR_NULLTERM) text.resize(std::min(text.find('\0'), text.size()));
  const char filler = fill == H5T_STR_SPACEPAD ? ' ' : '\0';
  text.resize(text.find_last_not_of(filler) + 1);
  return text;
}

void free_texts(const Handle& type, const Handle& space, void* pointers) {
#if H5_VERSION_GE(1, 12, 0)
  H5Treclaim(type, space, H5P_DEFAULT, pointers);
#else
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers);
#endif
}

}  // namespace
}  // namespace hdf5

// All that HDF5 has open. Used and destroyed within a session.
class Hdf5Arrays::Open {
 public:
  explicit Open(const std::string& path) : file_(hdf5::open_file(path)) {}

  std::vector<Array> survey() { return hdf5::Survey().of(file_); }

  const hdf5::Handle& dataset(const std::string& name) {
    const auto found = datasets_.find(name);
    if (found != datasets_.end()) return found->second;
    const hdf5::Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    // Pieces of one row of pieces are unpacked once.
    hdf5::checked(H5Pset_chunk_cache(access, 12421, hdf5::most_bytes, 1.0));
    return datasets_.emplace(name, hdf5::Handle(H5Dopen2(file_, name.c_str(), access), H5Dclose))
        .first->second;
  }

  void read_numbers(const Array& array, std::uint64_t first, std::uint64_t count,
                    std::vector<double>& numbers) {
    const Selection selection(dataset(array.name), array.shape, first, count);
    numbers.resize(selection.elements);
    hdf5::checked(H5Dread(dataset(array.name), H5T_NATIVE_DOUBLE, selection.memory, selection.file,
                          H5P_DEFAULT, numbers.data()));
  }

  void read_texts(const Array& array, std::uint64_t first, std::uint64_t count,
                  std::vector<std::string>& texts) {
    const hdf5::Handle& from = dataset(array.name);
    const Selection selection(from, array.shape, first, count);
    const hdf5::Handle type(H5Dget_type(from), H5Tclose);
    texts.clear();
    if (hdf5::checked(H5Tis_variable_str(type)) > 0) {
      std::vector<char*> pointers(selection.elements);
      hdf5::checked(H5Dread(from, type, selection.memory, selection.file, H5P_DEFAULT,
                            static_cast<void*>(pointers.data())));
      for (const char* text : pointers) texts.emplace_back(text == nullptr ? "" : text);
      hdf5::free_texts(type, selection.memory, static_cast<void*>(pointers.data()));
      return;
    }
    const std::size_t size = H5Tget_size(type);
    std::string all(size * selection.elements, '\0');
    hdf5::checked(H5Dread(from, type, selection.memory, selection.file, H5P_DEFAULT, all.data()));
    for (std::size_t i = 0; i < selection.elements; ++i) {
      texts.push_back(hdf5::without_fill(type, all.substr(i * size, size)));
    }
  }

  // Bytes of an item in memory, and how many items a row of pieces has.
  std::pair<std::uint64_t, std::uint64_t> item_bytes(const Array& array) {
    const hdf5::Handle& from = dataset(array.name);
    const hdf5::Handle properties(H5Dget_create_plist(from), H5Pclose);
    const hdf5::Handle type(H5Dget_type(from), H5Tclose);
    std::uint64_t bytes = array.is_text ? H5Tget_size(type) : sizeof(double);
    for (std::size_t i = 1; i < array.shape.size(); ++i) bytes *= array.shape[i];
    std::vector<hsize_t> piece(array.shape.size(), 1);
    if (H5Pget_layout(properties) == H5D_CHUNKED) {
      hdf5::checked(H5Pget_chunk(properties, static_cast<int>(piece.size()), piece.data()));
    }
    return {std::max<std::uint64_t>(bytes, 1), piece.at(0)};
  }

 private:
  // Items of an array, in the file and in memory.
  struct Selection {
    Selection(const hdf5::Handle& dataset, const std::vector<std::uint64_t>& shape,
              std::uint64_t first, std::uint64_t count)
        : counts(counts_of(shape, count)),
          file(H5Dget_space(dataset), H5Sclose),
          memory(H5Screate_simple(static_cast<int>(counts.size()), counts.data(), nullptr),
                 H5Sclose) {
      std::vector<hsize_t> begin(counts.size());
      begin.at(0) = first;
      hdf5::checked(
          H5Sselect_hyperslab(file, H5S_SELECT_SET, begin.data(), nullptr, counts.data(), nullptr));
      elements = static_cast<std::size_t>(hdf5::checked(H5Sget_select_npoints(file)));
    }
    static std::vector<hsize_t> counts_of(const std::vector<std::uint64_t>& shape,
                                          std::uint64_t count) {
      std::vector<hsize_t> counts(shape.begin(), shape.end());
      counts.at(0) = count;
      return counts;
    }

    std::vector<hsize_t> counts;
    hdf5::Handle file, memory;
    std::size_t elements = 0;
  };

  hdf5::Handle file_;
  std::map<std::string, hdf5::Handle> datasets_;
};

Hdf5Arrays::Hdf5Arrays(const std::filesystem::path& path) : path_(path.string()) {
  std::string front(16, '\0');
  std::ifstream(path, std::ios::binary).read(front.data(), static_cast<std::streamsize>(16));
  if (front.starts_with("rondo dataset\n") || front.starts_with("rondo checkpoint")) {
    throw_input("{} is a file of rondo's own, which is no table: give what it was made from",
                path_);
  }
  const hdf5::Session session;
  try {
    open_ = std::make_unique<Open>(path_);
    arrays_ = open_->survey();
  } catch (const hdf5::Failure& failure) {
    open_.reset();
    throw_input("{} is no whole HDF5 file: {}: copy or save it again", path_, failure.what());
  }
}

Hdf5Arrays::~Hdf5Arrays() {
  const hdf5::Session session;
  open_.reset();
}

std::uint64_t Hdf5Arrays::items_at_once(std::size_t array) const {
  const hdf5::Session session;
  try {
    const auto [bytes, rows] = open_->item_bytes(arrays_[array]);
    const std::uint64_t usual = std::max<std::uint64_t>(1, hdf5::usual_bytes / bytes);
    const std::uint64_t most = std::max<std::uint64_t>(1, hdf5::most_bytes / bytes);
    return rows <= most ? std::min(most, (usual + rows - 1) / rows * rows) : most;
  } catch (const hdf5::Failure& failure) {
    throw_input("{}/{}: {}", path_, arrays_[array].name, failure.what());
  }
}

void Hdf5Arrays::read(std::size_t array, std::uint64_t first, std::uint64_t count,
                      std::vector<double>& numbers) const {
  const hdf5::Session session;
  try {
    open_->read_numbers(arrays_[array], first, count, numbers);
  } catch (const hdf5::Failure& failure) {
    throw_input("{}/{} is damaged: {}", path_, arrays_[array].name, failure.what());
  }
}

void Hdf5Arrays::read(std::size_t array, std::uint64_t first, std::uint64_t count,
                      std::vector<std::string>& texts) const {
  const hdf5::Session session;
  try {
    open_->read_texts(arrays_[array], first, count, texts);
  } catch (const hdf5::Failure& failure) {
    throw_input("{}/{} is damaged: {}", path_, arrays_[array].name, failure.what());
  }
}

}  // namespace rondo
