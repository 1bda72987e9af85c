// A follower: one engine that is kept current from a feed.
import { FeedReader, feedPause } from "./bailiwick.js";
import { BailiwickError, isBailiwickError } from "./error.js";
import { AddressStore } from "./feed_address.js";
import { readableStore, UNCHANGED } from "./feed_stores.js";
import { call, made, within } from "./feed_host.js";
import { typedOptions } from "./own_options.js";

const OPTIONS = {
  store: "object",
  url: "any",
  publicKey: "any",
  publicKeys: "any",
  interval: "seconds",
  timeout: "seconds",
  fetch: "function",
  headers: "any",
  onUpdate: "function",
  onError: "function",
};
// For so many seconds a request waits for the first directory, and for news if there is one to answer from.
const FIRST = 5;
const NEWS = 1;
// After so many milliseconds a round is given up for lost: the request that it belonged to may have been ended from outside.
const LOST = 60_000;

const COUNTERS = { loaded: "snapshots", advanced: "deltas", renewed: "renewals", refused: "refused", older: "refused", endless: "refused" };
const UNFIT = { older: "it is older than the directory that is here", endless: "it never becomes stale", missing: "there is none" };

export class Follower extends EventTarget {
  #reader;
  #store;
  #interval;
  #onUpdate;
  #onError;
  #guard;
  #tags = new Map();
  #round;
  #began = 0;
  #due = 0;
  // The run of `start` that goes on.
  #following;
  #timer;
  #resolveReady;
  #stats = { rounds: 0, failures: 0, snapshots: 0, deltas: 0, renewals: 0, refused: 0 };

  constructor(options) {
    super();
    const own = typedOptions(options, OPTIONS);
    const { store, url, interval = 5, timeout = 10, fetch, headers, onUpdate, onError } = own;
    this.#reader = made(() => new FeedReader(own));
    if ((store === undefined) === (url === undefined)) throw new BailiwickError("missing_field", "/store", "expected either `store` or `url`");
    this.#store = store === undefined ? new AddressStore(url, { fetch, headers, timeout }) : readableStore(store, timeout);
    [this.#interval, this.#onUpdate, this.#onError] = [interval, onUpdate, onError];
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
  }

  get guard() {
    return this.#guard;
  }

  get isReady() {
    return this.#guard !== undefined && !this.#guard.isStale();
  }

  get stats() {
    return { ...this.#stats };
  }

  refresh() {
    const now = Date.now();
    if (this.#round !== undefined && now - this.#began < LOST) return this.#round.done;
    // It is not begun before it is known as the round that goes on.
    const round = {};
    [this.#round, this.#began] = [round, now];
    round.done = this.#look(round).finally(() => {
      if (this.#round !== round) return;
      this.#round = undefined;
      this.#due = Date.now() + this.#pause();
    });
    return round.done;
  }

  async current(context) {
    if (this.#following !== undefined && this.#guard !== undefined) return this.#guard;
    if (this.#round !== undefined || Date.now() >= this.#due) {
      const round = this.refresh();
      // Others wait for it too, so it goes on if the client that began it hangs up.
      context?.waitUntil?.(round);
      await within(this.#guard === undefined ? FIRST : NEWS, round).catch(() => {});
    }
    return this.#guard;
  }

  start() {
    if (this.#following !== undefined) return this;
    const following = {};
    this.#following = following;
    const follow = async () => {
      await this.refresh();
      if (this.#following !== following) return;
      this.#timer = setTimeout(follow, this.#pause());
      // A process stays for the first directory, and not for news.
      if (this.isReady) this.#timer?.unref?.();
    };
    follow();
    return this;
  }

  stop() {
    this.#following = undefined;
    clearTimeout(this.#timer);
  }

  async #look(round) {
    let [hasChanged, isGood, key] = [false, true];
    this.#stats.rounds += 1;
    try {
      if (this.#guard === undefined) this.#reader.beginFirst();
      else this.#reader.begin(this.#guard);
      for (key = this.#reader.next; key !== undefined; key = this.#reader.next) {
        const found = await this.#store.get(key, this.#reader.ifChanged ? this.#tags.get(key) : undefined);
        // Given up for lost, and another one has begun.
        if (this.#round !== round) return false;
        const seen = this.#take(key, found, hasChanged);
        if (found === null) this.#tags.delete(key);
        else if (found !== UNCHANGED) this.#tags.set(key, found.tag);
        hasChanged ||= seen === "loaded" || seen === "advanced";
        // A snapshot that is taken makes good what led to it.
        isGood = seen === "loaded" || (isGood && COUNTERS[seen] !== "refused" && !(seen === "missing" && key === "snapshot"));
      }
      this.#forget();
    } catch (fault) {
      if (this.#round !== round) return false;
      isGood = false;
      this.#tell(fault, key);
    }
    this.#stats.failures = isGood ? 0 : this.#stats.failures + 1;
    if (this.isReady) this.#resolveReady(this.#guard);
    if (hasChanged) {
      call(this.#onUpdate, this.#guard);
      this.dispatchEvent(new CustomEvent("update", { detail: this.#guard }));
    }
    return hasChanged;
  }

  // Takes what was found, and says what came of it.
  #take(key, found, hasChanged) {
    const bytes = found === UNCHANGED ? null : (found?.bytes ?? null);
    let seen;
    try {
      if (this.#guard !== undefined) seen = this.#reader.take(this.#guard, bytes, found === UNCHANGED);
      else {
        this.#guard = this.#reader.takeFirst(bytes);
        seen = this.#guard !== undefined ? "loaded" : bytes === null ? "missing" : "endless";
      }
    } catch (fault) {
      if (!isBailiwickError(fault)) throw fault;
      seen = "refused";
      this.#tell(fault, key);
    }
    // A publisher commits a step before it writes what follows it and the snapshot. Whoever takes the step in between finds an older snapshot.
    if (seen === "older" && hasChanged) seen = "current";
    if (COUNTERS[seen] !== undefined) this.#stats[COUNTERS[seen]] += 1;
    // Without a delta, the snapshot is looked at.
    if (UNFIT[seen] !== undefined && key === "snapshot") this.#tell(new Error(`the snapshot was not taken: ${UNFIT[seen]}`), key);
    return seen;
  }

  // Forgets what is not asked for again.
  #forget() {
    const kept = ["snapshot", `deltas/${this.#guard?.revision}`];
    for (const key of this.#tags.keys()) if (!kept.includes(key)) this.#tags.delete(key);
  }

  #pause() {
    return feedPause(this.#stats.failures, Math.round(this.#interval * 1000), Math.random());
  }

  #tell(error, key) {
    call(this.#onError, error, key);
    this.dispatchEvent(new CustomEvent("error", { detail: { error, key } }));
  }
}

// Where `using` is.
if (Symbol.dispose) Object.defineProperty(Follower.prototype, Symbol.dispose, { value: Follower.prototype.stop, configurable: true, writable: true });
