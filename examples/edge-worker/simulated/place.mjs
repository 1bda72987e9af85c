// What the checks share: a control plane, a worker that runs all the while, and the keys of the people in directory.json.
import { randomBytes } from "node:crypto";

import { eventually } from "./patience.mjs";

export class Place {
  worlds = [];
  // What must turn up in no answer and in no log.
  secrets = [];
  keys = {};

  // `control` is publish.mjs.
  async open(folder, bundled, control) {
    this.folder = folder;
    this.bundled = bundled;
    this.control = control;
    this.signingKey = this.secretBytes();
    this.publicKey = control.publicKeyFor(this.signingKey);
    this.token = this.secret(randomBytes(24).toString("hex"));
    this.world = await this.worker({ PUBLIC_KEY: this.publicKey, FOLLOW_SECONDS: "0", AUTHZEN_TOKEN: this.token });
    await this.resume();
    for (const [name, fields, actor] of [
      ["ci", { project: "prj_a" }, "user:usr_bob"],
      ["eve", { project: "prj_b" }, "user:usr_eve"],
      ["zoe", { project: "prj_a" }, "user:usr_zoe"],
      ["old", { project: "prj_a", expires_at: "2020-01-01T00:00:00Z" }, "user:usr_bob"],
    ]) {
      this.createKey(name, fields, actor);
    }
    await this.plane.publish();
  }

  // Another worker, with another store.
  async worker(bindings, options) {
    const { World } = await import("./world.mjs");
    const world = new World();
    this.worlds.push(world);
    return world.start(this.bundled, bindings, options);
  }

  // Another control plane, which goes on from what is in the store. `put` is how it writes.
  async resume({ put, ...options } = {}) {
    this.plane = await this.planeOf(storeOf(this.world, put), options);
  }

  planeOf(store, options) {
    return this.control.controlPlane(store, { signingKey: this.signingKey, maxAgeSeconds: 3600, ...options });
  }

  // What a control plane signs that is not this one.
  sealed(more) {
    return { signingKey: this.signingKey, issuedAt: Date.now(), maxAgeSeconds: 3600, ...more };
  }

  createKey(name, fields, actor) {
    this.keys[name] = this.secret(this.control.createKey(this.plane.guard, { key: `key_${name}`, ...fields }, actor));
    return this.keys[name];
  }

  // The worker has it as soon as this is done.
  async change(change) {
    this.plane.guard.apply(change);
    await this.plane.publish();
    await this.caughtUp();
  }

  async caughtUp(wanted = this.plane.guard.revision) {
    await eventually(async () => (await this.revision()) === wanted, `revision ${wanted} at the worker`);
  }

  async revision() {
    const { headers } = await this.world.ask("/v1/files/file_a", { key: this.keys.ci });
    return Number(headers["x-bailiwick-revision"]);
  }

  secret(text) {
    this.secrets.push(text);
    return text;
  }

  secretBytes() {
    const bytes = randomBytes(32);
    this.secrets.push(bytes.toString("hex"), bytes.toString("base64"));
    return bytes;
  }

  async close() {
    await Promise.all(this.worlds.map((world) => world.stop()));
  }
}

// The worker's namespace for a control plane. What is not KV is not waited for: Miniflare takes any number of writes.
export function storeOf({ namespace }, put = (...entry) => namespace.put(...entry)) {
  return { get: (...asked) => namespace.get(...asked), put, delete: (key) => namespace.delete(key) };
}

// Puts something else into the store for a while. What was there is there again afterwards.
export async function whileStored({ namespace }, objects, check) {
  const write = (key, bytes) => (bytes === null ? namespace.delete(key) : namespace.put(key, bytes));
  const before = [];
  for (const [key, bytes] of Object.entries(objects)) {
    before.push([key, await namespace.get(key, "arrayBuffer")]);
    await write(key, bytes);
  }
  await check();
  for (const entry of before) await write(...entry);
}
