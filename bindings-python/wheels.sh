#!/usr/bin/env bash
# Builds wheels of other systems into dist/wheels: `wheels.sh TARGET…`, or all of them. Zig links, so that a wheel asks for no newer C library than
# its tag says. `make wheels` calls this, and checks what comes out.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/.venv/bin:$PATH
out=dist/wheels cargo=target/wheels
linux=({x86_64,aarch64}-unknown-linux-{gnu,musl})
targets=("$@")
[ $# -gt 0 ] || targets=("${linux[@]}" x86_64-pc-windows-gnu {x86_64,aarch64}-apple-darwin)
flags=$(bindings-python/flags.sh)

# Arrow's crates link the time zone of the system for a function that nothing here calls. Without Apple's SDK, this list of symbols stands in for the
# framework; what is not called is dropped from the wheel again.
frameworks=$cargo/frameworks
mkdir -p "$frameworks/CoreFoundation.framework" "$out"
cat >"$frameworks/CoreFoundation.framework/CoreFoundation.tbd" <<'TBD'
--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: '/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation'
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ _CFRelease, _CFStringGetBytes, _CFStringGetCStringPtr, _CFStringGetLength, _CFTimeZoneCopySystem, _CFTimeZoneGetName ]
...
TBD

for target in "${targets[@]}"; do
  how=(--zig) more=
  case $target in
    *-linux-gnu) how+=(--compatibility manylinux2014) ;;
    *-linux-musl) how+=(--compatibility musllinux_1_2) ;;
    *-apple-darwin) more="-Clink-arg=-F$PWD/$frameworks -Clink-arg=-Wl,-dead_strip_dylibs" ;;
    x86_64-pc-windows-gnu)
      how=()
      command -v x86_64-w64-mingw32-gcc >/dev/null || { echo "wheels: $target needs x86_64-w64-mingw32-gcc (Debian: gcc-mingw-w64-x86-64)" >&2; exit 1; } ;;
    *) echo "wheels: no wheel is built for $target" >&2; exit 2 ;;
  esac
  rustup target add "$target" >/dev/null 2>&1 || { echo "wheels: rustup cannot add $target" >&2; exit 1; }
  begin=$SECONDS
  RUSTFLAGS="$flags $more" maturin build --quiet --locked --release --target "$target" "${how[@]}" --target-dir "$cargo" --out "$out" >"$cargo/$target.log" 2>&1 ||
    { cat "$cargo/$target.log"; exit 1; }
  echo "wheels: built $target in $((SECONDS - begin)) s"
done
