// Secrets of API keys: what authenticates, what new ones look like, and that no error repeats one.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Bailiwick, BailiwickError, newApiKey, publicKeyOf } from "bailiwick";

import { at, actor, signingKey, publicKey, load, guard, addition, removal, hash, refused } from "./scene.mjs";

test("authenticate takes any text as a secret, however long", () => {
  const engine = load();
  const long = "s".repeat(5000);
  engine.apply({ type: "create_api_key", project: "prj_a", key: "key_long", digest: hash(long) });
  assert.deepEqual(engine.authenticate(long), { type: "api_key", id: "key_long" });
  for (const text of ["x".repeat(100_000_000), "x".repeat((1 << 20) + 1), "é".repeat(1 << 20), `${"x".repeat(2_000_000)}\ud800`]) {
    assert.equal(engine.authenticate(text), null);
  }
});

test("a new secret: its form, its digest, and that a typing error is seen", () => {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const checksum = (text) => {
    let crc = ~0;
    for (const byte of Buffer.from(text)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    let rest = ~crc >>> 0;
    let written = "";
    for (let digit = 0; digit < 6; digit++, rest = Math.floor(rest / 62)) written = digits[rest % 62] + written;
    return written;
  };
  const engine = load();
  const secrets = new Set();
  for (const prefix of [undefined, "bw", "a", "0", "acme", "abcdefgh01234567"]) {
    for (let count = 0; count < 200; count++) {
      const made = newApiKey(prefix === undefined ? undefined : { prefix });
      assert.deepEqual(Object.keys(made), ["secret", "digest"]);
      const [, start, body, check] = /^([a-z0-9]{1,16})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/.exec(made.secret);
      assert.equal(start, prefix ?? "bw");
      assert.equal(check, checksum(`${start}_${body}`));
      assert.equal(made.digest, hash(made.secret));
      secrets.add(made.secret);
    }
  }
  assert.equal(secrets.size, 1200);
  const occurring = new Set([...secrets].flatMap((secret) => [...secret.split("_")[1].slice(1, 43)]));
  assert.equal(occurring.size, 62, "every digit occurs");
  for (const prefix of ["sk-live", "a_b", "a--_b", "a".repeat(32)]) assert.ok(newApiKey({ prefix }).secret.startsWith(`${prefix}_`));
  for (const prefix of ["", "A", "bw_", "-bw", "ä", "a b", "a".repeat(33), "\ud800", 5, true, [], {}]) refused(() => newApiKey({ prefix }), "wrong_type", "/prefix");

  const { secret, digest } = newApiKey({ prefix: "acme" });
  engine.apply({ type: "create_api_key", project: "prj_a", key: "key_new", digest }, { actor, at });
  assert.deepEqual(engine.authenticate(secret), { type: "api_key", id: "key_new" });
  assert.equal(engine.isAllowed(engine.authenticate(secret), "file.read", "project:prj_a", at), true);
  for (let place = 5; place < secret.length; place++) {
    const mistyped = secret.slice(0, place) + (secret[place] === "x" ? "y" : "x") + secret.slice(place + 1);
    assert.equal(engine.authenticate(mistyped), null);
    // What is registered is found, whatever its checksum.
    engine.apply({ type: "create_api_key", project: "prj_a", key: `key_${place}`, digest: hash(mistyped) });
    assert.deepEqual(engine.authenticate(mistyped), { type: "api_key", id: `key_${place}` });
  }
  for (const plain of ["sk-already-there", "acme_short", "é\u{1f600}", " "]) {
    engine.apply({ type: "create_api_key", project: "prj_a", key: `key ${plain}`, digest: hash(plain) });
    assert.deepEqual(engine.authenticate(plain), { type: "api_key", id: `key ${plain}` });
  }
  for (const nobody of ["", secret.slice(1), `${secret} `, secret.toUpperCase(), "\ud800", digest]) assert.equal(engine.authenticate(nobody), null);
  for (const bad of [undefined, null, 5, {}, [secret], new String(secret), signingKey, Symbol("x"), 1n]) {
    refused(() => engine.authenticate(bad), "wrong_type", "/secret", engine);
  }
  engine.apply({ type: "revoke_api_key", key: "key_new" }, { at });
  assert.equal(engine.checkAccess({ principal: engine.authenticate(secret), action: "file.read", resource: "project:prj_a", at }).reason, "key_revoked");
});

test("no secret gets into an error", () => {
  const secret = "bw_s3cret_that_nobody_may_read";
  const changes = [
    { type: "add_member", organization: "org_acme", user: "x" },
    { type: "remove_member", organization: "org_acme", user: "x" },
    { type: "set_member_role", organization: "org_acme", user: "x", role: "admin" },
    { type: "create_project", organization: "org_acme", project: "prj_a", name: "x" },
    addition("x"),
    removal("x"),
    { type: "create_api_key", project: "prj_a", key: "key_ci", digest: hash("x") },
    { type: "expire_api_key", key: "key_none", expires_at: at },
    { type: "revoke_api_key", key: "x" },
    { type: "regenerate_default_key", organization: "org_acme", digest: hash("x") },
    { type: "add_resource", project: "prj_a", resource: "cl_1", kind: "file" },
    { type: "remove_resource", resource: "x" },
  ];
  const attempts = [];
  for (const value of [secret, `user:${secret}`, `${secret}\n`, [secret], { type: secret, id: "x\n" }, { type: "user", id: `${secret}\n` }, { type: "user", id: secret }]) {
    for (const change of changes) {
      for (const field of ["user", "organization", "project", "key", "digest", "resource", "expires_at"].filter((field) => field in change)) {
        const spoilt = { ...change, [field]: value };
        attempts.push(() => load().apply(spoilt), () => load().apply(spoilt, { actor: "user:usr_dan", at }), () => load().preview(spoilt));
      }
    }
    attempts.push(
      () => guard.apply(removal("x"), { actor: value }),
      () => guard.apply(removal("x"), { at: value }),
      () => guard.apply(removal("x"), { expectedRevision: value }),
      () => guard.listProjects({ principal: value, limit: 0 }),
      () => guard.listProjects({ principal: actor, cursor: value }),
      () => guard.listActions({ principal: value, resource: value, surface: "none" }),
      () => guard.authenticate([value]),
      () => newApiKey({ prefix: value }),
      () => publicKeyOf(value),
      () => guard.toSnapshot({ signingKey: value }),
      () => guard.toDelta(value),
      () => guard.applyDelta(Buffer.from(String(value))),
      () => Bailiwick.fromSnapshot(value),
      () => Bailiwick.fromSnapshot(guard.toSnapshot(), { publicKey: value }),
    );
  }
  let failures = 0;
  for (const attempt of attempts) {
    try {
      attempt();
    } catch (error) {
      failures += 1;
      assert.ok(error instanceof BailiwickError, String(error?.stack));
      // The stack shows the message, and places in this file.
      const shown = [String(error), error.stack, error.path, JSON.stringify(error), JSON.stringify(Object.getOwnPropertyDescriptors(error))];
      assert.ok(!shown.some((text) => text.includes("s3cret")), `${attempt}: ${error.code} ${error.message}`);
    }
  }
  assert.ok(failures > attempts.length * 0.9, `${failures} of ${attempts.length}`);
  const key = Buffer.from(signingKey).toString("hex");
  for (const call of [() => guard.toSnapshot({ signingKey: signingKey.subarray(1) }), () => publicKeyOf(Buffer.from(key))]) {
    assert.throws(call, (error) => !/[0-9a-f]{16}|0,1,2/.test(error.message + JSON.stringify(error)));
  }
});
