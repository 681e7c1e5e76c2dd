# The table of a campaign, from lines NUMBER, TITLE, and the figures of a fault, separated by tabs; "-"
# where a fault has no such figure. A row for each title, in the order of their first lines.

# Median and maximum of a figure of all faults of a kind.
function summary(kind, figure, form,    i, j, n, swap, list) {
  for (i = 1; i <= count[kind]; ++i) {
    if (value[kind, figure, i] != "-") list[++n] = value[kind, figure, i] + 0
  }
  if (n == 0) return "-"
  for (i = 2; i <= n; ++i) {
    for (j = i; j > 1 && list[j - 1] > list[j]; --j) {
      swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap
    }
  }
  return sprintf(form " " form, n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2, list[n])
}

{
  if (!count[$2]) kinds[++number_of_kinds] = $2
  ++count[$2]
  for (figure = 1; figure <= 3; ++figure) value[$2, figure, count[$2]] = $(figure + 2)
}

END {
  print "                                          found after, s   going on after, s   steps again"
  printf "%-30s %6s %8s %8s %10s %8s %6s %6s\n", "fault", "count", "median", "max", "median", "max", "median", "max"
  for (k = 1; k <= number_of_kinds; ++k) {
    kind = kinds[k]
    split(summary(kind, 1, "%.1f"), found, " ")
    split(summary(kind, 2, "%.1f"), going_on, " ")
    split(summary(kind, 3, "%g"), again, " ")
    printf "%-30s %6d %8s %8s %10s %8s %6s %6s\n", kind, count[kind], found[1], found[2], \
      going_on[1], going_on[2], again[1], again[2]
    total += count[kind]
  }
  printf "%-30s %6d\n", "all", total
}
