# shellcheck shell=bash
# What `show` of a data set of classes needs; to be sourced by it with its own arguments,
# RONDO RUN DATA [OPTIONS OF rondo eval...].
# Sets: folder (of the data set, where `prepare` has left the table). Defines: row, show_model.

rondo=$1 run=$2 data=$3
shift 3
# shellcheck source=launch/json.sh
source "$(dirname "${BASH_SOURCE[0]}")/../launch/json.sh"
eval_options=("$@")
# shellcheck disable=SC2034  # for who sources this
folder=$(dirname "$data")

# row NAME SHARE: a line of the table; the share is of 1.
row() { awk -v name="$1" -v share="$2" 'BEGIN { printf "  %-36s %6.2f %%\n", name, 100 * share }'; }

# show_model WHAT: the figures of the test split, and the table's first lines; WHAT it is of.
show_model() {
  local model state
  "$rondo" eval --checkpoint "$run" --data "$data" --split test "${eval_options[@]}"
  model=$("$rondo" eval --checkpoint "$run" --data "$data" --split test --json "${eval_options[@]}")
  state=$("$rondo" inspect "$(json_value model <<<"$model")" --json)
  printf '\n  %-36s %s\n' "$1" accuracy
  row "rondo, $(json_value cell <<<"$state"), step $(json_value step <<<"$state")" \
    "$(json_value accuracy <<<"$model")"
}
