# What rondo needs and Spack has no recipe of.
from spack_repo.builtin.build_systems.generic import Package

from spack.package import *


class Protozero(Package):
    """Encodes and decodes protocol buffers: headers alone."""

    homepage = "https://github.com/mapbox/protozero"
    url = "https://github.com/mapbox/protozero/archive/refs/tags/v1.7.1.tar.gz"

    license("BSD-2-Clause")

    version("1.7.1", sha256="27e0017d5b3ba06d646a3ec6391d5ccc8500db821be480aefd2e4ddc3de5ff99")

    def install(self, spec, prefix):
        install_tree("include", prefix.include)
