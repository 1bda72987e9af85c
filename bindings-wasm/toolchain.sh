#!/usr/bin/env bash
# Prints the name of a Rust toolchain that can build for wasm32-unknown-unknown, for RUSTUP_TOOLCHAIN.
#
# First the active toolchain, as it is or with the target added by rustup. Where rustup cannot add it, on Debian: the compiler and the
# standard library's source of the `rustc-web` packages, unpacked into the user's cache (nothing is installed, no root is needed), and
# the standard library built once. That takes a minute or two and 500 MB.
set -euo pipefail

target=wasm32-unknown-unknown
host=x86_64-unknown-linux-gnu
cache=${XDG_CACHE_HOME:-$HOME/.cache}/bailiwick-wasm-toolchain

say() { echo "bindings-wasm: $*" >&2; }
active_has_target() { compgen -G "$(rustc --print target-libdir --target "$target" 2>/dev/null)/libstd-*.rlib" >/dev/null; }
print_active() { rustup show active-toolchain | cut -d' ' -f1; exit; }

command -v rustup >/dev/null || { say "rustup is missing; install it and try again"; exit 1; }
active_has_target && print_active
say "adding the standard library for $target"
rustup target add "$target" >&2 && active_has_target && print_active

made=$cache/toolchain
if [ ! -e "$made/.complete" ]; then
  if [ "$(uname -m)" != x86_64 ] || ! command -v apt-get >/dev/null; then
    say "rustup could not add $target, and there is no other way on this system"
    exit 1
  fi
  say "rustup could not add $target; making a toolchain from Debian's rustc-web packages"
  rm -rf "$cache" && mkdir -p "$cache/packages" "$cache/files" "$made/bin" "$made/lib/rustlib/src/rust" && cd "$cache/packages"
  # An old list of packages names an old compiler. Only root may renew it; whoever cannot goes on with what there is.
  apt-get update -qq >&2 || true
  depends() { apt-cache depends "$1" | sed -n "s/.*Depends: \($2\)\$/\1/p" | head -n 1; }
  std=$(depends libstd-rust-web-dev 'libstd-rust-web-[0-9.]*')
  llvm=$(depends "$std" 'libllvm[0-9]*')
  packages=(rustc-web libstd-rust-web-dev "$std" "$llvm" "lld-${llvm#libllvm}")
  apt-get download -qq "${packages[@]}" rust-web-src >&2
  for package in "${packages[@]}"; do dpkg -x "${package}"_*.deb "$cache/files"; done
  dpkg --fsys-tarfile rust-web-src_*.deb | tar -x -C "$cache/files" --wildcards './usr/src/rustc-*/library'

  cd "$cache/files/usr"
  mv bin/rustc bin/rustdoc "$made/bin"
  mv lib/x86_64-linux-gnu/librustc_driver-* lib/x86_64-linux-gnu/libLLVM.so.* "$made/lib"
  mv "lib/rustlib/$host" "$made/lib/rustlib"
  mkdir -p "$made/lib/rustlib/$host/bin" "$made/lib/rustlib/$target/lib"
  mv lib/llvm-*/bin/lld "$made/lib/rustlib/$host/bin/rust-lld"
  mv src/rustc-*/library "$made/lib/rustlib/src/rust/library"
  ln -s "$(rustup which cargo)" "$made/bin/cargo"

  # An empty crate, so that cargo builds the standard library for it, with the bitcode that link-time optimization wants.
  mkdir -p "$cache/empty/src" && cd "$cache/empty" && : >src/lib.rs
  printf '[workspace]\n[package]\nname = "empty"\nedition = "2021"\n[profile.release]\npanic = "abort"\n' >Cargo.toml
  RUSTC_BOOTSTRAP=1 RUSTUP_TOOLCHAIN=$made RUSTFLAGS='-Cembed-bitcode=yes' CARGO_TARGET_DIR=target \
    cargo build --quiet --release --target "$target" -Zbuild-std=std,panic_abort,proc_macro,test >&2
  rm -f target/$target/release/deps/libempty-*
  mv target/$target/release/deps/*.rlib "$made/lib/rustlib/$target/lib"
  cd / && rm -rf "$cache/packages" "$cache/files" "$cache/empty" "$made/lib/rustlib/src"
  : >"$made/.complete"
fi
echo "$made"
