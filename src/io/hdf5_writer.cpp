#include <cstdlib>
#include <cstring>
#include <set>
#include <utility>

#include "io/hdf5_image.hpp"
#include "io/hdf5_library.hpp"

namespace rondo {

namespace hdf5 {
namespace {

// HDF5 keeps attributes in an object's header, which holds 64 kB.
constexpr std::size_t longest_attribute = 60000;

// Writes objects into an open file, in the order of the calls.
class ImageWriter {
 public:
  explicit ImageWriter(hid_t file) : file_(file) {}

  void write_array(const std::string& name, const NamedArray& array) {
    if (name.starts_with("texts/")) throw Failure("the group 'texts' is for texts");
    const hid_t type = file_type(array.type);
    const Handle dataset = create(name, type, simple_space(array.shape), H5D_ALLOC_TIME_EARLY);
    for (const auto& [key, text] : array.attributes) write_attribute(dataset, key, text);
    if (!array.bytes.empty()) {
      checked(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.bytes.data()));
    }
  }

  void write_text(const std::string& name, const std::string& text) {
    const Handle type = text_type(std::max<std::size_t>(text.size(), 1));
    Handle space(H5Screate(text.empty() ? H5S_NULL : H5S_SCALAR), H5Sclose);
    const Handle dataset = create("texts/" + name, type, std::move(space), H5D_ALLOC_TIME_EARLY);
    if (!text.empty()) {
      checked(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()));
    }
  }

  // The header of a large array. Its values get their place from the first write, so that they
  // come to lie behind everything that was created before that.
  Handle declare_large(const DatasetReader::Large& large) {
    Handle dataset =
        create(large.name, file_type(large.type), simple_space({large.count}), H5D_ALLOC_TIME_LATE);
    write_attribute(dataset, storage_attribute, large_storage);
    return dataset;
  }

  static void allocate(const Handle& dataset, const DatasetReader::Large& large) {
    const Handle space(H5Dget_space(dataset), H5Sclose);
    const hsize_t last = large.count - 1;
    checked(H5Sselect_elements(space, H5S_SELECT_SET, 1, &last));
    const hsize_t one = 1;
    const Handle memory(H5Screate_simple(1, &one, nullptr), H5Sclose);
    const std::uint64_t zero = 0;
    checked(H5Dwrite(dataset, file_type(large.type), memory, space, H5P_DEFAULT, &zero));
  }

 private:
  static Handle simple_space(const std::vector<std::uint64_t>& shape) {
    if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
    const std::vector<hsize_t> dimensions(shape.begin(), shape.end());
    return {H5Screate_simple(static_cast<int>(dimensions.size()), dimensions.data(), nullptr),
            H5Sclose};
  }

  Handle create(const std::string& name, hid_t type, Handle space, H5D_alloc_time_t when) {
    create_groups(name);
    const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    checked(H5Pset_obj_track_times(properties, false));
    checked(H5Pset_layout(properties, H5D_CONTIGUOUS));
    checked(H5Pset_alloc_time(properties, when));
    checked(H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER));
    return {H5Dcreate2(file_, name.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT),
            H5Dclose};
  }

  // HDF5 would make missing groups by itself, but with the time of day in them.
  void create_groups(const std::string& name) {
    std::size_t begin = 0;
    for (;;) {
      const std::size_t end = name.find('/', begin);
      const std::string part = name.substr(begin, end - begin);
      if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string::npos) {
        throw Failure(fmt::format("'{}' is no name for an entry", name));
      }
      if (end == std::string::npos) return;
      if (groups_.insert(name.substr(0, end)).second) {
        const Handle properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
        checked(H5Pset_obj_track_times(properties, false));
        const Handle group(
            H5Gcreate2(file_, name.substr(0, end).c_str(), H5P_DEFAULT, properties, H5P_DEFAULT),
            H5Gclose);
      }
      begin = end + 1;
    }
  }

  static void write_attribute(const Handle& dataset, const std::string& key,
                              const std::string& text) {
    if (text.size() > longest_attribute) {
      throw Failure(fmt::format("attribute '{}' is longer than {} bytes", key, longest_attribute));
    }
    const Handle type = text_type(std::max<std::size_t>(text.size(), 1));
    const Handle space(H5Screate(text.empty() ? H5S_NULL : H5S_SCALAR), H5Sclose);
    const Handle attribute(H5Acreate2(dataset, key.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    if (!text.empty()) checked(H5Awrite(attribute, type, text.data()));
  }

  hid_t file_;
  std::set<std::string> groups_;
};

void write_state(ImageWriter& writer, const NamedState& state) {
  const auto in_entry = [](const std::string& name, const auto& write) {
    try {
      write();
    } catch (const Failure& failure) {
      throw Failure(fmt::format("'{}': {}", name, failure.what()));
    }
  };
  // Entries whole: clang before 16 lets no lambda use the parts of a structured binding.
  for (const auto& entry : state.arrays()) {
    in_entry(entry.first, [&] { writer.write_array(entry.first, entry.second); });
  }
  for (const auto& entry : state.texts) {
    in_entry("texts/" + entry.first, [&] { writer.write_text(entry.first, entry.second); });
  }
}

Handle file_creation(std::uint64_t user_block) {
  Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  checked(H5Pset_obj_track_times(creation, false));
  checked(H5Pset_userblock(creation, user_block));
  return creation;
}

// The core driver's memory is taken over when it closes the file, where it would free it.
class KeptMemory {
 public:
  ~KeptMemory() { std::free(memory_); }
  void* release() { return std::exchange(memory_, nullptr); }

  void attach_to(hid_t access) {
    H5FD_file_image_callbacks_t callbacks{};
    callbacks.image_malloc = [](std::size_t size, H5FD_file_image_op_t, void*) {
      return std::malloc(size);
    };
    callbacks.image_memcpy = [](void* to, const void* from, std::size_t size, H5FD_file_image_op_t,
                                void*) { return std::memcpy(to, from, size); };
    callbacks.image_realloc = [](void* memory, std::size_t size, H5FD_file_image_op_t, void*) {
      return std::realloc(memory, size);
    };
    callbacks.image_free = [](void* memory, H5FD_file_image_op_t operation, void* kept) {
      if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE) {
        static_cast<KeptMemory*>(kept)->memory_ = memory;
      } else {
        std::free(memory);
      }
      return herr_t{0};
    };
    // Property lists are copied; all copies mean this object.
    callbacks.udata_copy = [](void* kept) { return kept; };
    callbacks.udata_free = [](void*) { return herr_t{0}; };
    callbacks.udata = this;
    checked(H5Pset_file_image_callbacks(access, &callbacks));
  }

 private:
  void* memory_ = nullptr;
};

Image build(const NamedState& state) {
  const Session session;
  KeptMemory memory;
  const Handle access = file_access();
  constexpr std::size_t growth = std::size_t{1} << 20;
  checked(H5Pset_fapl_core(access, growth, /*backing_store=*/false));
  memory.attach_to(access);
  // With the core driver the name is a label; nothing is opened on the disk.
  Handle file(H5Fcreate("image", H5F_ACC_TRUNC, file_creation(0), access), H5Fclose);
  ImageWriter writer(file);
  write_state(writer, state);
  checked(H5Fflush(file, H5F_SCOPE_GLOBAL));
  const ssize_t size = checked(H5Fget_file_image(file, nullptr, 0));
  file.close();
  return {memory.release(), static_cast<std::size_t>(size)};
}

void create_file(const std::filesystem::path& path, std::uint64_t user_block,
                 const NamedState& small, std::vector<DatasetReader::Large>& large) {
  const Session session;
  const Handle access = file_access();
  // Raw values go straight to the end of the file, never into a shared block of small ones.
  checked(H5Pset_small_data_block_size(access, 0));
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, file_creation(user_block), access), H5Fclose);
  ImageWriter writer(file);
  write_state(writer, small);
  std::vector<Handle> datasets;
  for (const auto& array : large) datasets.push_back(writer.declare_large(array));
  checked(H5Fflush(file, H5F_SCOPE_GLOBAL));
  for (std::size_t i = 0; i < large.size(); ++i) {
    if (large[i].count == 0) continue;
    ImageWriter::allocate(datasets[i], large[i]);
    const haddr_t offset = H5Dget_offset(datasets[i]);
    if (offset == HADDR_UNDEF) throw Failure("HDF5 gave an array no place");
    large[i].offset = offset;
  }
  datasets.clear();
  file.close();
}

}  // namespace
}  // namespace hdf5

Image build_image(const NamedState& state) {
  try {
    return hdf5::build(state);
  } catch (const hdf5::Failure& failure) {
    throw_run("cannot build an HDF5 image: {}", failure.what());
  }
}

void create_image_file(const std::filesystem::path& path, std::uint64_t user_block,
                       const NamedState& small, std::vector<DatasetReader::Large>& large) {
  try {
    hdf5::create_file(path, user_block, small, large);
  } catch (const hdf5::Failure& failure) {
    throw_run("cannot create the HDF5 file '{}': {}", path.string(), failure.what());
  }
}

}  // namespace rondo
