# Sourced by the scripts beside it: the examples of the README and of docs/edge.md as files, and a check that runs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$PWD/target/packaging/$of
rm -rf "$work" && mkdir -p "$work/js" "$work/empty"

# A page's blocks in a language, or only the first few.
example() { awk -v open='```'"$2" -v most="${3:-1}" '$0 == open { on = 1; next } /^```$/ { if (on && ++count == most) exit; on = 0 } on' "$1"; }
# The later blocks of the README continue the first, with variables that a host would provide.
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

wheel=$(ls "$PWD"/dist/bailiwick-*.whl) sdist=$(ls "$PWD"/dist/bailiwick-*.tar.gz)

# Runs the examples and the whole shared suite with a Python that has the package installed.
works() {
  (cd "$work/empty" && "$1" ../example.py >/dev/null && "$1" ../edge.py >/dev/null)
  SUITE_ANSWERS=$work/answers.tsv "$1" tests/run_python.py >/dev/null
  [ -e "$work/expected.tsv" ] || cp "$work/answers.tsv" "$work/expected.tsv"
  cmp "$work/answers.tsv" "$work/expected.tsv"
}

