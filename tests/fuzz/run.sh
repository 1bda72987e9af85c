#!/usr/bin/env bash
# Runs every fuzz target, or those that are named, for so many seconds each (20 without an argument). New inputs go to target/, nothing into the
# repository.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
seconds=${1:-20}
# The fuzzer itself takes 0 for "without end".
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "usage: tests/fuzz/run.sh [seconds for each target [target…]]" >&2; exit 2; }
chosen=("${@:2}")
for name in "${chosen[@]}"; do
  [ -e "tests/fuzz/targets/$name.rs" ] || { echo "fuzz: there is no target $name in tests/fuzz/targets" >&2; exit 2; }
done

nightly=$(rustup toolchain list 2>/dev/null | sed -n 's/^\(nightly[^ ]*\).*/\1/p' | head -n 1) || true
if [ -z "$nightly" ]; then
  echo "fuzz: not run: no nightly toolchain"
  echo "fuzz: not run: no nightly toolchain (\`rustup toolchain install nightly\` gets one)" >&2
  exit 0
fi

export PATH="$root/target/tools/bin:$PATH"
if ! command -v cargo-fuzz >/dev/null; then
  echo "fuzz: installing cargo-fuzz into target/tools"
  CARGO_TARGET_DIR="$root/target/tools/build" cargo install --quiet --locked cargo-fuzz --version '^0.13' --root target/tools
  rm -rf target/tools/build
fi

build=${CARGO_TARGET_DIR:-$root/target/fuzz}
host=$(rustc -vV | sed -n 's/^host: //p')
echo "fuzz: building with $nightly"
cargo "+$nightly" fuzz build --fuzz-dir tests/fuzz --target-dir "$build" 2>&1 | { grep -E '^(warning|error)|^ +-->' || true; }

# Name, longest input in bytes, and where there are seeds beside its own corpus.
targets=(
  "snapshot 8192 tests/snapshots"
  "sealed_snapshot 8192"
  "delta 8192"
  "directory 8192 tests/directories examples/acme"
  "policy 8192 tests/policies core/policies"
  "request 2048"
  "authzen 2048"
  "arrow 2048"
)
failed=()
for line in "${targets[@]}"; do
  read -r name length seeds <<<"$line"
  [ ${#chosen[@]} -eq 0 ] || [[ " ${chosen[*]} " == *" $name "* ]] || continue
  corpus=target/fuzz-corpus/$name
  artifacts=target/fuzz-artifacts/$name
  log=target/fuzz-artifacts/$name.log
  mkdir -p "$corpus" "$artifacts"
  # shellcheck disable=SC2086 # several folders
  if "$build/$host/release/$name" -max_total_time="$seconds" -max_len="$length" -rss_limit_mb=1024 -malloc_limit_mb=512 -timeout=10 \
    -dict=tests/fuzz/bailiwick.dict -artifact_prefix="$artifacts/" -print_final_stats=1 -verbosity=1 \
    "$corpus" "tests/fuzz/corpus/$name" $seeds >"$log" 2>&1; then
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    covered=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
    echo "fuzz: $name: no crash in $executions executions, $((executions / seconds)) a second, $covered edges covered"
  else
    failed+=("$name")
    echo "fuzz: $name: CRASH"
    grep -aE "panicked at|^assertion|left:|right:|ERROR: |SUMMARY" "$log" | cut -c 1-500 || true
    grep -aoE "Test unit written to .*" "$log" || true
    echo "fuzz: all of it is in $log"
  fi
done

if [ ${#failed[@]} -gt 0 ]; then
  echo "fuzz: crashes in: ${failed[*]}"
  exit 1
fi
