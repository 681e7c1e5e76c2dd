# For AArch64 on another processor: Debian's cross compiler, the libraries under RONDO_SYSROOT (made
# by tests/support/unpack_packages.sh), tests run by qemu.
#   cmake -DCMAKE_TOOLCHAIN_FILE=tests/neon/toolchain.cmake -DRONDO_SYSROOT=/absolute/folder ...
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

set(RONDO_SYSROOT "" CACHE PATH "Folder with the arm64 libraries")
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES RONDO_SYSROOT)
set(CMAKE_SYSROOT ${RONDO_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L ${RONDO_SYSROOT})

# CMake asks compiler wrappers, pkg-config and symbolic links of an installed system for these.
set(arm64_libraries ${RONDO_SYSROOT}/usr/lib/aarch64-linux-gnu)
set(ENV{PKG_CONFIG_LIBDIR} ${arm64_libraries}/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${RONDO_SYSROOT})
set(HDF5_ROOT ${arm64_libraries}/hdf5/serial)
set(MPI_CXX_COMPILER ${CMAKE_CXX_COMPILER} CACHE STRING "")
set(MPI_CXX_COMPILER_INCLUDE_DIRS ${arm64_libraries}/openmpi/include CACHE STRING "")
set(MPI_CXX_LIB_NAMES mpi CACHE STRING "")
set(MPI_mpi_LIBRARY ${arm64_libraries}/openmpi/lib/libmpi.so CACHE FILEPATH "")
