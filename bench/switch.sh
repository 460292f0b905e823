#!/bin/sh
# How long clients are held while Halcyon's proxy leads them from one server to another.
#
# bench/switch.sh [mariadb|mysql] [clients,idle] [seconds of the first part]
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
./halcyon --version >/dev/null
read -r java <target/launcher/java
mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath \
  -Dmdep.includeScope=test
exec "$java" -Xmx512m --enable-native-access=ALL-UNNAMED \
  -cp "target/classes:target/test-classes:$(cat target/bench.classpath)" \
  dev.halcyon.bench.SwitchBench "${1:-mariadb}" "${2:-clients,idle}" "${3:-120}"
