import type { FeedReading } from "./feed.js";
import type { Bailiwick, BailiwickError } from "./index.js";

export type * from "./feed.js";

/** Options of a `Follower`. An unknown, inherited or null option is an error. */
export interface FollowerOptions {
  /** Where to read: a KV namespace, an R2 bucket, a `FolderStore`, or anything with `get`. Either this or `url`. */
  readonly store?: FeedReading;
  /** The address below which the feed lies, `https://` or `http://`. Servers that send an `ETag` are asked only for what has changed. */
  readonly url?: string | URL;
  /** The public key (32 bytes) that verifies everything that is taken. */
  readonly publicKey?: Uint8Array | ArrayBuffer;
  /** Several of them, while a signing key is replaced. */
  readonly publicKeys?: readonly (Uint8Array | ArrayBuffer)[];
  /** Seconds between two looks; 5 by default. After failures the pauses grow, up to a minute. */
  readonly interval?: number;
  /** Seconds that the store may take for one answer; 10 by default. A store with conditions of its own keeps to its own limits. */
  readonly timeout?: number;
  /** With `url`: the function that fetches; by default the host's. */
  readonly fetch?: (url: URL, init: RequestInit) => Promise<Response>;
  /** With `url`: headers of each request, such as an authorization. */
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  /** Called after the directory has changed. If it throws, the error goes to `console.error`. */
  readonly onUpdate?: (guard: Bailiwick) => unknown;
  /**
   * Called if the store cannot be read, or if an object was refused: damaged, not signed by the keys (a `BailiwickError`), older than what is here, or
   * without an end. `key` is the object. If it throws, the error goes to `console.error`.
   */
  readonly onError?: (error: BailiwickError | Error, key: string | undefined) => unknown;
}

/** What a follower has done since it was made. */
export interface FollowerStats {
  /** How often it looked for news. */
  readonly rounds: number;
  /** How many rounds in a row ended in an error; 0 after a good one. */
  readonly failures: number;
  /** How many snapshots it took. */
  readonly snapshots: number;
  /** How many steps it applied. */
  readonly deltas: number;
  /** How often its age was renewed. */
  readonly renewals: number;
  /** How many objects it refused. */
  readonly refused: number;
}

/**
 * Keeps one engine current from a feed.
 *
 * It starts from the snapshot and follows the deltas. It never goes back, and keeps its engine whatever the store has; the engine denies everything once it
 * is stale. It needs the package to be loaded: import `bailiwick` too, or call `initSync` of `bailiwick/slim` first.
 *
 * Events: `update`, with the engine as its `detail`, and `error`, with `{ error, key }`.
 *
 * ```js
 * // A server
 * const follower = new Follower({ url: "https://feed.example.com/acme", publicKey }).start();
 * const guard = await follower.ready;
 *
 * // A worker, which has no timers of its own
 * follower ??= new Follower({ store: env.DIRECTORY, publicKey });
 * const guard = await follower.current(context);
 * if (guard === undefined) return new Response("no directory yet", { status: 503, headers: { "retry-after": "5" } });
 * ```
 */
export class Follower extends EventTarget {
  /**
   * Makes a follower, which reads nothing yet.
   *
   * @throws BailiwickError `missing_field` at `/publicKey` without a key and at `/store` without exactly one place to read; `wrong_type`, `unknown_field`
   */
  constructor(options: FollowerOptions);
  /** The engine, which is the same object for ever; undefined until the first snapshot was taken. */
  readonly guard: Bailiwick | undefined;
  /** The engine, as soon as there is one that is not stale. It never rejects, and waits for ever if nobody looks: call `start`. */
  readonly ready: Promise<Bailiwick>;
  /** Whether there is an engine that is not stale. */
  readonly isReady: boolean;
  /** What it has done so far. */
  readonly stats: FollowerStats;
  /**
   * Looks for news now. Calls that come together share one look. Returns whether the directory is another one than before. It never rejects: `onError` gets
   * what went wrong.
   */
  refresh(): Promise<boolean>;
  /**
   * For workers: the engine, after a look for news if one is due; undefined if there is none yet. It waits up to a second for news, and up to five for the
   * first directory. With the request's `context`, the look goes on after the request has ended. After `start` it returns the engine at once.
   */
  current(context?: { waitUntil(promise: Promise<unknown>): void }): Promise<Bailiwick | undefined>;
  /** For servers: follows until `stop`. Once it has a directory, it does not keep a process from ending. Returns the follower. */
  start(): this;
  /** Stops following. The engine stays, until it is stale. */
  stop(): void;
  /** `stop()` at the end of a block: `using follower = new Follower(options).start()`. */
  [Symbol.dispose](): void;
}
