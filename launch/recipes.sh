# shellcheck shell=bash disable=SC2154 # `root` and `fail` are of launch/lib.sh
# The recipes that launch/quickstart runs: what a description datasets/FOLDER/NAME.recipe may say, and
# how it is found and read (datasets/README.md explains it to people). To be sourced by bash behind
# launch/lib.sh. Defines: recipe, recipe_names, read_recipe, list_recipes.

# What a description says, key by key, after read_recipe; besides, `name`, and `folder`, its path.
declare -A recipe

recipe_keys_needed=(title time shows data config use)
recipe_keys_allowed=("${recipe_keys_needed[@]}" packages path eval)

# recipe_names: what there is, one name a line.
recipe_names() {
  local file
  for file in "$root"/datasets/*/*.recipe; do
    [[ ! -e $file ]] || basename "$file" .recipe
  done | LC_ALL=C sort
}

# read_recipe NAME: fills `recipe`. A name that there is not, or a description that cannot be used, is
# the end, with code 2.
read_recipe() {
  local files line key number=0
  files=("$root"/datasets/*/"$1.recipe")
  if [[ $1 == */* || ! -e ${files[0]} ]]; then
    fail "there is no recipe \"$1\"; there are $(recipe_names | paste -sd, | sed 's/,/, /g')" 2
  fi
  ((${#files[@]} == 1)) || fail "${files[*]} have one name: give one of them another" 2
  local file=${files[0]#"$root"/}
  recipe=([name]=$1 [folder]=$(dirname "$file"))
  while IFS= read -r line || [[ $line ]]; do
    number=$((number + 1))
    [[ $line && $line != '#'* ]] || continue
    key=${line%%: *}
    [[ $line =~ ^[a-z]+:\ [^[:space:]] && " ${recipe_keys_allowed[*]} " == *" $key "* ]] ||
      fail "$file line $number: \"$line\" is not \"key: value\" with one of the keys ${recipe_keys_allowed[*]}" 2
    [[ ! ${recipe[$key]-} ]] || fail "$file line $number: $key is said twice" 2
    recipe[$key]=${line#*: }
  done <"$root/$file"
  for key in "${recipe_keys_needed[@]}"; do
    [[ ${recipe[$key]-} ]] || fail "$file lacks a line \"$key: ...\"" 2
  done
  [[ -f $root/${recipe[folder]}/${recipe[config]} ]] ||
    fail "$file names ${recipe[config]}, which is not beside it" 2
  [[ -x $root/${recipe[folder]}/prepare ]] ||
    fail "there is no program ${recipe[folder]}/prepare, which makes the data of $file" 2
}

# list_recipes DEFAULT: what there is, how long it takes, what it shows.
list_recipes() {
  local name names
  names=$(recipe_names)
  echo "launch/quickstart NAME [PATH] runs one of these; without a name, $1. Times are of two cores."
  for name in $names; do
    read_recipe "$name"
    printf '\n%-18s %s (%s)\n' "$name" "${recipe[title]}" "${recipe[time]}"
    printf '%-18s shows %s\n' "" "${recipe[shows]}"
    [[ ! ${recipe[path]-} ]] || printf '%-18s needs PATH: %s\n' "" "${recipe[path]}"
  done
}
