#!/usr/bin/env bash
# Installs the packages of dist/ into empty projects and runs the README's examples: the npm tarball; and the wheel, on every
# CPython that this machine has, alone and with its extras.
of=packages
. "$(dirname "$0")/examples.sh"

printf '{"private": true, "type": "module"}\n' >"$work/js/package.json"
(cd "$work/js" && npm install --silent --no-audit --no-fund ../../../../dist/bailiwick-*.tgz && node example.mjs >/dev/null && node edge.mjs >/dev/null)
[ "$(find "$work/js/node_modules/bailiwick" -name '*.wasm' | wc -l)" -eq 1 ] || { echo "the npm package has not one .wasm"; exit 1; }
echo "npm package: the tarball installs, and the JavaScript of the README and of docs/edge.md runs"

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

"$work/$own/bin/bailiwick" --help >"$work/refused" 2>&1 && { echo "the command line runs without its extra"; exit 1; }
grep -qF 'pip install "bailiwick[cli]"' "$work/refused" || { echo "the command line does not say what it needs"; exit 1; }
.venv/bin/python -m venv "$work/extras"
"$work/extras/bin/python" -m pip install --quiet --disable-pip-version-check "$wheel[arrow,asgi,cli]"
works "$work/extras/bin/python"
(cd "$work/empty" && "$work/extras/bin/python" -c 'from bailiwick.asgi import Protect, authzen_app')
"$work/extras/bin/bailiwick" check examples/acme/directory.json user:usr_ada file.read project:prj_a --at 2026-02-01T00:01:00Z --json >/dev/null
echo "the wheel with its extras: the command line and the web frameworks are there; without them it says so"
