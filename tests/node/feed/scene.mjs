// What the tests of feeds share: a directory, its keys, and stores of each shape.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Bailiwick, publicKeyOf } from "bailiwick";
import { Follower } from "bailiwick/follow";
import { FolderStore } from "bailiwick/folder";
import { Publisher } from "bailiwick/publish";

export const MAX_AGE = 300;
export const signingKey = new Uint8Array(32).fill(1);
export const publicKey = publicKeyOf(signingKey);
export const otherKey = new Uint8Array(32).fill(2);

// A directory; those of another revision have another history.
export function engine(revision = 0, names = []) {
  const members = ["ada", ...names].map((name) => ({ user: `usr_${name}`, role: name === "ada" ? "admin" : "member" }));
  const organization = { id: "org_a", owner: "usr_ada", members, projects: [{ id: "prj_default", default: true }] };
  const guard = Bailiwick.fromDirectory({ format: "bailiwick/1", revision, max_age_seconds: MAX_AGE, organizations: [organization] });
  // Deltas begin where a snapshot was made.
  guard.toSnapshot();
  return guard;
}

export const enter = (guard, name) => guard.apply({ type: "add_member", organization: "org_a", user: `usr_${name}`, role: "member" });
export const leave = (guard, name) => guard.apply({ type: "remove_member", organization: "org_a", user: `usr_${name}` });

// Who is a member, which is the state of such a directory, with its revision.
export const stateOf = (guard) => `${guard.revision}: ${guard.toDirectory().organizations[0].members.map(({ user }) => user.slice(4)).sort().join(" ")}`;
export const knows = (guard, name) => guard.isAllowed(`user:usr_${name}`, "file.read", "project:prj_default");

export const publisherOf = (guard, store, options) => new Publisher(guard, store, { signingKey, ...options });

// A follower that keeps what it was told.
export function followerOf(store, options) {
  const told = [];
  const place = typeof store === "string" ? { url: store } : { store };
  const follower = new Follower({ ...place, ...(options?.publicKeys ? {} : { publicKey }), onError: (error, key) => told.push(`${key}: ${error.code ?? error.message}`), ...options });
  return Object.assign(follower, { told });
}

// With `get` and `put` and nothing else.
export function plainStore(objects = new Map()) {
  return { objects, get: (key) => objects.get(key), put: (key, bytes) => void objects.set(key, bytes.slice()), delete: (key) => void objects.delete(key) };
}

// With conditions, as a host's own store would be.
export function conditionalStore(objects = new Map()) {
  let writes = 0;
  return {
    isConditional: true,
    objects,
    requests: [],
    async get(key, seen) {
      this.requests.push(`get ${key}${seen === undefined ? "" : " if changed"}`);
      const object = objects.get(key);
      if (object === undefined) return null;
      return object.tag === seen ? "unchanged" : object;
    },
    async put(key, bytes, seen) {
      this.requests.push(`${seen === null ? "create" : "replace"} ${key}`);
      if ((objects.get(key)?.tag ?? null) !== seen) return null;
      const tag = String((writes += 1));
      objects.set(key, { bytes: bytes.slice(), tag });
      return tag;
    },
    async delete(key) {
      this.requests.push(`delete ${key}`);
      objects.delete(key);
    },
    // What has been asked since the last time.
    asked() {
      return this.requests.splice(0).join(", ");
    },
  };
}

// Lets requests fail: `fate(number, what)` says how, "lost" before it takes effect and "unheard" after.
export function faulty(store, fate) {
  let number = 0;
  const request = async (what, key, ...rest) => {
    const how = fate(number++, `${what} ${key}`);
    if (how === "lost") throw new Error("the request was lost");
    const answer = await store[what](key, ...rest);
    if (how === "unheard") throw new Error("the answer was lost");
    return answer;
  };
  const calls = ["get", "put", "delete"].map((what) => [what, (...rest) => request(what, ...rest)]);
  return { isConditional: store.isConditional, ...Object.fromEntries(calls) };
}

// Stores of each shape; `close` ends what they need. `url` is where a follower reads instead.
export async function stores(context) {
  const folder = mkdtempSync(join(tmpdir(), "feed-"));
  const served = conditionalStore();
  const { url, server } = await serve(served);
  const { Miniflare } = await import("miniflare");
  const worker = new Miniflare({ modules: true, script: "export default {}", kvNamespaces: ["KV"], r2Buckets: ["R2"], cf: false });
  context.after(async () => {
    server.close();
    rmSync(folder, { recursive: true });
    await worker.dispose();
  });
  return {
    conditions: { store: conditionalStore() },
    "get and put": { store: plainStore() },
    folder: { store: new FolderStore(folder) },
    server: { store: served, place: url },
    R2: { store: await worker.getR2Bucket("R2") },
    KV: { store: await worker.getKVNamespace("KV") },
  };
}

// A server of files, with ETags.
export async function serve(store, hook = () => undefined) {
  const statuses = [];
  const server = createServer(async (request, response) => {
    const key = request.url.replace(/^\/feed\//, "");
    const object = store.objects.get(key);
    const other = hook(request, response);
    if (other === "answered") return;
    const etag = object && `"${object.tag}"`;
    const status = other ?? (object === undefined ? 404 : request.headers["if-none-match"] === etag ? 304 : 200);
    statuses.push(status);
    response.writeHead(status, object && { etag });
    response.end(status === 200 ? object.bytes : undefined);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, statuses, url: `http://127.0.0.1:${server.address().port}/feed` };
}

export const moment = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
