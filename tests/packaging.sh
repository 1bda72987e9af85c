#!/usr/bin/env bash
# Installs what is in dist/ into empty projects, with nothing else there, and runs the README's examples: the tarball of npm; the wheel, on every
# CPython that this machine has; the source, by `pip install .`; and the sdist, which has to build from nothing but itself.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/target/packaging
rm -rf "$work" && mkdir -p "$work/js" "$work/empty"

# A page's blocks in a language, or only the first so many.
example() { awk -v open='```'"$2" -v most="${3:-1}" '$0 == open { on = 1; next } /^```$/ { if (on && ++count == most) exit; on = 0 } on' "$1"; }
# The later blocks of the README go on from the first, with what a host would bring.
{
  cat <<'END'
import { newApiKey, publicKeyOf } from "bailiwick";
const signingKey = new Uint8Array(32).fill(7);
const [publicKey, issuedAt, { secret }, authenticate] = [publicKeyOf(signingKey), new Date(), newApiKey(), () => true];
END
  example README.md js 9
} >"$work/js/example.mjs"
example README.md python >"$work/example.py"
example docs/edge.md js >"$work/js/edge.mjs"
example docs/edge.md python >"$work/edge.py"
for file in "$work"/js/{example,edge}.mjs "$work"/{example,edge}.py; do [ -s "$file" ] || { echo "$file has no example"; exit 1; }; done

printf '{"private": true, "type": "module"}\n' >"$work/js/package.json"
(cd "$work/js" && npm install --silent --no-audit --no-fund ../../../dist/bailiwick-*.tgz && node example.mjs >/dev/null && node edge.mjs >/dev/null)
[ "$(find "$work/js/node_modules/bailiwick" -name '*.wasm' | wc -l)" -eq 1 ] || { echo "the npm package has not one .wasm"; exit 1; }
echo "npm package: the tarball installs, and the JavaScript of the README and of docs/edge.md runs"

wheel=$(ls "$PWD"/dist/bailiwick-*.whl) sdist=$(ls "$PWD"/dist/bailiwick-*.tar.gz)

# The examples and the whole shared suite, by a Python in which the package is installed.
works() {
  (cd "$work/empty" && "$1" ../example.py >/dev/null && "$1" ../edge.py >/dev/null)
  SUITE_ANSWERS=$work/answers.tsv "$1" tests/run_python.py >/dev/null
  [ -e "$work/expected.tsv" ] || cp "$work/answers.tsv" "$work/expected.tsv"
  cmp "$work/answers.tsv" "$work/expected.tsv"
}

# A CPython of a version: the one that the tests use, one on the PATH, or one of pyenv's. Those without the GIL cannot load the stable ABI.
python_of() {
  local candidate
  for candidate in .venv/bin/python "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
    "$candidate" - "$1" 2>/dev/null <<'END' && return
import sys, sysconfig
if sys.implementation.name != "cpython" or "%d.%d" % sys.version_info[:2] != sys.argv[1] or sysconfig.get_config_var("Py_GIL_DISABLED"):
    sys.exit(1)
print(sys.executable)
END
  done
}

own=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
missing=()
for version in $(printf '%s\n' 3.11 3.12 3.13 3.14 "$own" | sort -u); do
  python=$(python_of "$version" || true)
  if [ -z "$python" ]; then missing+=("$version"); continue; fi
  "$python" -m venv "$work/$version"
  "$work/$version/bin/python" -m pip install --quiet --disable-pip-version-check --no-index "$wheel"
  works "$work/$version/bin/python"
  echo "Python $version: the wheel installs, the Python of the README and of docs/edge.md runs, and so does the shared suite"
done
[ ${#missing[@]} -eq 0 ] || echo "not found, so not tried: Python ${missing[*]}"

contents=$(tar -tzf "$sdist" | cut -d/ -f2-)
for file in Cargo.toml Cargo.lock PKG-INFO README.md LICENSE-MIT LICENSE-APACHE pyproject.toml bindings-python/python/bailiwick/py.typed core/policies/*.json; do
  grep -qxF "$file" <<<"$contents" || { echo "the sdist has no $file"; exit 1; }
done
! grep -vE '^(core/|bindings-python/|(Cargo\.(toml|lock)|PKG-INFO|README\.md|LICENSE-[A-Z]+|pyproject\.toml)$)' <<<"$contents" || { echo "the sdist has what it does not need"; exit 1; }

# Cargo goes by the times of files, and in an sdist all of them are of the same old day: it would take the tree's objects for the sdist's, and
# later the other way round. So the sdist gets a copy of what was compiled, without what is ours.
cp -Rp target/python "$work/cargo"
cargo clean --quiet --locked --release --target-dir "$work/cargo" -p bailiwick -p bailiwick-python
for source in tree sdist; do
  if [ "$source" = tree ]; then from=$PWD compiled=$PWD/target/python; else from=$sdist compiled=$work/cargo; fi
  .venv/bin/python -m venv "$work/$source"
  (cd "$work/empty" && CARGO_TARGET_DIR=$compiled "$work/$source/bin/python" -m pip install --quiet --disable-pip-version-check "$from")
  works "$work/$source/bin/python"
  echo "Python package: builds and installs from the $source, and answers as the wheel does"
done
