#!/usr/bin/env bash
# Asks the databases of advisories about what is linked in (RustSec, by cargo-deny) and about the tools (npm, PyPI). All are asked, then any finding
# or failure fails.
set -uo pipefail
cd "$(dirname "$0")/../.."
root=target/tools/advisories version=0.20.2
failed=()

# With its parts for the network, which the one of deny.sh is built without.
[ "$($root/bin/cargo-deny --version 2>/dev/null)" = "cargo-deny $version" ] ||
  CARGO_TARGET_DIR=$PWD/$root/build cargo install --quiet --locked --debug cargo-deny --version "=$version" --root $root || failed+=(cargo-deny)
rm -rf $root/build
$root/bin/cargo-deny --log-level error --locked check advisories || failed+=("crates")
for folder in . bench/node tests/bundlers; do npm audit --prefix "$folder" --package-lock-only || failed+=("npm packages of $folder"); done
# In a folder of its own: it judges what is in the environment, and should not be in it.
.venv/bin/python -m venv $root/pip-audit && $root/pip-audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit &&
  $root/pip-audit/bin/pip-audit --progress-spinner off --skip-editable --path "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" || failed+=("Python packages")

[ ${#failed[@]} -eq 0 ] || { printf 'advisories: not clean, or not asked: %s\n' "${failed[@]}" >&2; exit 1; }
echo "advisories: none for the crates, the npm packages and the Python packages"
