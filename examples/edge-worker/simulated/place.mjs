// What the checks share: a control plane, a worker that runs all the while, and the keys of the people in directory.json.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { eventually } from "./patience.mjs";

export class Place {
  worlds = [];
  // What must turn up in no answer and in no log.
  secrets = [];
  keys = {};

  async open(folder, bundled, ControlPlane) {
    this.folder = folder;
    this.bundled = bundled;
    this.ControlPlane = ControlPlane;
    this.signingKey = this.secretBytes();
    this.token = this.secret(randomBytes(24).toString("hex"));
    this.plane = this.begin((...entry) => this.world.namespace.put(...entry));
    for (const [name, fields, actor] of [
      ["ci", { project: "prj_a" }, "user:usr_bob"],
      ["eve", { project: "prj_b" }, "user:usr_eve"],
      ["zoe", { project: "prj_a" }, "user:usr_zoe"],
      ["old", { project: "prj_a", expires_at: "2020-01-01T00:00:00Z" }, "user:usr_bob"],
    ]) {
      this.createKey(name, fields, actor);
    }
    this.world = await this.worker({ PUBLIC_KEY: this.plane.publicKey, FOLLOW_SECONDS: "0", AUTHZEN_TOKEN: this.token });
    await this.plane.publish();
  }

  // Another worker, with another store.
  async worker(bindings, options) {
    const { World } = await import("./world.mjs");
    const world = new World();
    this.worlds.push(world);
    return world.start(this.bundled, bindings, options);
  }

  // A control plane at the beginning.
  begin(put, options) {
    const document = readFileSync(join(this.folder, "directory.json"), "utf8");
    return this.ControlPlane.begin(document, put, { signingKey: this.signingKey, maxAgeSeconds: 3600, ...options });
  }

  createKey(name, fields, actor) {
    this.keys[name] = this.secret(this.plane.createKey({ key: `key_${name}`, ...fields }, actor));
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
