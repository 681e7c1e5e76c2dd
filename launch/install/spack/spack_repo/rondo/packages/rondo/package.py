# How Spack (1.0 and later) builds rondo:
#   spack repo add launch/install/spack/spack_repo/rondo
#   spack install rondo
from pathlib import Path

from spack_repo.builtin.build_systems.cmake import CMakePackage

from spack.package import *


class Rondo(CMakePackage):
    """Trains recurrent neural networks on many nodes, with the same bits wherever it runs."""

    # The clone that this file lies in, as committed.
    git = f"file://{Path(__file__).resolve().parents[7]}"

    license("Apache-2.0")

    version("main", branch="main")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.22:", type="build")
    depends_on("pkgconfig", type="build")

    # Its programs start as ranks of this one; mpi.h is all that it needs of it.
    depends_on("mpi")
    depends_on("hdf5@1.10:~mpi")
    depends_on("boost@1.74:+program_options")
    depends_on("eigen@3.4:", type="build")
    depends_on("highway@1.0.3:")
    depends_on("random123", type="build")
    depends_on("nlohmann-json@3.11:", type="build")
    depends_on("fmt@9:")
    depends_on("openssl@3:")
    depends_on("protozero", type="build")
    depends_on("sentencepiece")
    depends_on("libzip")
    depends_on("libspng")
    depends_on("libjpeg-turbo")
    depends_on("libsndfile")

    # C++20 with designated initialisers and ranges.
    conflicts("%gcc@:11")
    conflicts("%clang@:13")

    def cmake_args(self):
        return [
            self.define("RONDO_TESTS", False),
            self.define("RONDO_ZSH_COMPLETIONS", "share/zsh/site-functions"),
        ]
