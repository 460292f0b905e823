#!/bin/sh
# A rebuild, as it is typed, beside what the server does itself and pt-online-schema-change (where
# it is installed): idle, beside 300 writes a second, and beside 2,500. The server is one of its
# own, with durable commits.
#
# bench/rebuild.sh [mariadb|mysql] [rows] [idle,load,hot] [rounds]
set -eu
bench=$(cd -- "$(dirname -- "$0")" && pwd)
exec "$bench/java.sh" \
  dev.halcyon.bench.RebuildBench "${1:-mariadb}" "${2:-2000000}" "${3:-idle,load,hot}" "${4:-1}"
