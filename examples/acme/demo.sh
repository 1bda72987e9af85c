#!/usr/bin/env bash
# Installs both packages from dist/ into empty projects, asks both the example's questions, and prints what they answered.
# Fails if the two differ in one byte.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=examples/acme
work=target/demo

rm -rf "$work" && mkdir -p "$work/js"
printf '{"private": true, "type": "module"}\n' >"$work/js/package.json"
npm install --silent --no-audit --no-fund --prefix "$work/js" ./dist/bailiwick-*.tgz
cp "$here/demo.mjs" "$work/js"
.venv/bin/python -m venv "$work/py"
"$work/py/bin/python" -m pip install --quiet --no-index dist/bailiwick-*.whl

node "$work/js/demo.mjs" "$here/directory.json" "$here/requests.json" >"$work/node.json"
"$work/py/bin/python" "$here/demo.py" "$here/directory.json" "$here/requests.json" >"$work/python.json"
.venv/bin/python "$here/table.py" "$here/requests.json" "$work/node.json"
echo
if ! cmp "$work/node.json" "$work/python.json"; then
  echo "the WebAssembly module and the Python extension answered differently: see $work"
  exit 1
fi
echo "The WebAssembly module in Node and the Python extension gave the same $(wc -c <"$work/node.json" | tr -d ' ') bytes."
