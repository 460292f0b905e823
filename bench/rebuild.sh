#!/bin/sh
# A rebuild, as it is typed, beside what the server does itself: idle, and beside 300 writes a
# second. The server is one of its own, with durable commits.
#
# bench/rebuild.sh [mariadb|mysql] [rows] [idle,load]
set -eu
bench=$(cd -- "$(dirname -- "$0")" && pwd)
exec "$bench/java.sh" \
  dev.halcyon.bench.RebuildBench "${1:-mariadb}" "${2:-2000000}" "${3:-idle,load}"
