#!/bin/sh
# A rebuild of a large table beside many writes: the program's memory every so many seconds, the
# writers' latency, and whether all rows are there. 20,000,000 rows take hours and 30 GB of disk.
#
# bench/soak.sh [mariadb|mysql] [rows] [writes a second] [seconds between looks]
set -eu
bench=$(cd -- "$(dirname -- "$0")" && pwd)
exec "$bench/java.sh" \
  dev.halcyon.bench.SoakBench "${1:-mariadb}" "${2:-20000000}" "${3:-1000}" "${4:-60}"
