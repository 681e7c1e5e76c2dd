#!/usr/bin/env bash
# ordinary_user.sh FOLDER: rondo on a machine without any of its libraries, by somebody who may not
# install them: makes a small system in FOLDER (debootstrap; kept for the next call) with a compiler and
# CMake, where at_home.sh runs as an ordinary user on a copy of this working tree. As root; the mounts
# that it takes go when it ends.
set -euo pipefail
# shellcheck source=launch/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../launch/lib.sh"

mkdir -p "$1"
folder=$(cd "$1" && pwd)
system=$folder/system
if [[ ! -e $folder/complete ]]; then
  rm -rf "$system"
  read -r origin mirror suite < <(
    apt-get indextargets --format '$(ORIGIN) $(SITE) $(CODENAME)' 'Created-By: Packages' |
      awk '$1 ~ /^(Debian|Ubuntu)$/ && $3 !~ /-/'
  ) || fail "apt's lists name no archive of Debian's or Ubuntu's: apt-get update makes them"
  components=main
  [[ $origin == Debian ]] || components=main,universe
  packages=$(IFS=, && echo "${build_tools[*]},ca-certificates")
  debootstrap --variant=minbase --components="$components" --include="$packages" "$suite" "$system" \
    "$mirror"
  apt-config dump | grep '^Acquire::' >"$system/etc/apt/apt.conf.d/90acquire" || true
  chroot "$system" useradd --create-home user
  touch "$folder/complete"
fi

tree=$system/home/user/rondo
rm -rf "$tree"
mkdir "$tree"
# The working tree as it stands; a file that is deleted in it is still listed.
git -C "$root" ls-files -z --cached --others --exclude-standard |
  tar -c -C "$root" --null --ignore-failed-read -T - 2>/dev/null | tar -x -C "$tree"
chroot "$system" chown -R user: /home/user/rondo
cp -L /etc/resolv.conf /etc/hosts "$system/etc/"

# shellcheck disable=SC2016
exec unshare --mount bash -c '
  for folder in proc sys dev; do mount --rbind "/$folder" "$0/$folder"; done
  exec chroot "$0" setpriv --reuid user --regid user --init-groups env -i HOME=/home/user \
    LANG=C.UTF-8 PATH=/usr/bin:/bin ${http_proxy:+"http_proxy=$http_proxy"} \
    ${https_proxy:+"https_proxy=$https_proxy"} /home/user/rondo/tests/prefix/at_home.sh "$@"
' "$system" "${product_libraries[@]}"
