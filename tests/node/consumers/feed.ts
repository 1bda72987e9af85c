// Followers and publishers, for hosts that have `fetch` and events, whose types come with them.
import { Bailiwick } from "bailiwick";
import { createAuthzenHandler } from "bailiwick/authzen";
import { Follower, type FeedReading, type FollowerOptions } from "bailiwick/follow";
import { FolderStore } from "bailiwick/folder";
import { ConflictError, Publisher, type FeedStore, type Published } from "bailiwick/publish";

const publicKey = new Uint8Array(32);
const signingKey = new Uint8Array(32);
declare const console: { log(...values: unknown[]): void };

export const options: FollowerOptions = { url: "https://feed.example.com/", publicKey, interval: 2, timeout: 5, headers: { authorization: "Bearer x" }, fetch };

/** A KV namespace, as Workers have it. */
export interface Namespace {
  get(key: string, options: { type: "arrayBuffer" }): Promise<ArrayBuffer | null>;
  put(key: string, value: ArrayBuffer | ArrayBufferView | string): Promise<void>;
  delete(key: string): Promise<void>;
}

export async function follow(namespace: Namespace, context: { waitUntil(promise: Promise<unknown>): void }): Promise<boolean> {
  const follower = new Follower({ store: namespace, publicKey, onUpdate: ({ revision }) => revision, onError: (error, key) => console.log(key, error.message) });
  const guard: Bailiwick | undefined = await follower.current(context);
  const first: Bailiwick = await follower.start().ready;
  follower.addEventListener("update", () => console.log(follower.stats.deltas satisfies number));
  follower.stop();
  createAuthzenHandler(follower) satisfies (request: Request) => Promise<Response>;
  return first === guard && follower.isReady;
}

export async function publish(store: FeedStore, namespace: Namespace): Promise<Published | undefined> {
  const publisher = await Publisher.resume(store, () => Bailiwick.fromDirectory("{}"), { signingKey, maxAgeSeconds: 300, onError: (error) => console.log(error.name) });
  new Publisher(publisher.guard, namespace, { signingKey });
  new Publisher(publisher.guard, new FolderStore("feed"), { signingKey }).start();
  try {
    return await publisher.publish();
  } catch (error) {
    if (error instanceof ConflictError) publisher.guard = (await publisher.read()) ?? publisher.guard;
    return undefined;
  } finally {
    await publisher.stop();
  }
}

export const own: FeedReading = { isConditional: true, get: async (key, seen) => (seen === undefined ? { bytes: publicKey, tag: key } : "unchanged") };
// @ts-expect-error there is no such option
export const unknown: FollowerOptions = { url: "https://feed.example.com/", publicKeey: publicKey };
// @ts-expect-error null is no key
export const none: FollowerOptions = { url: "https://feed.example.com/", publicKey: null };
// @ts-expect-error nobody publishes without a key
export const unsigned = (guard: Bailiwick, store: FeedStore) => new Publisher(guard, store, {});
// @ts-expect-error an engine is made by the follower alone
export const assigned = (follower: Follower, guard: Bailiwick) => (follower.guard = guard);
