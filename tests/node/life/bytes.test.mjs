// Snapshots, deltas and cryptographic keys as bytes of every form.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import { Bailiwick, BailiwickError, publicKeyOf } from "bailiwick";

import { at, signingKey, publicKey, load, addition, state, refused, works, foreign } from "./scene.mjs";

test("bytes in every form that JavaScript has", () => {
  const engine = load();
  const signed = engine.toSnapshot({ signingKey });
  assert.equal(Object.prototype.toString.call(signed), "[object Uint8Array]");
  assert.equal(signed.byteOffset, 0);
  assert.equal(signed.buffer.byteLength, signed.length, "not a view of the engine's memory");
  const padded = (bytes) => {
    const buffer = new Uint8Array(bytes.length + 20).fill(0xff);
    buffer.set(bytes, 7);
    return buffer.subarray(7, 7 + bytes.length);
  };
  const shared = (bytes) => {
    const view = new Uint8Array(new SharedArrayBuffer(bytes.length + 3), 3);
    view.set(bytes);
    return view;
  };
  const resizable = (bytes) => {
    const view = new Uint8Array(new ArrayBuffer(bytes.length, { maxByteLength: bytes.length * 2 }));
    view.set(bytes);
    return view;
  };
  const elsewhere = (bytes) => runInNewContext("Uint8Array.from(bytes)", { bytes: [...bytes] });
  class Bytes extends Uint8Array {}
  const forms = [
    (bytes) => bytes,
    padded,
    shared,
    resizable,
    elsewhere,
    (bytes) => elsewhere(bytes).buffer,
    (bytes) => Buffer.from(bytes),
    (bytes) => Buffer.concat([Buffer.of(1), bytes]).subarray(1),
    (bytes) => bytes.slice().buffer,
    (bytes) => Bytes.from(bytes),
  ];
  for (const form of forms) {
    const options = { publicKey: form(publicKey) };
    const copy = Bailiwick.fromSnapshot(form(signed), options);
    assert.equal(state(copy), state(engine));
    assert.deepEqual(engine.toSnapshot({ signingKey: form(signingKey) }), signed);
    assert.deepEqual(publicKeyOf(form(signingKey)), publicKey);
    assert.equal(copy.applyDelta(form(engine.toDelta(engine.revision, { signingKey: form(signingKey) })), options), engine.revision);
  }
});

test("arguments that are not bytes", () => {
  const engine = load();
  const signed = engine.toSnapshot({ signingKey });
  const others = [
    ...[undefined, null, 0, "", "bytes", true, {}, [], [...signingKey], () => {}, Symbol("x"), 1n, new Map(), new Date(), new String("bytes")],
    ...[Int8Array, Uint8ClampedArray, Uint16Array, Int32Array, Float32Array, Float64Array, BigUint64Array, DataView].map((Kind) => new Kind(new ArrayBuffer(32))),
    new SharedArrayBuffer(32),
    { length: 32, byteLength: 32, buffer: signingKey.buffer },
    { [Symbol.toStringTag]: "Uint8Array" },
    { [Symbol.toStringTag]: "ArrayBuffer", byteLength: 32 },
    Object.create(Uint8Array.prototype),
    Object.create(ArrayBuffer.prototype),
    Object.create(signingKey),
    new Proxy(signingKey, {}),
  ];
  for (const bad of others) {
    refused(() => Bailiwick.fromSnapshot(bad), "wrong_type", "", engine);
    refused(() => engine.applyDelta(bad), "wrong_type", "", engine);
    refused(() => publicKeyOf(bad), "wrong_type", "/signingKey", engine);
    // A public key that is named has to be there: a variable that is not set must not turn verification off.
    refused(() => Bailiwick.fromSnapshot(signed, { publicKey: bad }), "wrong_type", "/publicKey", engine);
    refused(() => engine.applyDelta(engine.toDelta(engine.revision), { publicKey: bad }), "wrong_type", "/publicKey", engine);
    if (bad === undefined || bad === null) assert.deepEqual(engine.toSnapshot({ signingKey: bad }), engine.toSnapshot());
    else {
      refused(() => engine.toSnapshot({ signingKey: bad }), "wrong_type", "/signingKey", engine);
      refused(() => engine.toDelta(engine.revision, { signingKey: bad }), "wrong_type", "/signingKey", engine);
    }
  }
  refused(() => Bailiwick.fromSnapshot(), "wrong_type", "", engine);
  refused(() => engine.applyDelta(), "wrong_type", "", engine);
  refused(() => publicKeyOf(), "wrong_type", "/signingKey", engine);
  for (const length of [0, 1, 31, 33, 64]) {
    const key = new Uint8Array(length);
    refused(() => publicKeyOf(key), "wrong_type", "/signingKey", engine);
    refused(() => engine.toSnapshot({ signingKey: key }), "wrong_type", "/signingKey", engine);
    refused(() => engine.toDelta(engine.revision, { signingKey: key.buffer }), "wrong_type", "/signingKey", engine);
    refused(() => Bailiwick.fromSnapshot(signed, { publicKey: key }), "wrong_type", "/publicKey", engine);
    refused(() => engine.applyDelta(engine.toDelta(engine.revision), { publicKey: key.buffer }), "wrong_type", "/publicKey", engine);
  }
  for (const length of [0, 1, 7, 8, 100, 10_000]) {
    refused(() => Bailiwick.fromSnapshot(new Uint8Array(length)), "snapshot_corrupt", "", engine);
    refused(() => engine.applyDelta(new Uint8Array(length)), "snapshot_corrupt", "", engine);
  }
  refused(() => Bailiwick.fromSnapshot(engine.toDelta(engine.revision)), "snapshot_corrupt", "", engine);
  refused(() => engine.applyDelta(signed), "snapshot_corrupt", "", engine);
});

test("an inherited public key is refused", () => {
  const engine = load();
  class Settings {
    get publicKey() {
      return publicKey;
    }
  }
  for (const options of [Object.create({ publicKey }), new Settings(), new Proxy({}, { get: () => publicKey, has: () => true })]) {
    assert.throws(() => Bailiwick.fromSnapshot(engine.toSnapshot(), options), BailiwickError, "nobody has signed this");
    assert.throws(() => engine.applyDelta(engine.toDelta(engine.revision), options), BailiwickError, "nobody has signed this");
  }
});

test("detached buffers, and bytes whose own properties are wrong or throw", () => {
  const engine = load();
  const detached = (bytes) => {
    const copy = bytes.slice();
    structuredClone(copy.buffer, { transfer: [copy.buffer] });
    return copy;
  };
  const shrunk = (length) => {
    const buffer = new ArrayBuffer(length, { maxByteLength: length });
    const view = new Uint8Array(buffer, 1);
    const fixed = new Uint8Array(buffer, 1, length - 1);
    buffer.resize(0);
    return [view, fixed];
  };
  const lying = (name, descriptor) => Object.defineProperty(signingKey.slice(), name, descriptor);
  const fail = () => {
    throw new Error("mine");
  };
  const bad = [
    detached(signingKey),
    detached(signingKey).buffer,
    ...shrunk(32),
    lying("buffer", { get: fail }),
    lying("buffer", { value: {} }),
    lying("byteLength", { value: 1e9 }),
    lying("byteLength", { value: 31 }),
    lying("byteOffset", { value: -1 }),
    lying(Symbol.toStringTag, { get: fail }),
  ];
  const seen = [];
  for (const [index, key] of bad.entries()) {
    const thrown = foreign([
      () => Bailiwick.fromSnapshot(key),
      () => engine.applyDelta(key),
      () => publicKeyOf(key),
      () => engine.toSnapshot({ signingKey: key }),
      () => engine.toDelta(engine.revision, { signingKey: key }),
      // Whatever it is taken for, it is not taken for no key at all.
      () => assert.throws(() => Bailiwick.fromSnapshot(engine.toSnapshot(), { publicKey: key }), BailiwickError),
      () => assert.throws(() => engine.applyDelta(engine.toDelta(engine.revision), { publicKey: key }), BailiwickError),
    ]);
    seen.push(...thrown.map((fault) => `${index}: ${fault}`));
    works(engine);
  }
  assert.deepEqual(seen, []);
});

test("bytes that change after the call do not matter", () => {
  const engine = load();
  const key = signingKey.slice();
  const verifier = publicKey.slice();
  const signed = engine.toSnapshot({ signingKey: key });
  const bytes = signed.slice();
  const copy = Bailiwick.fromSnapshot(bytes, { publicKey: verifier });
  key.fill(0);
  verifier.fill(0);
  bytes.fill(0);
  assert.equal(state(copy), state(engine));
  assert.deepEqual(copy.toSnapshot({ signingKey }), signed);
  engine.apply(addition("usr_new"));
  const delta = engine.toDelta(copy.revision, { signingKey });
  assert.throws(() => copy.applyDelta(engine.toDelta(copy.revision)), { code: "signature_missing" });
  const sent = delta.slice();
  assert.equal(copy.applyDelta(sent), engine.revision);
  sent.fill(0);
  assert.equal(state(copy), state(engine));
  const written = engine.toSnapshot();
  written.fill(0);
  assert.equal(state(copy), state(engine));
  const change = addition("usr_mutated");
  engine.apply(change);
  change.user = "usr_other";
  const page = engine.listPrincipals({ action: "file.read", resource: "project:prj_a", at });
  page.items.length = 0;
  assert.ok(engine.listPrincipals({ action: "file.read", resource: "project:prj_a", at }).items.includes("user:usr_mutated"));
});
