#!/usr/bin/env bash
# Runs the cases of a folder (tests/cases, unless another is named) on the core, the installed npm package and the installed wheel, and compares
# their answers byte for byte. CASE=… runs only the cases with that text in their note, their file's name or its topic.
set -uo pipefail
cd "$(dirname "$0")/.."

export SUITE_CASES=$PWD/${1:-tests/cases}
answers=$PWD/target/answers
[ $# -eq 0 ] || answers+=/$(basename "$1")
[ -z "${CASE-}" ] || answers+=/case

mkdir -p "$answers"
run() { SUITE_ANSWERS=$answers/$1.tsv "${@:2}" >"$answers/$1.log" 2>&1; }
run core cargo test --locked --quiet -p bailiwick --all-features --test suite & core=$!
run node node tests/run_node.mjs & node=$!
run python .venv/bin/python tests/run_python.py & python=$!

failed=0
for target in core node python; do
  wait "${!target}" || failed=1
  cat "$answers/$target.log"
done
for target in node python; do cmp "$answers/core.tsv" "$answers/$target.tsv" || failed=1; done
[ "$failed" -eq 0 ] && echo "all targets answered alike, byte for byte"
