#!/bin/sh
# What the sync triggers of an open window cost a statement, for a rename and for a split.
#
# bench/sync.sh [mariadb|mysql]
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
./halcyon --version >/dev/null
read -r java <target/launcher/java
mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath \
  -Dmdep.includeScope=test
exec "$java" \
  -cp "target/classes:target/test-classes:$(cat target/bench.classpath)" \
  dev.halcyon.plan.SyncCostBench "$@"
