// A publisher: puts the revisions of one engine where followers find them.
import { FeedWriter, feedPause } from "./bailiwick.js";
import { UNCHANGED, writableStore } from "./feed_stores.js";
import { call, made } from "./feed_host.js";
import { typedOptions, wrongType } from "./own_options.js";

const OPTIONS = {
  signingKey: "any",
  publicKeys: "any",
  maxAgeSeconds: "any",
  interval: "seconds",
  timeout: "seconds",
  onPublish: "function",
  onError: "function",
};

export class ConflictError extends Error {}
Object.defineProperty(ConflictError.prototype, "name", { value: "ConflictError", configurable: true, writable: true });

export class Publisher {
  #guard;
  #writer;
  #store;
  #interval;
  #onPublish;
  #onError;
  #tags = new Map();
  #isRead = false;
  // Where another publisher has written, until the feed is read: this engine knows nothing of what that one has published, and might replace it.
  #lostAt;
  #last = Promise.resolve();
  // The run of `start` that goes on.
  #publishing;
  #timer;
  #stats = { publications: 0, failures: 0, conflicts: 0, steps: 0, renewals: 0, snapshots: 0, bytes: 0 };

  constructor(guard, store, options) {
    this.#prepare(store, options);
    this.guard = guard;
  }

  static async resume(store, start, options) {
    if (typeof start !== "function") throw wrongType("start", "expected a function that makes the first engine");
    const publisher = new Publisher(UNKNOWN, store, options);
    publisher.guard = (await publisher.read()) ?? (await start());
    return publisher;
  }

  get guard() {
    return this.#guard;
  }

  set guard(guard) {
    if (guard !== UNKNOWN && typeof guard?.toDelta !== "function") throw wrongType("guard", "expected an engine");
    this.#guard = guard;
  }

  get stats() {
    return { ...this.#stats };
  }

  read() {
    return this.#inTurn(() => this.#read());
  }

  publish() {
    return this.#inTurn(async () => {
      if (this.#lostAt !== undefined) throw conflictAt(this.#lostAt);
      if (!this.#isRead) (await this.#read())?.free();
      const published = await this.#begin();
      // That was one that had been left undone, as it was begun; what has changed since comes after it.
      const rest = published.revision < this.#guard.revision ? await this.#begin() : {};
      for (const [name, count] of Object.entries(rest)) published[name] = name === "revision" ? count : published[name] + count;
      return published;
    });
  }

  start() {
    if (this.#publishing !== undefined) return this;
    const publishing = {};
    this.#publishing = publishing;
    const go = async () => {
      await this.#try();
      if (this.#publishing !== publishing) return;
      this.#timer = setTimeout(go, feedPause(this.#stats.failures, Math.round(this.#interval * 1000), Math.random()));
    };
    go();
    return this;
  }

  // A publication that has been begun is completed.
  stop() {
    this.#publishing = undefined;
    clearTimeout(this.#timer);
    return this.#last;
  }

  #prepare(store, options) {
    const { interval = 1, timeout = 60, onPublish, onError, ...terms } = typedOptions(options, OPTIONS);
    this.#writer = made(() => new FeedWriter(terms));
    this.#store = writableStore(store, timeout);
    [this.#interval, this.#onPublish, this.#onError] = [interval, onPublish, onError];
  }

  async #begin() {
    this.#writer.begin(this.#guard);
    const published = await this.#run();
    this.#count(published);
    return published;
  }

  async #try() {
    try {
      const published = await this.publish();
      this.#stats.failures = 0;
      if (published.bytes > 0) call(this.#onPublish, published);
    } catch (fault) {
      this.#stats.failures += 1;
      call(this.#onError, fault);
    }
  }

  // One after the other.
  #inTurn(work) {
    const done = this.#last.then(work);
    this.#last = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  async #read() {
    this.#isRead = false;
    this.#writer.resume();
    await this.#run();
    [this.#isRead, this.#lostAt] = [true, undefined];
    return this.#writer.takeEngine();
  }

  // Carries out what the writer asks for.
  async #run() {
    for (;;) {
      const { todo, key } = this.#writer;
      if (todo === "done") return this.#writer.report;
      if (todo === "failed") throw new Error("the store gives no answer that makes sense; try again");
      if (todo === "conflict") {
        [this.#isRead, this.#lostAt] = [false, key];
        this.#stats.conflicts += 1;
        throw conflictAt(key);
      }
      let reply;
      try {
        reply = await this.#carryOut(todo, key);
      } catch (fault) {
        // Whether it took effect is found out the next time.
        this.#writer.reply("failed", null);
        // Deleting is housekeeping.
        if (todo === "delete") continue;
        throw fault;
      }
      this.#writer.reply(...reply);
    }
  }

  async #carryOut(todo, key) {
    if (todo === "get") {
      const found = await this.#store.get(key, this.#writer.ifChanged ? this.#tags.get(key) : undefined);
      if (found === UNCHANGED) return ["unchanged", null];
      if (found === null) this.#tags.delete(key);
      else this.#tags.set(key, found.tag);
      return ["found", found?.bytes ?? null];
    }
    if (todo === "delete") {
      await this.#store.delete(key);
      this.#tags.delete(key);
      return ["written", null];
    }
    const tag = await this.#store.put(key, this.#writer.body(), this.#writer.ifAbsent ? null : this.#tags.get(key));
    if (tag === null) return ["refused", null];
    this.#tags.set(key, tag);
    return ["written", null];
  }

  #count({ bytes, steps, jumps, renewals, snapshots }) {
    const more = { publications: Number(bytes > 0), steps: steps + jumps, renewals, snapshots, bytes };
    for (const [name, count] of Object.entries(more)) this.#stats[name] += count;
  }
}

const conflictAt = (key) => new ConflictError(`another publisher has written ${key}: read the feed, and reconcile`);

// Stands for the engine until the feed has been read.
const UNKNOWN = Symbol("unknown");

// Where `await using` is.
if (Symbol.asyncDispose) Object.defineProperty(Publisher.prototype, Symbol.asyncDispose, { value: Publisher.prototype.stop, configurable: true, writable: true });
