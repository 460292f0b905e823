#!/bin/sh
# What the sync triggers of an open window cost a statement, for a rename and for a split.
#
# bench/sync.sh [mariadb|mysql]
set -eu
bench=$(cd -- "$(dirname -- "$0")" && pwd)
exec "$bench/java.sh" \
  dev.halcyon.plan.SyncCostBench "$@"
