#!/bin/sh
# How long a start of the program takes, beside an empty main on the same JVM: the median of 20
# starts each, taken in turns. Ends with 1 when the ratio is above 3.
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
"$root/halcyon" --version >/dev/null
read -r java <"$root/target/launcher/java"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf 'public class Empty { public static void main(String[] a) {} }\n' >"$folder/Empty.java"
"${java%/java}/javac" -d "$folder" "$folder/Empty.java"

# Milliseconds of one run, in thousandths.
run() {
  begin=$(date +%s%N)
  "$@" >/dev/null
  echo $((($(date +%s%N) - begin) / 1000))
}

median() {
  sort -n "$1" | sed -n 10p
}

i=0
while [ $i -lt 20 ]; do
  run "$java" -Xshare:auto -cp "$folder" Empty >>"$folder/empty"
  run "$root/halcyon" --version >>"$folder/version"
  run "$root/halcyon" --help >>"$folder/help"
  i=$((i + 1))
done
empty=$(median "$folder/empty")
version=$(median "$folder/version")
help=$(median "$folder/help")
awk -v e="$empty" -v v="$version" -v h="$help" 'BEGIN {
  printf "empty main          %6.1f ms\n", e / 1000
  printf "halcyon --version   %6.1f ms  %.2f times\n", v / 1000, v / e
  printf "halcyon --help      %6.1f ms  %.2f times\n", h / 1000, h / e
  exit v > 3 * e }'
