// Snapshots that a release wrote are read as they always were, and so are deltas of the present format. `tests/snapshots/README.md` says what they are.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Bailiwick, publicKeyOf } from "bailiwick";

const read = (file) => readFileSync(new URL(`../snapshots/${file}`, import.meta.url));
const index = JSON.parse(read("index.json"));
const signingKey = Uint8Array.from(Buffer.from(index.signing_key, "hex"));
const publicKey = Uint8Array.from(Buffer.from(index.public_key, "hex"));
const seal = (golden) => (golden.signed ? { signingKey } : {});
// One of them was issued in the last second that there is.
const at = "9999-12-31T23:59:59.999Z";
const trust = (golden) => (golden.signed ? { publicKey, at } : { at });

function load(name) {
  const golden = index.snapshots.find((snapshot) => snapshot.name === name);
  return Bailiwick.fromSnapshot(read(`${name}.bin`), trust(golden));
}

/** The directory of the document beside the bytes. */
function stored(name) {
  return Bailiwick.fromDirectory(read(`${name}.json`).toString());
}

test("the keys belong together", () => assert.deepEqual(publicKeyOf(signingKey), publicKey));

for (const golden of index.snapshots) {
  test(golden.name, () => {
    const [engine, same] = [load(golden.name), stored(golden.name)];
    assert.equal(JSON.stringify(engine.toDirectory()), JSON.stringify(same.toDirectory()));
    if (golden.excerpt) {
      // It says more than its document.
      assert.deepEqual(Buffer.from(engine.toSnapshot()), read(`${golden.name}.bin`));
      return;
    }
    const options = { ...seal(golden), digests: golden.digests ?? true };
    assert.deepEqual(engine.toSnapshot(options), same.toSnapshot(options));
  });
}

for (const golden of index.deltas) {
  test(golden.name, () => {
    const engine = load(golden.after);
    const before = engine.toSnapshot();
    const apply = () => engine.applyDelta(read(`${golden.name}.delta`), trust(golden));
    if (golden.refused === undefined) {
      apply();
      assert.equal(JSON.stringify(engine.toDirectory()), JSON.stringify(stored(golden.name).toDirectory()));
      assert.deepEqual(engine.toSnapshot(), stored(golden.name).toSnapshot());
      return;
    }
    assert.throws(apply, { code: golden.refused });
    assert.deepEqual(engine.toSnapshot(), before);
  });
}
