#!/usr/bin/env bash
# install.sh RONDO MPIRUN...: what `cmake --install` puts into a folder works from there, for a user who
# has that folder alone: the program, the supervisor, pages of the manual, completion.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh" "$@"

prefix=$scratch/prefix
done_with 0 cmake --install "$(dirname "$rondo")" --prefix "$prefix"
PATH=$prefix/bin:$PATH
same "version" "$("$rondo" --version)" "$(rondo --version)"
done_with 0 rondo --version --json
python3 -c 'import json, sys; assert json.load(sys.stdin)["numerics"] >= 1' <"$scratch/stdout" ||
  note_failure "--version --json is no JSON with the numerics"

# Of each command a page and its options, as --help lists them.
commands=$(rondo --help | sed -n '/^commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | grep -vx bench)
pages=0
for command in $commands; do
  page=$prefix/share/man/man1/rondo-$command.1.gz
  text=$(zcat "$page" | groff -man -Tascii -ww -rLL=200n 2>"$scratch/groff" | sed 's/.\x08//g')
  same "what groff says of rondo-$command" "" "$(cat "$scratch/groff")"
  same "options of rondo-$command" "$(rondo "$command" --help | sed '1,/^example:/d;s/^\(  --[a-z0-9-]*\).*/\1/p;d' | sort -u)" \
    "$(sed '1,/^OPTIONS/d;s/^ *\(--[a-z0-9-]*\)\( .*\)*$/  \1/p;d' <<<"$text" | sort -u)"
  pages=$((pages + 1))
done
((pages > 10)) || note_failure "only $pages pages were looked at"
zcat "$prefix/share/man/man1/rondo.1.gz" | groff -man -Tascii -ww >/dev/null 2>"$scratch/groff"
same "what groff says of rondo" "" "$(cat "$scratch/groff")"

completed() { # WORDS...: what bash offers for the last one
  bash -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rondo; echo "${COMPREPLY[@]}"' \
    "$prefix/share/bash-completion/completions/rondo" "$@"
}
same "a command" "export" "$(completed rondo exp)"
same "an option" "--label-smoothing" "$(completed rondo train --label)"
same "of a file nothing" "" "$(completed rondo train --data b)"

# The supervisor finds the program on the PATH.
printf 'The quick brown fox jumps over the lazy dog. %.0s' {1..40} >text.txt
done_with 0 rondo prepare --task text --level char --input text.txt --output text.rondo
done_with 0 rondo-run --mpirun "${mpirun[0]}" -- --data text.rondo --run run --hidden 8 --lanes 2 --window 8 --steps 3
grep -q "step 3" "$scratch/stderr" || note_failure "rondo-run did not reach step 3"
same "files that name the build" "" "$(grep -rlF "$(dirname "$rondo")" "$prefix" | head -n 3)"
finish
