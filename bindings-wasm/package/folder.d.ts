import type { ConditionalFeedStore, FeedObject } from "./feed.js";

/**
 * A feed in a folder, for Node.js, Deno and Bun. Each object is a file, which is replaced as a whole; any server of files can serve them. Publishers take
 * turns by a lock file, as those in Python do. One that is stopped in the middle of a write for ten seconds may lose its turn.
 *
 * ```js
 * const publisher = new Publisher(guard, new FolderStore("/srv/feed"), { signingKey });
 * ```
 */
export class FolderStore implements ConditionalFeedStore {
  /**
   * Makes a store. The folder is made with the first object.
   *
   * @throws BailiwickError `wrong_type` at `/path`
   */
  constructor(path: string | URL);
  /** Its writes take conditions. */
  readonly isConditional: true;
  /** An object, or null if there is none. `"unchanged"` if its tag is `seen`. */
  get(key: string, seen?: string): Promise<FeedObject | "unchanged" | null>;
  /** Writes an object if its tag is `seen`, or if there is none and `seen` is null. Returns its tag, or null if that is not so. */
  put(key: string, bytes: Uint8Array, seen: string | null): Promise<string | null>;
  /** Deletes an object, if there is one. */
  delete(key: string): Promise<void>;
}
