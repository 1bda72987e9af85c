// The AuthZEN decision point, for other services of the platform that want to ask: who may do what, in this very directory.
import { createAuthzenHandler } from "bailiwick/authzen";

/** @import { Follower } from "bailiwick/follow" */
/** @import { Context } from "./platform.js" */
/** @import { Settings } from "./settings.js" */

const METADATA = "/.well-known/authzen-configuration";

/** @param {string} path */
export const isDecisionPoint = (path) => path.startsWith("/access/v1/") || path === METADATA;

/** @param {Follower} directory @param {Settings} settings */
export function decisionPoint(directory, { authzenToken, authzenUrl }) {
  /** @param {Request} request */
  const authenticate = ({ headers }) => authzenToken !== undefined && isSame(headers.get("authorization") ?? "", `Bearer ${authzenToken}`);
  // Callers are the platform's own services: they may know why.
  const handler = createAuthzenHandler(directory, { reasons: true, authenticate, baseUrl: authzenUrl });
  return (/** @type {Request} */ request, /** @type {Context} */ context) => handler(request, undefined, context);
}

// How long it takes to compare two texts tells how they begin. The digests of two texts tell nothing about them.
/** @param {string} left @param {string} right */
async function isSame(left, right) {
  const [a, b] = [await digest(left), await digest(right)];
  return a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 256)), 0) === 0;
}

/** @param {string} text */
const digest = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
