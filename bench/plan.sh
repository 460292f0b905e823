#!/bin/sh
# How long a plan of many pending files takes after start-up, and how often it asks the server.
#
# bench/plan.sh [mariadb|mysql] [files] [tables]
set -eu
bench=$(cd -- "$(dirname -- "$0")" && pwd)
exec "$bench/java.sh" \
  dev.halcyon.bench.PlanBench "${bench%/bench}/halcyon" "${1:-mariadb}" "${2:-1000}" "${3:-50}"
