// The directory of this isolate: it follows the feed in KV, and takes nothing but what the holder of the signing key has signed.
import { isBailiwickError } from "bailiwick";
import { Follower } from "bailiwick/follow";

/** @import { Store } from "./platform.js" */

// How many seconds KV may take for one key, and the shortest time between two looks.
const READ = 2;
const SHORTEST = 0.001;

/**
 * @param {Store} store
 * @param {{ publicKey: Uint8Array, followSeconds: number }} settings
 */
export const directoryIn = (store, { publicKey, followSeconds }) =>
  new Follower({ store, publicKey, interval: Math.max(followSeconds, SHORTEST), timeout: READ, onError: warn });

/** @param {Error} error @param {string | undefined} key */
const warn = (error, key) => console.warn(`directory: ${key}: ${isBailiwickError(error) ? error.code : error.message}`);
