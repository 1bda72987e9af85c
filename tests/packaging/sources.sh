#!/usr/bin/env bash
# Builds the Python package from its sources: the tree, with `pip install .`, and the sdist, which must be self-contained.
of=sources
. "$(dirname "$0")/examples.sh"

contents=$(tar -tzf "$sdist" | cut -d/ -f2-)
for file in Cargo.toml Cargo.lock PKG-INFO docs/package-page.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE pyproject.toml bindings-python/python/bailiwick/py.typed core/policies/*.json; do
  grep -qxF "$file" <<<"$contents" || { echo "the sdist has no $file"; exit 1; }
done
! grep -vE '^(core/|bindings-python/|(Cargo\.(toml|lock)|PKG-INFO|docs/package-page\.md|CHANGELOG\.md|LICENSE-[A-Z]+|pyproject\.toml)$)' <<<"$contents" || { echo "the sdist has what it does not need"; exit 1; }

# The flags of the wheel, or everything would be compiled again.
RUSTFLAGS=$(bindings-python/flags.sh)
export RUSTFLAGS
# Cargo compares the times of files, and in an sdist all of them have the same old date: it would take the tree's objects for the sdist's, and
# later the reverse. So the sdist gets a copy of the build, without the project's own crates.
cp -Rp target/python "$work/cargo"
cargo clean --quiet --locked --release --target-dir "$work/cargo" -p bailiwick -p bailiwick-python
for source in tree sdist; do
  if [ "$source" = tree ]; then from=$PWD compiled=$PWD/target/python; else from=$sdist compiled=$work/cargo; fi
  .venv/bin/python -m venv "$work/$source"
  (cd "$work/empty" && CARGO_TARGET_DIR=$compiled "$work/$source/bin/python" -m pip install --quiet --disable-pip-version-check "$from")
  works "$work/$source/bin/python"
  echo "Python package: builds and installs from the $source, and answers as the wheel does"
done
