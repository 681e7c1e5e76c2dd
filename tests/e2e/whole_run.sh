# shellcheck shell=bash disable=SC2034,SC2154 # what it sets and uses is its user's
# The undisturbed run that others must equal, whatever happens to them; to be sourced behind lib.sh.

# whole_run STEPS RHYTHM [KEYS...]: makes a data set and the run `whole`, of one process. RHYTHM: steps
# between checkpoints. Sets `keys`, which others are to start with too, `steps` and `expected`.
# RONDO_RECIPE: keys of network and optimizer, in place of an LSTM under Adam.
whole_run() {
  local recipe="--cell lstm --layers 2 --hidden 40 --dropout 0.2 --rate 0.01 --schedule cosine"
  read -ra recipe <<<"${RONDO_RECIPE:-$recipe}"
  steps=$1
  keys=(--data data.rondo --lanes 12 --block 2 --window 64 --steps "$1" --checkpoint-every "$2"
    --report-every 1 "${recipe[@]}" "${@:3}")
  text 1 900 >text.txt
  done_with 0 "$rondo" prepare --input text.txt --output data.rondo
  done_with 0 "$rondo" train "${keys[@]}" --run whole --threads 1 ||
    die "the undisturbed run did not end well"
  expected=$(digests whole)
}

# reported_steps RUN: the steps of metrics.jsonl, that of training.
reported_steps() { sed -n 's/^{"step":\([0-9]*\),.*"split":"train".*/\1/p' "$1/metrics.jsonl" | xargs; }

# as_whole WHAT RUN [WHOLE]: the run has come to its end, and nothing shows what happened to it: its
# weights, its state, and what metrics.jsonl says of each step, once, are those of the undisturbed one.
as_whole() {
  same "$1: digests of weights and state" "$expected" "$(digests "$2")"
  same "$1: files that are left over" "" "$(find "$2" -name '.*' -type f -o -name lock)"
  same "$1: steps of metrics.jsonl" "$(seq -s ' ' "$steps")" "$(reported_steps "$2")"
  same "$1: what metrics.jsonl says of each step" "$(computed "${3-whole}")" "$(computed "$2")"
}
