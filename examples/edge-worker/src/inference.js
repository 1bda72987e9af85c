// The API behind the worker: who asks, may they, and where is it booked? Only then does the upstream hear of it.
import { denied, notFound, unauthenticated, unavailable } from "./answers.js";
import { routeOf } from "./routes.js";
import { forward } from "./upstream.js";

/** @import { Bailiwick, Attribution, Decision } from "bailiwick" */
/** @import { Follower } from "bailiwick/follow" */
/** @import { Context, Service } from "./platform.js" */
/** @import { Found } from "./routes.js" */

// The whole header, so that two of them, joined by a comma, are none. A key in a query is not looked for.
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,512}={0,2})$/i;

/**
 * @param {Follower} directory
 * @param {{ followSeconds: number }} settings
 * @param {Service | undefined} upstream
 */
export function inferenceApi(directory, { followSeconds }, upstream) {
  return async (/** @type {Request} */ request, /** @type {Context} */ context) => {
    const found = routeOf(request.method, new URL(request.url));
    if (found === undefined) return notFound();
    const [, secret] = BEARER.exec(request.headers.get("authorization") ?? "") ?? [];
    if (secret === undefined) return unauthenticated();
    const guard = await directory.current(context);
    if (guard === undefined) return unavailable("directory_unavailable", followSeconds);

    const { decision, attribution } = decide(guard, secret, found);
    if (decision === undefined) return unauthenticated();
    // It says nothing about the caller, who is right to try again.
    if (decision.reason === "snapshot_stale") return unavailable(decision.reason, followSeconds);
    return attribution === undefined ? denied(decision.reason) : forward(request, found.target, attribution, upstream);
  };
}

/**
 * The decision, and the attribution of what is allowed; neither where nobody knows the key. All at one instant and by one revision of the directory,
 * so there is no `await` in it.
 *
 * @param {Bailiwick} guard
 * @param {string} secret
 * @param {Found} found
 * @returns {{ decision?: Pick<Decision, "allowed" | "reason">, attribution?: Attribution }}
 */
function decide(guard, secret, { kind, verb, id }) {
  const at = Date.now();
  const principal = guard.authenticate(secret);
  // Nor does a directory that is too old know the keys made since.
  if (principal === null) return guard.isStale(at) ? { decision: { allowed: false, reason: "snapshot_stale" } } : {};
  // A key works in its own project: what it uses is meant for that one, allowed or not.
  const attribution = guard.attribute({ principal, kind, at });
  const resource = id === undefined ? { type: "project", id: attribution.intended_project } : { type: kind, id };
  const decision = guard.checkAccess({ principal, action: `${kind}.${verb}`, resource, at });
  return decision.allowed ? { decision, attribution } : { decision };
}
