#!/bin/sh
# Builds the benchmarks and runs one of them; the scripts beside this one call it.
#
# bench/java.sh [flags of the JVM] CLASS [arguments]
set -eu
cd -- "$(dirname -- "$0")/.."
./halcyon --version >/dev/null
read -r java <target/launcher/java
mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath \
  -Dmdep.includeScope=test
exec "$java" -cp "target/classes:target/test-classes:$(cat target/bench.classpath)" "$@"
