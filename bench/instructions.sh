#!/usr/bin/env bash
# How many instructions an answer takes: steadier than time, and so fit to compare one state of the code with another on any machine.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "valgrind is missing: your system's package manager has it" >&2; exit 1; }
program=$(cargo bench --locked --quiet -p bailiwick --bench instructions --no-run --message-format=json |
  sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
[ -n "$program" ] || { echo "the benchmark was not built" >&2; exit 1; }
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" target/bench "$1" "$2" 2>&1 | sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}
for what in is_allowed check_access attribution; do
  echo "$what: $((($(count "$what" 11) - $(count "$what" 1)) / (10 * 200))) instructions"
done
