# shellcheck shell=bash disable=SC2034,SC2154 # what it uses is its user's
# A sweep whose members are known as runs of their own; to be sourced behind whole_run.sh.

# lone_members MEMBERS RANKS: behind whole_run: makes the sweep seeds.sweep over so many seeds, of RANKS
# ranks a member, and each member as a run of one process, in the folder `alone`.
lone_members() {
  members=$1
  printf 'seed = %s\nranks = %s\n' "$(seq -s ' ' "$members")" "$2" >seeds.sweep
  local seed
  for seed in $(seq "$members"); do
    done_with 0 "$rondo" train "${keys[@]}" --seed "$seed" --run "alone/seed=$seed" ||
      die "seed $seed did not end well alone"
  done
}

# members_as_alone WHAT SWEEP: each member is as its run of its own, and nothing else is left.
members_as_alone() {
  local seed expected
  for seed in $(seq "$members"); do
    expected=$(digests "alone/seed=$seed")
    as_whole "$1, seed $seed" "$2/seed=$seed" "alone/seed=$seed"
  done
  same "$1: what lies in the sweep's folder" \
    "$(seq -f 'seed=%.0f' "$members" | cat <(echo members.jsonl) - | xargs)" \
    "$(find "$2" -mindepth 1 -maxdepth 1 -printf '%f\n' | LC_ALL=C sort | xargs)"
}

# swept SWEEP: the steps that its members have reported, all together.
swept() {
  local member sum=0
  for member in "$1"/*/; do sum=$((sum + $(last_step "$member"))); done
  echo "$sum"
}
# swept_in SWEEP STEPS: whether it has come so far.
swept_in() { (($(swept "$1") >= $2)); }
# await_swept SWEEP STEPS [LOG]
await_swept() {
  eventually swept_in "$1" "$2" ||
    die "the members of $1 did not come to $2 steps: $(tail -n 20 "${3-/dev/null}")"
}
