// The AuthZEN decision point, for other services of the platform that want to ask: who may do what, in this very directory.
import { createAuthzenHandler } from "bailiwick/authzen";

import { unavailable } from "./answers.js";

/** @import { Directory } from "./directory.js" */
/** @import { Context } from "./platform.js" */
/** @import { Settings } from "./settings.js" */

const METADATA = "/.well-known/authzen-configuration";

/** @param {string} path */
export const isDecisionPoint = (path) => path.startsWith("/access/v1/") || path === METADATA;

/** @param {Directory} directory @param {Settings} settings */
export function decisionPoint(directory, { authzenToken, authzenUrl, followSeconds }) {
  // The engine is replaced now and then, so each request asks for the present one.
  const present = () => {
    if (directory.guard === undefined) throw new Error("there is no directory");
    return directory.guard;
  };
  /** @param {Request} request */
  const authenticate = ({ headers }) => authzenToken !== undefined && isSame(headers.get("authorization") ?? "", `Bearer ${authzenToken}`);
  // Callers are the platform's own services: they may know why.
  const handler = createAuthzenHandler(present, { reasons: true, authenticate, baseUrl: authzenUrl });
  return async (/** @type {Request} */ request, /** @type {Context} */ context) => {
    if ((await directory.current(context)) === undefined) return unavailable("directory_unavailable", followSeconds);
    return handler(request);
  };
}

// How long it takes to compare two texts tells how they begin. The digests of two texts tell nothing about them.
/** @param {string} left @param {string} right */
async function isSame(left, right) {
  const [a, b] = [await digest(left), await digest(right)];
  return a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 256)), 0) === 0;
}

/** @param {string} text */
const digest = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
