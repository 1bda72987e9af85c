// What callers are told: a code, at most a reason, and nothing that came with the request.

/** @import { Reason } from "bailiwick" */

export const notFound = () => json(404, { error: "not_found" });

export const unauthenticated = () => json(401, { error: "unauthenticated" }, { "www-authenticate": "Bearer" });

/** @param {Reason} reason */
export function denied(reason) {
  // Whether there is something of that name in somebody else's project is nobody's business: either is out of scope.
  return json(403, { error: "forbidden", reason: reason === "unknown_resource" ? "key_out_of_scope" : reason });
}

/** @param {string} reason @param {number} seconds */
export function unavailable(reason, seconds) {
  return json(503, { error: "unavailable", reason }, { "retry-after": String(Math.max(1, Math.ceil(seconds))) });
}

export const badGateway = () => json(502, { error: "upstream_unavailable" });

export const failed = () => json(500, { error: "internal" });

/** @param {number} status @param {object} body @param {Record<string, string>} [headers] */
function json(status, body, headers) {
  return Response.json(body, { status, headers: { "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers } });
}
