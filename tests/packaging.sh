#!/usr/bin/env bash
# Installs the tarball, the wheel, and the source by `pip install .`, each into an empty project, and runs the README's examples there.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/target/packaging
rm -rf "$work" && mkdir -p "$work/js"

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

for source in wheel tree; do
  .venv/bin/python -m venv "$work/$source"
  if [ "$source" = wheel ]; then from=(--no-index dist/bailiwick-*.whl); else from=(.); fi
  CARGO_TARGET_DIR=$PWD/target/python "$work/$source/bin/python" -m pip install --quiet "${from[@]}"
  (cd "$work" && "$work/$source/bin/python" example.py >/dev/null && "$work/$source/bin/python" edge.py >/dev/null && "$work/$source/bin/python" -c "import bailiwick, doctest, sys; sys.exit(doctest.testmod(bailiwick).failed)")
  echo "Python package: installs from the $source and the Python of the README and of docs/edge.md runs"
done
