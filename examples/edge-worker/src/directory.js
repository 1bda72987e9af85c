// The directory of this isolate: loaded from KV, followed by deltas, and taken from nobody but the holder of the signing key.
import { Bailiwick, isBailiwickError } from "bailiwick";

/** @import { Context, Store } from "./platform.js" */

// How long a request waits, in milliseconds: for the first directory, and for news where there is one to answer from.
const FIRST = 5_000;
const NEWS = 1_000;
// How long KV may take for one key.
const READ = 2_000;
// After that a refresh is given up for lost: the request that it belonged to may have been ended from outside.
const LOST = 15_000;
// After so many deltas in a row a snapshot is the shorter way.
const LONGEST_CHAIN = 16;

export class Directory {
  /**
   * The engine; undefined until there is one. Take it anew after every `await`: it is freed as soon as another takes its place.
   *
   * @type {Bailiwick | undefined}
   */
  guard;

  #store;
  #publicKey;
  #interval;
  /** @type {Promise<void> | undefined} */
  #refreshing;
  #began = 0;
  #due = 0;

  /**
   * @param {Store} store
   * @param {{ publicKey: Uint8Array, followSeconds: number }} settings
   */
  constructor(store, { publicKey, followSeconds }) {
    this.#store = store;
    this.#publicKey = publicKey;
    this.#interval = followSeconds * 1000;
  }

  /**
   * The engine, after a look for news if one is due. Requests that come together share one look.
   *
   * @param {Context} context
   */
  async current(context) {
    const now = Date.now();
    if (now - this.#began > LOST) this.#refreshing = undefined;
    if (this.#refreshing === undefined && now >= this.#due) this.#start(context, now);
    if (this.#refreshing !== undefined) await within(this.guard === undefined ? FIRST : NEWS, this.#refreshing).catch(() => {});
    return this.guard;
  }

  /** @param {Context} context @param {number} now */
  #start(context, now) {
    const refreshing = this.#refresh()
      .catch((fault) => warn(`the store cannot be read: ${fault.message}`))
      .finally(() => {
        this.#due = Date.now() + this.#interval;
        if (this.#refreshing === refreshing) this.#refreshing = undefined;
      });
    this.#refreshing = refreshing;
    this.#began = now;
    // Others wait for it as well, so it has to go on if the client that happened to begin it hangs up.
    context.waitUntil(refreshing);
  }

  async #refresh() {
    const isFirst = this.guard === undefined;
    if (isFirst && !(await this.#takeSnapshot())) return;
    const isLost = await this.#follow();
    if (isLost && !isFirst && (await this.#takeSnapshot())) await this.#follow();
  }

  // Follows the deltas to their end. True where they lead no further, and only a snapshot can help.
  async #follow() {
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      const revision = this.#present().revision;
      const delta = await this.#read(`deltas/${revision}`);
      if (delta === null) return true;
      const guard = this.#present();
      try {
        guard.applyDelta(delta);
      } catch (fault) {
        const code = codeOf(fault);
        warn(`the delta at revision ${revision} was refused: ${code}`);
        // What was damaged or is not ours is no reason to leave a directory that is good, as long as it is.
        return code === "delta_gap" || code === "delta_fork" || guard.isStale();
      }
      // An empty delta is the end. If it is an old one, the control plane may be somewhere else altogether.
      if (guard.revision === revision) return guard.isStale();
    }
    return true;
  }

  // Whether there was one to take.
  async #takeSnapshot() {
    const bytes = await this.#read("snapshot");
    if (bytes === null) return refuse("there is none");
    let fresh;
    try {
      fresh = Bailiwick.fromSnapshot(bytes, { publicKey: this.#publicKey });
    } catch (fault) {
      return refuse(codeOf(fault));
    }
    const why = unfit(fresh, this.guard);
    if (why !== undefined) {
      fresh.free();
      return refuse(why);
    }
    this.guard?.free();
    this.guard = fresh;
    return true;
  }

  /** @param {string} key */
  #read(key) {
    return within(READ, this.#store.get(key, { type: "arrayBuffer" }));
  }

  #present() {
    if (this.guard === undefined) throw new Error("there is no directory");
    return this.guard;
  }
}

/**
 * What is wrong with a snapshot that is genuine.
 *
 * @param {Bailiwick} fresh
 * @param {Bailiwick | undefined} present
 */
function unfit(fresh, present) {
  // Cut off, the worker would go on for ever.
  if (fresh.freshUntil === null) return "it never becomes stale";
  // Somebody who can write to the store could put back the one from before a key was revoked. What cannot be compared is not newer.
  if (present !== undefined && !(issued(fresh) >= issued(present))) return "it is older than the directory that is here";
  // Of two that were issued at once, the lower revision is the older one.
  if (present !== undefined && fresh.revision < present.revision) return "its revision is lower than that of the directory that is here";
  return undefined;
}

/** @param {Bailiwick} guard */
const issued = (guard) => Date.parse(guard.issuedAt ?? "");

/** @param {unknown} fault */
const codeOf = (fault) => (isBailiwickError(fault) ? fault.code : fault instanceof Error ? fault.name : typeof fault);

/** @param {string} why */
function refuse(why) {
  warn(`the snapshot was not taken: ${why}`);
  return false;
}

/** @param {string} message */
const warn = (message) => console.warn(`directory: ${message}`);

/**
 * Waits no longer than that.
 *
 * @template T
 * @param {number} milliseconds
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function within(milliseconds, promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
