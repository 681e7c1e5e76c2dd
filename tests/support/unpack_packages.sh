#!/usr/bin/env bash
# unpack_packages.sh FOLDER ARCHITECTURE PACKAGE...: unpacks these Debian packages for an architecture,
# and what they need, in FOLDER, as any user. For another architecture than this system's that is all
# that they need, so that a cross compiler builds against it and qemu runs with it; for this one, what
# the system does not have. apt-get gets a state of its own, so that this system's packages and
# architectures stay as they are. A folder that has been finished is left alone.
set -euo pipefail

folder=$1
architecture=$2
packages=("${@:3}")
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
[[ ! -e $folder/complete || $(<"$folder/complete") != "${packages[*]}" ]] || exit 0

apt=$folder/apt
rm -rf "${folder:?}"/*
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
installed=/dev/null
[[ $architecture != "$(dpkg --print-architecture)" ]] || installed=/var/lib/dpkg/status
cp "$installed" "$apt/status"
cat >"$apt/conf" <<END
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
END
export APT_CONFIG=$apt/conf
apt-get update -qq || {
  echo "the package sources of this system have no packages for $architecture" >&2
  exit 1
}
apt-get install -y -qq --download-only "${packages[@]}" >&2

for package in "$apt"/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" |
    tar -x -C "$folder" --no-same-owner --no-same-permissions --exclude='./usr/lib/gcc*' \
      --exclude='./usr/share/'{doc,doc-base,info,locale,man}
done
# Links from / on mean this folder; what is not here, the system has.
find "$folder" -type l -lname '/*' | while read -r link; do
  target=$(realpath -m --relative-to="$(dirname "$link")" "$folder$(readlink "$link")")
  ln -sfn "$target" "$link"
done
if [[ $installed != /dev/null ]]; then
  find "$folder" -xtype l | while read -r link; do
    target=$(realpath -m "$link")
    [[ ! -e ${target#"$folder"} ]] || ln -sfn "${target#"$folder"}" "$link"
  done
fi
rm -rf "$apt"
echo "${packages[*]}" >"$folder/complete"
