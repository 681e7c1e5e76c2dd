#include <array>
#include <optional>

#include "io/hdf5_image.hpp"
#include "io/hdf5_library.hpp"

namespace rondo {

namespace hdf5 {
namespace {

// More than any file of rondo's needs; what a hostile one can make this reader do is bounded.
constexpr int most_attributes = 100;
constexpr std::size_t longest_attribute = std::size_t{1} << 16;

constexpr std::array all_types = {ElementType::float32, ElementType::float64, ElementType::int32,
                                  ElementType::int64,   ElementType::uint8,   ElementType::uint16,
                                  ElementType::uint64};

// Where values may lie in the file.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// Walks through an open file in bytewise order of names.
class ImageReader {
 public:
  ImageReader(Range small, Range large)
      : small_range_(small), large_range_(large), budget_(small.end - small.begin) {}

  ImageFile read(hid_t file) {
    const Handle root(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose);
    read_group(root, "", 0);
    return std::move(result_);
  }

 private:
  void read_group(const Handle& group, const std::string& prefix, int depth) {
    walk_.each(group, prefix, depth, [&](const std::string& own, const Handle* object) {
      const std::string name = prefix + own;
      if (object == nullptr) throw Failure(fmt::format("'{}' is a soft or external link", name));
      const H5I_type_t type = H5Iget_type(*object);
      if (type == H5I_GROUP) {
        read_group(*object, name + "/", depth + 1);
      } else if (type == H5I_DATASET) {
        read_dataset(*object, name);
      } else {
        throw Failure(fmt::format("'{}' is neither a group nor a dataset", name));
      }
    });
  }

  void read_dataset(const Handle& dataset, const std::string& name) {
    try {
      const Handle type(H5Dget_type(dataset), H5Tclose);
      const std::optional<ElementType> element = element_of(type);
      if (!element && H5Tget_class(type) != H5T_STRING) {
        throw Failure("its type is none of rondo's");
      }
      const Shape shape = shape_of(Handle(H5Dget_space(dataset), H5Sclose));
      require_plain_storage(dataset);
      auto attributes = read_attributes(dataset);
      if (!element) {
        read_text(dataset, type, shape, name);
      } else if (const auto storage = attributes.find(storage_attribute);
                 storage != attributes.end() && storage->second == large_storage) {
        add_large(dataset, *element, shape, name);
      } else {
        read_array(dataset, *element, shape, std::move(attributes), name);
      }
    } catch (const Failure& failure) {
      throw Failure(fmt::format("entry '{}': {}", name, failure.what()));
    }
  }

  static std::optional<ElementType> element_of(const Handle& type) {
    for (const ElementType element : all_types) {
      if (checked(H5Tequal(type, file_type(element))) > 0) return element;
    }
    return std::nullopt;
  }

  static void require_plain_storage(const Handle& dataset) {
    const Handle properties(H5Dget_create_plist(dataset), H5Pclose);
    const H5D_layout_t layout = H5Pget_layout(properties);
    if ((layout != H5D_CONTIGUOUS && layout != H5D_COMPACT) ||
        checked(H5Pget_nfilters(properties)) != 0 ||
        checked(H5Pget_external_count(properties)) != 0) {
      throw Failure("it is chunked, filtered, or stored outside of the file");
    }
  }

  // Throws unless `bytes` bytes of the dataset lie within `range`; where they begin. Compact values
  // have no place of their own.
  static std::uint64_t place_of(const Handle& dataset, std::uint64_t bytes, Range range) {
    const Handle properties(H5Dget_create_plist(dataset), H5Pclose);
    if (H5Pget_layout(properties) == H5D_COMPACT) {
      if (bytes > checked(H5Dget_storage_size(dataset))) throw Failure("its values are missing");
      return range.begin;
    }
    const haddr_t offset = H5Dget_offset(dataset);
    if (offset == HADDR_UNDEF || offset < range.begin || offset > range.end ||
        bytes > range.end - offset) {
      throw Failure("its values lie outside of their part of the file");
    }
    return offset;
  }

  // No two arrays share bytes in a file of ours, so that together they are no larger than it.
  void spend(std::uint64_t bytes) {
    if (bytes > budget_) throw Failure("it is larger than the file");
    budget_ -= bytes;
  }

  void read_array(const Handle& dataset, ElementType type, const Shape& shape,
                  std::map<std::string, std::string> attributes, const std::string& name) {
    if (shape.null) throw Failure("it has no values");
    const std::uint64_t bytes = shape.elements * size_of(type);
    spend(bytes);
    if (bytes != 0) place_of(dataset, bytes, small_range_);
    NamedArray& array = result_.small.add(name, type, shape.dimensions);
    array.attributes = std::move(attributes);
    if (bytes != 0) {
      checked(H5Dread(dataset, file_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, array.bytes.data()));
    }
  }

  void read_text(const Handle& dataset, const Handle& type, const Shape& shape,
                 const std::string& name) {
    constexpr std::string_view group = "texts/";
    if (!name.starts_with(group)) throw Failure("a text outside of the group 'texts'");
    if (checked(H5Tis_variable_str(type)) > 0 || !shape.dimensions.empty()) {
      throw Failure("it is not one text of a fixed length");
    }
    std::string& text = result_.small.texts[name.substr(group.size())];
    if (shape.null) return;
    const std::size_t size = H5Tget_size(type);
    spend(size);
    place_of(dataset, size, small_range_);
    text.resize(size);
    checked(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()));
  }

  void add_large(const Handle& dataset, ElementType type, const Shape& shape,
                 const std::string& name) {
    if (shape.dimensions.size() != 1) throw Failure("a large array must have one dimension");
    const std::uint64_t bytes = shape.elements * size_of(type);
    const std::uint64_t offset =
        bytes == 0 ? large_range_.begin : place_of(dataset, bytes, large_range_);
    result_.large.push_back({name, type, shape.elements, offset});
  }

  static std::map<std::string, std::string> read_attributes(const Handle& dataset) {
    std::map<std::string, std::string> attributes;
    const int count = checked(H5Aget_num_attrs(dataset));
    if (count > most_attributes) throw Failure("it has too many attributes");
    for (int i = 0; i < count; ++i) {
      const Handle attribute(H5Aopen_by_idx(dataset, ".", H5_INDEX_NAME, H5_ITER_INC,
                                            static_cast<hsize_t>(i), H5P_DEFAULT, H5P_DEFAULT),
                             H5Aclose);
      std::string key(static_cast<std::size_t>(checked(H5Aget_name(attribute, 0, nullptr))), '\0');
      checked(H5Aget_name(attribute, key.size() + 1, key.data()));
      const Handle type(H5Aget_type(attribute), H5Tclose);
      const Shape shape = shape_of(Handle(H5Aget_space(attribute), H5Sclose));
      if (H5Tget_class(type) != H5T_STRING || checked(H5Tis_variable_str(type)) > 0 ||
          !shape.dimensions.empty() || H5Tget_size(type) > longest_attribute) {
        throw Failure(fmt::format("attribute '{}' is not one short text of a fixed length", key));
      }
      std::string& text = attributes[key];
      if (shape.null) continue;
      text.resize(H5Tget_size(type));
      checked(H5Aread(attribute, type, text.data()));
    }
    return attributes;
  }

  Range small_range_;
  Range large_range_;
  std::uint64_t budget_;  // bytes that small arrays and texts may still take
  ObjectWalk walk_;
  ImageFile result_;
};

// Lets the core driver work on the caller's bytes in place; by itself it copies them twice. The
// file is opened read-only, so nothing writes to them.
struct BorrowedImage {
  std::byte* bytes;

  static void* give(std::size_t, H5FD_file_image_op_t, void* image) {
    return static_cast<BorrowedImage*>(image)->bytes;
  }
  static void* copy_nothing(void* to, const void*, std::size_t, H5FD_file_image_op_t, void*) {
    return to;
  }
  static void* refuse_to_grow(void*, std::size_t, H5FD_file_image_op_t, void*) { return nullptr; }
  static herr_t free_nothing(void*, H5FD_file_image_op_t, void*) { return 0; }
  static void* same(void* image) { return image; }
  static herr_t keep(void*) { return 0; }

  H5FD_file_image_callbacks_t callbacks() {
    return {give, copy_nothing, refuse_to_grow, free_nothing, same, keep, this};
  }
};

NamedState parse(std::span<const std::byte> image) {
  const Session session;
  BorrowedImage borrowed{const_cast<std::byte*>(image.data())};
  H5FD_file_image_callbacks_t callbacks = borrowed.callbacks();
  const Handle access = file_access();
  checked(H5Pset_fapl_core(access, std::size_t{1} << 20, /*backing_store=*/false));
  checked(H5Pset_file_image_callbacks(access, &callbacks));
  checked(H5Pset_file_image(access, borrowed.bytes, image.size()));
  const Handle file(H5Fopen("image", H5F_ACC_RDONLY, access), H5Fclose);
  const Range everywhere{0, image.size()};
  ImageFile result = ImageReader(everywhere, everywhere).read(file);
  if (!result.large.empty()) {
    throw Failure(fmt::format("entry '{}': its values lie outside of it", result.large[0].name));
  }
  return std::move(result.small);
}

}  // namespace
}  // namespace hdf5

NamedState parse_image(std::span<const std::byte> image, const std::string& where) {
  try {
    return hdf5::parse(image);
  } catch (const hdf5::Failure& failure) {
    throw_input("'{}' is not readable: {}", where, failure.what());
  } catch (const RunError& error) {  // a name that is there twice
    throw_input("'{}' is not readable: {}", where, error.what());
  }
}

ImageFile read_image_file(int descriptor, std::uint64_t head_end, std::uint64_t arrays_end,
                          const std::string& where) {
  try {
    const hdf5::Session session;
    // The verified file itself, even if its path has got another file since.
    const std::string path = fmt::format("/proc/self/fd/{}", descriptor);
    const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, hdf5::file_access()), H5Fclose);
    return hdf5::ImageReader({0, head_end}, {head_end, arrays_end}).read(file);
  } catch (const hdf5::Failure& failure) {
    throw_input("'{}' is not readable: {}", where, failure.what());
  } catch (const RunError& error) {
    throw_input("'{}' is not readable: {}", where, error.what());
  }
}

}  // namespace rondo
