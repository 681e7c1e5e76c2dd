#!/usr/bin/env bash
# unpack_arm64.sh FOLDER PACKAGE...: unpacks these Debian packages for arm64, and all that they need,
# in FOLDER: what a cross compiler builds against and qemu runs with. apt-get gets a state of its
# own, so that this system's packages and architectures stay as they are. A folder that has been
# finished is left alone.
set -euo pipefail

folder=$1
shift
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
[[ ! -e $folder/complete || $(<"$folder/complete") != "$*" ]] || exit 0

apt=$folder/apt
rm -rf "${folder:?}"/{apt,lib,usr,complete}
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
cat >"$apt/conf" <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Dir::State "$apt";
Dir::State::status "/dev/null";
Dir::Cache "$apt";
END
export APT_CONFIG=$apt/conf
apt-get update -qq || {
  echo "the package sources of this system have no packages for arm64" >&2
  exit 1
}
apt-get install -y -qq --download-only "$@" >&2

for package in "$apt"/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" |
    tar -x -C "$folder" --wildcards --exclude='./usr/lib/gcc*' \
      './lib/*' './usr/include/*' './usr/lib/*' './usr/share/cmake*' './usr/share/eigen3*' \
      './usr/share/openmpi*' 2>/dev/null || true # a package with none of these
done
# Links from / on mean this folder.
find "$folder" -type l -lname '/*' | while read -r link; do
  target=$(realpath -m --relative-to="$(dirname "$link")" "$folder$(readlink "$link")")
  ln -sfn "$target" "$link"
done
rm -rf "$apt"
echo "$*" >"$folder/complete"
