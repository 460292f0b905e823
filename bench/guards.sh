#!/bin/sh
# Takes each guard of a rebuild away in turn, in a copy of the sources, and looks whether the test
# that stands for it fails. Ends with 1 when a test passes without its guard, or when a patch no
# longer fits.
#
# bench/guards.sh [guard ...]        (names of src/test/guards/*.patch, without the ending)
set -eu
cd -- "$(dirname -- "$0")/.."
if [ -z "${CLASSPATH_OF_TESTS:-}" ]; then
  ./halcyon --version >/dev/null
  mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath \
    -Dmdep.includeScope=test
  CLASSPATH_OF_TESTS=$(cat target/bench.classpath)
  read -r java <target/launcher/java
else
  java=${JAVA:?}
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
[ $# -gt 0 ] || set -- $(basename -s .patch src/test/guards/*.patch)
weak=0
echo '| Guard | Test | Without the guard |'
echo '|---|---|---|'
for name; do
  patch=src/test/guards/$name.patch
  guard=$(sed -n 's/^Guard: //p' "$patch")
  tested=$(sed -n 's/^Test: //p' "$patch")
  rm -rf "${folder:?}/"*
  mkdir -p "$folder/classes"
  cp -r src "$folder/src"
  if ! (cd "$folder" && git apply "$OLDPWD/$patch") >"$folder/out" 2>&1; then
    outcome='**the patch does not fit any more**'
  elif ! (cd "$folder" && sed -n 's|^+++ b/||p' "$OLDPWD/$patch" >changed &&
    "${java%java}javac" -nowarn -proc:none -parameters -d classes \
      -cp "$OLDPWD/target/classes:$CLASSPATH_OF_TESTS" @changed) >"$folder/out" 2>&1; then
    outcome='**does not compile**'
  elif "$java" ${FLAGS:-} -cp "$folder/classes:target/test-classes:target/classes:$CLASSPATH_OF_TESTS" \
    dev.halcyon.bench.OneTest "$tested" >"$folder/out" 2>&1; then
    outcome='**passes all the same**'
  elif [ $? = 1 ]; then
    outcome=fails
  else
    outcome='**the test does not run**'
  fi
  case $outcome in
    fails) ;;
    *) weak=1; cat "$folder/out" >&2 ;;
  esac
  if [ -n "${SHOW:-}" ]; then
    grep -v '^$' "$folder/out" | tail -4 >&2
  fi
  echo "| $guard | \`${tested#dev.halcyon.}\` | $outcome |"
done
exit $weak
