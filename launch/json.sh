# shellcheck shell=bash
# json_value KEY: the first value of that name in rondo's JSON on standard input; to be sourced.
json_value() { grep -o "\"$1\" *: *[^,}]*" | sed -n '1{s/^[^:]*: *//; s/[" ]//g; p}'; }
