// Stores of a feed, whatever their shape. Here they all have
//   get(key, seen)         { bytes, tag }, null if there is nothing, UNCHANGED if its tag is `seen`
//   put(key, bytes, seen)  the new tag, or null if what is there is not `seen` (null: nothing)
//   delete(key)
// A host's own store of this shape says so by `isConditional`.
import { within } from "./feed_host.js";
import { wrongType } from "./own_options.js";

export const UNCHANGED = "unchanged";

const isFunction = (value) => typeof value === "function";

// What a follower reads.
export function readableStore(store, timeout) {
  if (!isFunction(store?.get)) throw wrongType("store", "expected an object with `get`; an address is for the option `url`");
  if (store.isConditional === true) return store;
  if (isFunction(store.head) && isFunction(store.put)) return new BucketStore(store, timeout);
  return new PlainStore(store, timeout, isFunction(store.getWithMetadata));
}

// What a publisher writes.
export function writableStore(store, timeout) {
  if (!isFunction(store?.get) || !isFunction(store.put)) throw wrongType("store", "expected an object with `get` and `put`");
  return readableStore(store, timeout);
}

// A bucket of R2, which writes on conditions.
class BucketStore {
  #bucket;
  #timeout;

  constructor(bucket, timeout) {
    [this.#bucket, this.#timeout] = [bucket, timeout];
  }

  async get(key, seen) {
    const object = await within(this.#timeout, this.#bucket.get(key, seen ? { onlyIf: { etagDoesNotMatch: seen } } : {}));
    if (object === null || object === undefined) return null;
    // Without a body it is what was seen.
    if (!isFunction(object.arrayBuffer)) return UNCHANGED;
    return { bytes: new Uint8Array(await within(this.#timeout, object.arrayBuffer())), tag: object.etag };
  }

  async put(key, bytes, seen) {
    const onlyIf = seen === null ? { etagDoesNotMatch: "*" } : { etagMatches: seen };
    return (await within(this.#timeout, this.#bucket.put(key, bytes, { onlyIf })))?.etag ?? null;
  }

  async delete(key) {
    await within(this.#timeout, this.#bucket.delete(key));
  }
}

// For so many milliseconds KV may give what was there before, from its caches.
const REMEMBERED = 120_000;
// KV takes one write in so many milliseconds for each key.
const BETWEEN_WRITES = 1_100;

// A store without conditions, such as KV. What somebody else wrote is noticed before a write, unless it is written in the same moment.
//
// Nothing is given a time to live: readers find their way by deltas until the publisher knows that nobody needs them, and deletes them.
class PlainStore {
  #store;
  #timeout;
  #isDelayed;
  // What this process has itself replaced, by key and tag, and which keys it has written: when, in milliseconds.
  #replaced = new Map();
  #written = new Map();

  constructor(store, timeout, isDelayed) {
    [this.#store, this.#timeout, this.#isDelayed] = [store, timeout, isDelayed];
  }

  async get(key, seen) {
    // KV would give text; others have no second argument.
    const found = await within(this.#timeout, this.#store.get(key, { type: "arrayBuffer" }));
    const bytes = found === null || found === undefined ? null : await within(this.#timeout, bytesOf(found));
    const tag = await tagOf(bytes);
    if (seen !== undefined && (tag === seen || this.#isOld(key, tag))) return UNCHANGED;
    return bytes === null ? null : { bytes, tag };
  }

  async put(key, bytes, seen) {
    const there = await this.get(key, seen);
    if (there !== UNCHANGED && (there?.tag ?? null) !== seen) return null;
    if (this.#isDelayed) await this.#pause(key);
    // Whether or not it is heard of, it may be there.
    if (this.#isDelayed) this.#remember(key, seen);
    await within(this.#timeout, this.#store.put(key, bytes));
    return tagOf(bytes);
  }

  async delete(key) {
    if (isFunction(this.#store.delete)) await within(this.#timeout, this.#store.delete(key));
  }

  // Whether it is what this process has replaced, and not what somebody else wrote.
  #isOld(key, tag) {
    const since = this.#replaced.get(`${key} ${tag}`);
    return since !== undefined && Date.now() - since < REMEMBERED;
  }

  async #pause(key) {
    const rest = (this.#written.get(key) ?? -Infinity) + BETWEEN_WRITES - Date.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(rest, BETWEEN_WRITES)));
  }

  #remember(key, tag) {
    const now = Date.now();
    this.#replaced.set(`${key} ${tag}`, now);
    this.#written.set(key, now);
    for (const known of [this.#replaced, this.#written]) for (const [name, since] of known) if (now - since >= REMEMBERED) known.delete(name);
  }
}

async function bytesOf(found) {
  if (found instanceof ArrayBuffer) return new Uint8Array(found);
  if (ArrayBuffer.isView(found)) return new Uint8Array(found.buffer, found.byteOffset, found.byteLength);
  if (isFunction(found.arrayBuffer)) return new Uint8Array(await found.arrayBuffer());
  throw new TypeError("the store gives something that is not bytes");
}

async function tagOf(bytes) {
  if (bytes === null) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
