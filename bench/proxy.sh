#!/bin/sh
# Halcyon's proxy beside HAProxy and beside no proxy at all: throughput and latency of point selects
# and of read-write transactions, memory of idle sessions, how long they take to be held.
#
# bench/proxy.sh [mariadb|mysql] [text,prepared,idle] [rounds] [seconds of each measurement]
#
# Needs sysbench and haproxy. FLAGS replaces the flags of the proxy's JVM.
set -eu
bench=$(cd -- "$(dirname -- "$0")" && pwd)
PATH=$PATH:/usr/sbin
missing=
for program in sysbench haproxy; do
  command -v $program >/dev/null 2>&1 || missing="$missing $program"
done
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  # shellcheck disable=SC2086
  if apt-get update -qq && apt-get install -y -qq $missing >/dev/null; then
    missing=
  fi
fi
if [ -n "$missing" ]; then
  echo "NOTHING IS MEASURED: install$missing first (Debian: apt-get install$missing)." >&2
  exit 2
fi
exec "$bench/java.sh" -Xmx256m -Dbench.flags="${FLAGS:-}" \
  dev.halcyon.bench.ProxyBench "${1:-mariadb}" "${2:-text,prepared,idle}" "${3:-3}" "${4:-3}"
