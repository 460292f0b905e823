#!/bin/sh
# How long a plan of many pending files takes after start-up, and how often it asks the server.
#
# bench/plan.sh [mariadb|mysql] [files] [tables]
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
./halcyon --version >/dev/null
read -r java <target/launcher/java
mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath \
  -Dmdep.includeScope=test
exec "$java" \
  -cp "target/classes:target/test-classes:$(cat target/bench.classpath)" \
  dev.halcyon.bench.PlanBench "$root/halcyon" "${1:-mariadb}" "${2:-1000}" "${3:-50}"
