import type { FeedStore } from "./feed.js";
import type { Bailiwick, BailiwickError } from "./index.js";

export type * from "./feed.js";

// As in TypeScript's `esnext.disposable`, which not every project includes.
declare global {
  interface SymbolConstructor {
    /** The name of the method that ends what an object does. */
    readonly asyncDispose: unique symbol;
  }
}

/** Options of a `Publisher`. An unknown, inherited or null option is an error. */
export interface PublisherOptions {
  /** The secret key (32 bytes) that signs everything. `publicKeyOf` gives the public key for followers. */
  readonly signingKey: Uint8Array | ArrayBuffer;
  /** How long a follower answers that hears nothing, in seconds. By default that of the directory. */
  readonly maxAgeSeconds?: number;
  /** The public keys of older signing keys, while one is replaced. */
  readonly publicKeys?: readonly (Uint8Array | ArrayBuffer)[];
  /** After `start`: seconds between two looks at the engine; 1 by default. */
  readonly interval?: number;
  /** Seconds that the store may take for one request; 60 by default. A store with conditions of its own keeps to its own limits. */
  readonly timeout?: number;
  /** After `start`: called after something was written. If it throws, the error goes to `console.error`. */
  readonly onPublish?: (published: Published) => unknown;
  /** After `start`: called with what `publish` rejects with. After a `ConflictError`, read the feed again. */
  readonly onError?: (error: ConflictError | BailiwickError | Error) => unknown;
}

/** What a publication has written. */
export interface Published {
  /** The newest revision that followers find. */
  readonly revision: number;
  /** Deltas from one revision to the next. */
  readonly steps: number;
  /** Steps that followers make by the snapshot, since no delta could be made. */
  readonly jumps: number;
  /** Deltas that say that nothing has changed. */
  readonly renewals: number;
  /** Snapshots. */
  readonly snapshots: number;
  /** Bytes of everything; 0 if nothing was due. */
  readonly bytes: number;
  /** Deltas that nobody needs any more. */
  readonly deleted: number;
}

/** What a publisher has written since it was made. */
export interface PublisherStats {
  /** Publications that have written something. */
  readonly publications: number;
  /** How many publications after `start` have failed in a row; 0 after a good one. */
  readonly failures: number;
  /** How often another publisher had written. */
  readonly conflicts: number;
  /** Steps, those by the snapshot among them. */
  readonly steps: number;
  /** Renewals. */
  readonly renewals: number;
  /** Snapshots. */
  readonly snapshots: number;
  /** Bytes of everything. */
  readonly bytes: number;
}

/** Another publisher has written to the feed. This one has published nothing, and publishes nothing until it has been made to `read` the feed. */
export class ConflictError extends Error {
  /** The name of the class. */
  readonly name: "ConflictError";
}

/**
 * Publishes the revisions of an engine to a store, and renews them before they are stale. Followers find a revision completely or not at all, wherever a
 * publisher stops.
 *
 * ```js
 * const publisher = await Publisher.resume(store, () => Bailiwick.fromDirectory(document), { signingKey });
 * publisher.guard.reconcile(document);
 * publisher.start();
 * ```
 */
export class Publisher {
  /**
   * Makes a publisher, which reads and writes nothing yet. If the store may have a feed already, `resume` is the way.
   *
   * @param guard the engine to publish
   * @param store where to: an R2 bucket, a KV namespace, a `FolderStore`, or anything with `get` and `put`
   * @throws BailiwickError `missing_field` at `/signingKey`, `wrong_type`, `unknown_field`, `limit_exceeded`
   */
  constructor(guard: Bailiwick, store: FeedStore, options: PublisherOptions);
  /**
   * A publisher that goes on from what is in the store: its `guard` is the engine as it was published last, to reconcile with the database.
   *
   * Rejects as `read` does.
   *
   * @param start makes the first engine, if the store has no feed
   */
  static resume(store: FeedStore, start: () => Bailiwick | PromiseLike<Bailiwick>, options: PublisherOptions): Promise<Publisher>;
  /** The engine that is published. */
  guard: Bailiwick;
  /** What it has done so far. */
  readonly stats: PublisherStats;
  /**
   * Reads the feed to its end, and completes what somebody has left undone. Returns the engine that was published last; undefined if there is no feed. After
   * a `ConflictError`, make it the new `guard`, reconcile it, and go on.
   *
   * Rejects with an `Error` of the store, with a `ConflictError`, or with a `BailiwickError` for what is in the store: `signature_invalid` if another key
   * has signed it.
   */
  read(): Promise<Bailiwick | undefined>;
  /**
   * Publishes the engine as it is, or renews what was published if it is time, or does nothing. Calls wait for each other.
   *
   * Rejects with a `ConflictError` if another publisher has written, and from then on until `read`; with an `Error` of the store: call it again; with a `BailiwickError`: `delta_fork` if
   * the store has another state of this revision or a later one (use `resume`), `missing_field` at `/maxAgeSeconds` without a greatest age.
   */
  publish(): Promise<Published>;
  /** Publishes every revision, and renews, until `stop`. A process goes on for it. Returns the publisher. */
  start(): this;
  /** Publishes no more. The promise waits for the publication that has been begun. */
  stop(): Promise<void>;
  /** `stop()` at the end of a block: `await using publisher = new Publisher(guard, store, options).start()`. */
  [Symbol.asyncDispose](): Promise<void>;
}
