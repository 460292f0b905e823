#!/bin/sh
# Halcyon's backfill beside a hand-written loop on an idle server, beside 300 writes a second, and
# the memory of its process. The server is one of its own, with durable commits.
#
# bench/backfill.sh [mariadb|mysql] [rows] [idle,bare,load,memory]
# (bare: without the sync triggers that a table has while it is backfilled)
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
./halcyon --version >/dev/null
read -r java <target/launcher/java
mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath \
  -Dmdep.includeScope=test
exec "$java" \
  -cp "target/classes:target/test-classes:$(cat target/bench.classpath)" \
  dev.halcyon.bench.BackfillBench "${1:-mariadb}" "${2:-2000000}" "${3:-idle,load,memory}"
