#!/usr/bin/env bash
# disk.sh RONDO MPIRUN...: a disk that is really full, read-only, gone for a while, or closed to its
# user: a small file system in memory. Needs root, to mount it.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh" "$@"
# shellcheck source=tests/faults/disturbed.sh
source "$(dirname "${BASH_SOURCE[0]}")/disturbed.sh"

# `kept` keeps the file system alive while it is not mounted at `disk`.
mkdir disk kept
end_disk() {
  end_ranks
  while mountpoint -q disk; do umount -l disk; done
  umount -l kept
  end_test
}
trap end_disk EXIT
mount -t tmpfs -o size=24m rondo-test kept || die "cannot mount a file system"
mount --bind kept disk

text 1 600 >text.txt
done_with 0 "$rondo" prepare --input text.txt --output data.rondo
train=(train --data data.rondo --cell lstm --hidden 128 --lanes 16 --block 16 --window 64
  --steps 1000000 --report-every 1 --threads 1)
# Checkpoints come when they are asked for (SIGUSR1), and by no other rhythm.
begin "$rondo" "${train[@]}" --run disk/run --checkpoint-every 0 \
  --checkpoint-minutes 0
go_on 2

ask() { kill -USR1 "$launcher"; }
failures() { said "training goes on, and the next attempt comes in"; }
# is_hit WHAT SENTENCE: a checkpoint asked for now fails, and says why; nothing is touched.
is_hit() {
  local files count
  files=$(good_files disk/run 2>/dev/null)
  count=$(failures)
  ask
  hear "$2.*; training goes on, and the next attempt comes in 5 s" 1
  go_on 5
  same "$1: failures" $((count + 1)) "$(failures)"
  [ -z "$files" ] || ! mountpoint -q disk || stay_untouched "$1" "$files"
}
# is_over WHAT TIMES: nobody asks, and yet a checkpoint is written soon.
is_over() {
  local begun=$SECONDS
  hear "checkpoints are written again" "$2"
  ((SECONDS - begun <= 12)) || note_failure "$1: the next attempt came only after $((SECONDS - begun)) s"
}
ask
is_saved() { (($(checkpoint_step disk/run) >= 0)); }
eventually is_saved || die "no checkpoint"

dd if=/dev/zero of=disk/ballast bs=64k status=none 2>/dev/null
is_hit "a full disk" "No space left on device"
same "no temporary file is left" "" "$(find disk/run -name '*.tmp')"
rm disk/ballast
is_over "a full disk" 1

mount --bind disk disk
mount -o remount,bind,ro disk
is_hit "a read-only disk" "Read-only file system"
umount disk
is_over "a read-only disk" 2

# The file system goes away and comes back: nothing is written in the folder that it was mounted on.
umount -l disk
is_hit "a disk that is gone" "is gone|No such file"
same "files where the disk was" "" "$(ls disk)"
mount --bind kept disk
is_over "a disk that is gone" 3

kill -USR2 "$launcher"
ended "all troubles of the disk" 75
as_undisturbed disk/run undisturbed "${train[@]}"

# An ordinary user, whose permission is withdrawn for a while.
chmod 755 "$scratch" "$scratch/area"
cp "$rondo" rondo-for-all
rondo=$PWD/rondo-for-all
mkdir -m 755 disk/user
chown 65534:65534 disk/user
user=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/tmp)
begin "${user[@]}" "$rondo" "${train[@]}" --run disk/user/run --checkpoint-every 20
go_on 25
chmod 555 disk/user/run
hear "Permission denied; training goes on, and the next attempt"
files=$(good_files disk/user/run)
go_on 25
stay_untouched "permission lost" "$files"
chmod 755 disk/user/run
hear "checkpoints are written again"
kill -USR2 "$launcher"
ended "the run of an ordinary user" 75
finish
