#!/bin/sh
# How long halcyon lint takes for 1,000 change files, start-up aside: the median of 5 runs, less the
# median start of the program. Ends with 1 when it is above 3 s.
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
"$root/halcyon" --version >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/migrations"
i=1
while [ $i -le 500 ]; do
  cat >"$folder/migrations/V${i}__create.sql" <<SQL
CREATE TABLE t$i (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id INT UNSIGNED NOT NULL,
  email VARCHAR(100) NOT NULL,
  status ENUM('new', 'active', 'gone') NOT NULL DEFAULT 'new',
  amount DECIMAL(10,2) NOT NULL DEFAULT 0,
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  KEY idx_user (user_id),
  UNIQUE KEY uq_email (email)
);
SQL
  j=$((500 + i))
  cat >"$folder/migrations/V${j}__alter.sql" <<SQL
-- halcyon: fill t$i.locale = 'en'
ALTER TABLE t$i
  ADD COLUMN locale VARCHAR(8) NOT NULL,
  RENAME COLUMN email TO email_address,
  MODIFY amount DECIMAL(12,2) NOT NULL DEFAULT 0,
  DROP COLUMN status,
  DROP INDEX idx_user;
SQL
  i=$((i + 1))
done

# Milliseconds of one run.
run() {
  begin=$(date +%s%N)
  (cd "$folder" && "$@" >"$folder/out" 2>&1) || true
  echo $((($(date +%s%N) - begin) / 1000000))
}

i=0
while [ $i -lt 5 ]; do
  run "$root/halcyon" --help >>"$folder/start"
  run "$root/halcyon" lint >>"$folder/lint"
  i=$((i + 1))
done
tail -1 "$folder/out"
start=$(sort -n "$folder/start" | sed -n 3p)
lint=$(sort -n "$folder/lint" | sed -n 3p)
echo "start $start ms, lint of 1,000 files $lint ms, less the start $((lint - start)) ms"
[ $((lint - start)) -le 3000 ]
