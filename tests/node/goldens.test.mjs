// Bytes that an earlier release wrote are read as they always were, and written again as they were. `tests/snapshots/README.md` says what they are.
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

/** What the engine holds is the stored document, its members in their order. */
function holds(engine, name) {
  assert.equal(JSON.stringify(engine.toDirectory()), JSON.stringify(JSON.parse(read(`${name}.json`))));
}

test("the keys belong together", () => assert.deepEqual(publicKeyOf(signingKey), publicKey));

for (const golden of index.snapshots) {
  test(golden.name, () => {
    const engine = load(golden.name);
    holds(engine, golden.name);
    const bytes = engine.toSnapshot({ ...seal(golden), digests: golden.digests ?? true });
    assert.deepEqual(Buffer.from(bytes), read(`${golden.name}.bin`));
  });
}

for (const golden of index.deltas) {
  test(golden.name, () => {
    const engine = load(golden.after);
    const since = engine.revision;
    const bytes = read(`${golden.name}.delta`);
    engine.applyDelta(bytes, trust(golden));
    holds(engine, golden.name);
    assert.deepEqual(Buffer.from(engine.toDelta(since, seal(golden))), bytes);
  });
}
