#!/usr/bin/env bash
# Prints the RUSTFLAGS that the extension is built with. Messages of panics name files; where the builder's cache lies is nobody's business.
echo "${RUSTFLAGS-} --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src="
