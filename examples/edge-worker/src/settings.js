// The variables of the worker. One that is wrong stops it: it must not run unverified because of a typing error.

/** @import { Env } from "./platform.js" */

/** @typedef {{ publicKey: Uint8Array, followSeconds: number, authzenToken: string | undefined, authzenUrl: string | undefined }} Settings */

/** @param {Env} env @returns {Settings} */
export function settingsOf(env) {
  if (typeof env.DIRECTORY?.get !== "function") throw fault("DIRECTORY is not bound to a KV namespace");
  const publicKey = bytesOf(env.PUBLIC_KEY ?? "");
  if (publicKey?.length !== 32) throw fault("PUBLIC_KEY is not 32 bytes in hexadecimal digits or base64");
  const followSeconds = Number(env.FOLLOW_SECONDS || "5");
  if (!(followSeconds >= 0 && followSeconds <= 3600)) throw fault("FOLLOW_SECONDS is not a number from 0 to 3600");
  // The decision point is asked at the root of the host; the rest of an address is the package's to judge.
  if (env.AUTHZEN_URL && !/^https?:\/\/[^/]+\/?$/.test(env.AUTHZEN_URL)) throw fault("AUTHZEN_URL is not `https://` and a host");
  // An empty one is none: nobody may ask then.
  return { publicKey, followSeconds, authzenToken: env.AUTHZEN_TOKEN || undefined, authzenUrl: env.AUTHZEN_URL || undefined };
}

/** @param {string} text */
function bytesOf(text) {
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** @param {string} message */
function fault(message) {
  console.error(`settings: ${message}`);
  return new TypeError(message);
}
