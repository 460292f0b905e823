#!/bin/sh
# Halcyon's backfill beside a hand-written loop on an idle server, beside 300 writes a second, and
# the memory of its process. The server is one of its own, with durable commits.
#
# bench/backfill.sh [mariadb|mysql] [rows] [idle,bare,load,memory]
# (bare: without the sync triggers that a table has while it is backfilled)
set -eu
bench=$(cd -- "$(dirname -- "$0")" && pwd)
exec "$bench/java.sh" \
  dev.halcyon.bench.BackfillBench "${1:-mariadb}" "${2:-2000000}" "${3:-idle,load,memory}"
