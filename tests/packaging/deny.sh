#!/usr/bin/env bash
# Checks every crate that is built into anything against deny.toml: licences, sources and bans. Advisories are not checked here, since they need
# a network each time. The notices list what is linked into the packages.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=0.20.2

export PATH="$PWD/target/tools/bin:$PATH"
if [ "$(cargo-deny --version 2>/dev/null)" != "cargo-deny $version" ]; then
  echo "deny: installing cargo-deny $version into target/tools"
  # Without network features and without optimization: it builds in half the time and runs for a second.
  CARGO_TARGET_DIR=$PWD/target/tools/build cargo install --quiet --locked --debug --no-default-features cargo-deny --version "=$version" --root target/tools
  rm -rf target/tools/build
fi

# Cargo has fetched the crates that it builds; the others are for other systems.
cargo fetch --locked --quiet
cargo-deny --log-level error --offline --locked check licenses bans sources
python3 tests/packaging/notices.py --check
