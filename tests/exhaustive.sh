#!/usr/bin/env bash
# The small-scope proof: all that can stand around one question, enumerated, against an independent implementation, in the core.
# exhaustive.sh SLICES PARTS: the first of so many parts. Each is written, asked and removed before the next.
set -euo pipefail
cd "$(dirname "$0")/.."
slices=$1 parts=$2
python=${PYTHON:-python3}
folder=$PWD/target/exhaustive
for ((slice = 0; slice < slices; slice++)); do
  rm -rf "$folder"
  "$python" tests/oracle/neighbourhood.py "$folder" --slice "$slice/$parts"
  # The answers to the shared cases, which other targets are compared with, stay as they are.
  SUITE_CASES=$folder SUITE_ANSWERS=$folder/core.tsv cargo test --locked --quiet -p bailiwick --all-features --test suite
done
rm -rf "$folder"
