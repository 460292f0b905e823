#!/bin/sh
# How long clients are held while Halcyon's proxy leads them from one server to another.
#
# bench/switch.sh [mariadb|mysql] [clients,idle] [seconds of the first part]
set -eu
bench=$(cd -- "$(dirname -- "$0")" && pwd)
exec "$bench/java.sh" -Xmx512m --enable-native-access=ALL-UNNAMED \
  dev.halcyon.bench.SwitchBench "${1:-mariadb}" "${2:-clients,idle}" "${3:-120}"
