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

page=$(zcat "$prefix/share/man/man1/rondo-run.1.gz" | groff -man -Tascii -ww -rLL=200n 2>"$scratch/groff" | sed 's/.\x08//g')
same "what groff says of rondo-run" "" "$(cat "$scratch/groff")"
same "options of rondo-run" "$(rondo-run --help | sed 's/^  \(--[a-z-]*\) .*/\1/p;d')" \
  "$(sed 's/^ *\(--[a-z-]*\)\( .*\)*$/\1/p;d' < <(printf '%s\n' "$page"))"

completed() { # WORDS...: what bash offers for the last one
  bash -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rondo; echo "${COMPREPLY[@]}"' \
    "$prefix/share/bash-completion/completions/rondo" "$@"
}
same "a command" "export" "$(completed rondo exp)"
same "an option" "--label-smoothing" "$(completed rondo train --label)"
same "of a file nothing" "" "$(completed rondo train --data b)"

# As a module: found, and gone without a trace.
modules=/usr/share/modules/init/bash
# shellcheck disable=SC2016
if [ -r $modules ]; then
  with_module() { PATH=/usr/bin:/bin env -u XDG_DATA_DIRS MANPATH=/usr/share/man bash -c 'source '$modules'
    module use "$0/share/modulefiles"; module load rondo; eval "$1"' "$prefix" "$1" 2>&1; }
  same "rondo by its module" "$prefix/bin/rondo" "$(with_module 'command -v rondo')"
  same "its manual" "$prefix/share/man/man1/rondo-run.1.gz" "$(with_module 'man -w rondo-run')"
  same "its completion" "yes" "$(with_module 'IFS=:; for d in $XDG_DATA_DIRS; do [ ! -r $d/bash-completion/completions/rondo ] || echo yes; done')"
  same "its library" "0.1.0" "$(with_module 'pkg-config --modversion rondo')"
  same "what is left of it" "" "$(with_module 'module unload rondo; env | grep -F "$0" | grep -v ^MODULEPATH=; type -p rondo')"
else
  echo "not run: module load (environment-modules is not installed)"
fi

# The supervisor finds the program.
printf 'The quick brown fox jumps over the lazy dog. %.0s' {1..40} >text.txt
done_with 0 rondo prepare --task text --level char --input text.txt --output text.rondo
done_with 0 rondo-run --mpirun "${mpirun[0]}" -- --data text.rondo --run run --hidden 8 --lanes 2 --window 8 --steps 3
grep -q "step 3" "$scratch/stderr" || note_failure "rondo-run did not reach step 3"
# Called by its path, from a shell that knows nothing of the prefix.
done_with 0 env PATH="${PATH#"$prefix/bin:"}" "$prefix/bin/rondo-run" --mpirun "${mpirun[0]}" -- --data text.rondo --run other \
  --hidden 8 --lanes 2 --window 8 --steps 3
grep -q "step 3" "$scratch/stderr" || note_failure "rondo-run without the prefix on the PATH did not reach step 3"
same "job scripts that are not executable" "" "$(find "$prefix/share/rondo/launch/slurm" -type f ! -name README.md ! -executable)"
same "files that name the build" "" "$(grep -rlF "$(dirname "$rondo")" "$prefix" | head -n 3)"
finish
