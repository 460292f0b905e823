#!/bin/sh
# What the condition costs by which Halcyon's own statements are known wherever use is recorded.
#
# bench/own.sh [mariadb|mysql]
set -eu
bench=$(cd -- "$(dirname -- "$0")" && pwd)
exec "$bench/java.sh" \
  dev.halcyon.bench.OwnMarkBench "$@"
