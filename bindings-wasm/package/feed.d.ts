/** An object of a feed, as a store has it. */
export interface FeedObject {
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** Changes whenever the object does. */
  readonly tag: string;
}

/** A store of one's own, with conditions: it notices by itself that somebody else has written. Calls reject if the store cannot be reached. */
export interface ConditionalFeedReading {
  /** Says that the store is of this shape. */
  readonly isConditional: true;
  /** An object, or null if there is none. `"unchanged"` if its tag is `seen`. */
  get(key: string, seen?: string): PromiseLike<FeedObject | "unchanged" | null>;
}

/** The same, to publish to. A call that rejects may have had its effect or not. */
export interface ConditionalFeedStore extends ConditionalFeedReading {
  /** Writes an object if its tag is `seen`, or if there is none and `seen` is null. Returns its tag, or null if that is not so. */
  put(key: string, bytes: Uint8Array, seen: string | null): PromiseLike<string | null>;
  /** Deletes an object, if there is one. */
  delete(key: string): PromiseLike<unknown>;
}

/** What a plain store is asked for: bytes. */
export interface PlainFeedOptions {
  /** KV would give text otherwise. */
  readonly type: "arrayBuffer";
}

/** Anything with `get`: a KV namespace, an R2 bucket, a cache. It gives bytes, something with `arrayBuffer()`, or null or undefined for nothing. */
export interface PlainFeedReading {
  /** A plain store has no conditions of this shape. */
  readonly isConditional?: false;
  /** Reads an object. Stores other than KV ignore the options. */
  get(key: string, options: PlainFeedOptions): unknown;
}

/**
 * Anything with `get` and `put`. An R2 bucket, which has `head` too, writes on conditions. A KV namespace or a store like it does not: what another
 * publisher wrote is noticed, unless both write in the same moment, so let one publisher write.
 */
export interface PlainFeedStore extends PlainFeedReading {
  /** Writes an object. */
  put(key: string, bytes: Uint8Array): unknown;
  /** Deletes an object. Without it, old deltas stay. */
  delete?(key: string): unknown;
}

/** Where a follower reads. */
export type FeedReading = ConditionalFeedReading | PlainFeedReading;

/** Where a publisher writes. */
export type FeedStore = ConditionalFeedStore | PlainFeedStore;
