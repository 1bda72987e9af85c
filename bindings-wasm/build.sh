#!/usr/bin/env bash
# Builds the npm package into target/npm and packs it into dist/. `build.sh quick` builds it into target/npm-quick, in seconds: without optimization
# and without a tarball, for trying out.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1-} in
  "") profile=wasm package=target/npm ;;
  quick) profile=quick package=target/npm-quick ;;
  *) echo "usage: bindings-wasm/build.sh [quick]" >&2; exit 2 ;;
esac
wasm=$package/bailiwick_bg.wasm

toolchain=$(bindings-wasm/toolchain.sh)
# - The compact SHA-2 is far less code, and in a fresh process the quicker one: engines begin with slow code for what is long.
# - At `opt-level = "z"` next to nothing is inlined, not even what is smaller than its call. This threshold makes the module no larger and answers
#   quicker.
# - Messages of panics name files; where the builder's cache lies is nobody's business.
flags="--cfg sha2_backend_soft=\"compact\" -Cllvm-args=-inline-threshold=20 --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src="
RUSTFLAGS="${RUSTFLAGS-} $flags" RUSTUP_TOOLCHAIN=$toolchain \
  cargo build --locked --quiet --profile $profile --target wasm32-unknown-unknown -p bailiwick-wasm
# The folder stays, since node_modules may link to it.
mkdir -p "$package" dist && rm -rf "${package:?}"/*
cp bindings-wasm/package/*.js bindings-wasm/package/*.d.ts bindings-wasm/package/THIRD-PARTY-LICENSES CHANGELOG.md LICENSE-* "$package"
cp docs/package-page.md "$package/README.md"
cargo run --locked --quiet -p bailiwick-wasm-build -- target/wasm32-unknown-unknown/$profile/bailiwick_wasm.wasm bindings-wasm/package "$package"
if [ "$profile" != wasm ]; then
  node bindings-wasm/inline/build.mjs "$package"
  exit 0
fi
# The features are those that rustc's wasm32 target has on by default. Large functions with one caller stay apart (-ocimfs): together they would be
# one that takes engines long to compile.
npx --no-install wasm-opt -Os --converge -ocimfs 200 --strip-debug --strip-producers --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
  --enable-mutable-globals --enable-reference-types --enable-multivalue "$wasm" -o "$wasm"
node bindings-wasm/inline/build.mjs "$package"
rm -f dist/bailiwick-*.tgz
npm pack --silent --pack-destination dist "./$package" >/dev/null
echo "bindings-wasm: $(stat -c %s "$wasm" 2>/dev/null || stat -f %z "$wasm") bytes of WebAssembly, $(gzip -9c "$wasm" | wc -c | tr -d ' ') gzipped"
