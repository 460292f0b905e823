#!/bin/sh
# A rebuild, as it is typed, beside what the server does itself: idle, and beside 300 writes a
# second. The server is one of its own, with durable commits.
#
# bench/rebuild.sh [mariadb|mysql] [rows] [idle,load]
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
./halcyon --version >/dev/null
read -r java <target/launcher/java
mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath \
  -Dmdep.includeScope=test
exec "$java" \
  -cp "target/classes:target/test-classes:$(cat target/bench.classpath)" \
  dev.halcyon.bench.RebuildBench "${1:-mariadb}" "${2:-2000000}" "${3:-idle,load}"
