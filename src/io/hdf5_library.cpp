#include "io/hdf5_library.hpp"

#include <limits>
#include <string_view>

namespace rondo::hdf5 {

namespace {

std::mutex& library_mutex() {
  static std::mutex mutex;
  return mutex;
}

// "file write failed: time = ..., filename = ..., error message = '...', ..." in few words.
std::string shortened(const std::string& reason) {
  constexpr std::string_view details = ": time = ", message = "error message = '";
  const std::size_t end = reason.find(details);
  const std::size_t begin = reason.find(message);
  if (end == std::string::npos || begin == std::string::npos) return reason;
  const std::size_t from = begin + message.size();
  return reason.substr(0, end) + ": " + reason.substr(from, reason.find('\'', from) - from);
}

}  // namespace

Session::Session() : lock_(library_mutex()) {
  // At the process's end HDF5 1.10 closes what it could not write once more, and crashes.
  static const herr_t left_alone = H5dont_atexit();
  static_cast<void>(left_alone);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string last_reason() {
  std::string reason = "no reason given";
  const auto keep_innermost = [](unsigned position, const H5E_error2_t* error, void* into) {
    if (position == 0 && error->desc != nullptr) *static_cast<std::string*>(into) = error->desc;
    return herr_t{0};
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, &reason);
  return "HDF5 says: " + shortened(reason);
}

hid_t file_type(ElementType type) {
  switch (type) {
    case ElementType::float32:
      return H5T_IEEE_F32LE;
    case ElementType::float64:
      return H5T_IEEE_F64LE;
    case ElementType::int32:
      return H5T_STD_I32LE;
    case ElementType::int64:
      return H5T_STD_I64LE;
    case ElementType::uint8:
      return H5T_STD_U8LE;
    case ElementType::uint16:
      return H5T_STD_U16LE;
    case ElementType::uint64:
      return H5T_STD_U64LE;
  }
  throw Failure("unknown element type");
}

Handle text_type(std::size_t size) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  checked(H5Tset_size(type, size));
  checked(H5Tset_cset(type, H5T_CSET_UTF8));
  checked(H5Tset_strpad(type, H5T_STR_NULLPAD));
  return type;
}

Handle file_access() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  checked(H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18));
#if H5_VERSION_GE(1, 10, 7)
  checked(H5Pset_file_locking(access, /*use_file_locking=*/false, /*ignore_when_disabled=*/true));
#endif
  return access;
}

namespace {

// Counted in bytewise order of names.
std::string link_name(const Handle& group, hsize_t index) {
  const auto get = [&](char* into, std::size_t size) {
    return checked(
        H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, into, size, H5P_DEFAULT));
  };
  std::string name(static_cast<std::size_t>(get(nullptr, 0)), '\0');
  get(name.data(), name.size() + 1);
  return name;
}

}  // namespace

void ObjectWalk::each(const Handle& group, const std::string& prefix, int depth,
                      const Visit& visit) {
  constexpr int deepest_group = 16;
  constexpr std::size_t most_objects = 100000;
  if (depth > deepest_group) throw Failure(fmt::format("'{}' is nested too deeply", prefix));
  H5G_info_t information{};
  checked(H5Gget_info(group, &information));
  for (hsize_t i = 0; i < information.nlinks; ++i) {
    if (++objects_ > most_objects) throw Failure("it holds too many objects");
    const std::string name = link_name(group, i);
    H5L_info_t link{};
    checked(H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT));
    if (link.type != H5L_TYPE_HARD) {
      visit(name, nullptr);
      continue;
    }
    const Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose);
    visit(name, &object);
  }
}

Shape shape_of(const Handle& space) {
  Shape shape;
  shape.null = H5Sget_simple_extent_type(space) == H5S_NULL;
  if (shape.null) return shape;
  const int rank = checked(H5Sget_simple_extent_ndims(space));
  std::vector<hsize_t> dimensions(static_cast<std::size_t>(rank));
  if (rank > 0) checked(H5Sget_simple_extent_dims(space, dimensions.data(), nullptr));
  shape.elements = 1;
  for (const std::uint64_t dimension : dimensions) {
    if (dimension != 0 &&
        shape.elements > std::numeric_limits<std::uint64_t>::max() / dimension / 8) {
      throw Failure("its dimensions are beyond any file");
    }
    shape.elements *= dimension;
  }
  shape.dimensions.assign(dimensions.begin(), dimensions.end());
  return shape;
}

}  // namespace rondo::hdf5
