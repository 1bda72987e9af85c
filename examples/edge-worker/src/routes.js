// What can be asked for, and which permission it takes. What is not in this table does not exist.

/** @typedef {{ kind: string, verb: string, id: string | undefined, target: string }} Found */

// Ids as this platform makes them. No dot, slash or percent sign: what is left of a path means the same to everybody who reads it.
const ID = "([A-Za-z0-9_-]{1,64})";

// A path with an id asks about that resource, any other one about the kind as a whole in the key's own project. `query` names the parameters
// that are passed on; without it there are none.
const TABLE = [
  { method: "POST", path: "/v1/responses", kind: "serverless_inference", verb: "use" },
  { method: "POST", path: "/v1/files", kind: "file", verb: "create" },
  { method: "GET", path: "/v1/files", kind: "file", verb: "read", query: ["limit", "after"] },
  { method: "GET", path: "/v1/files/:id", kind: "file", verb: "read" },
  { method: "DELETE", path: "/v1/files/:id", kind: "file", verb: "delete" },
  { method: "POST", path: "/v1/batches", kind: "batch", verb: "create" },
  { method: "GET", path: "/v1/batches/:id", kind: "batch", verb: "read" },
  { method: "POST", path: "/v1/fine_tuning/jobs", kind: "fine_tuning", verb: "create" },
  { method: "GET", path: "/v1/fine_tuning/jobs/:id", kind: "fine_tuning", verb: "read" },
  { method: "POST", path: "/v1/code_interpreter", kind: "code_interpreter", verb: "use" },
  { method: "GET", path: "/v1/clusters/:id", kind: "instant_cluster", verb: "read" },
  { method: "POST", path: "/v1/clusters/:id/jobs", kind: "instant_cluster", verb: "submit_job" },
  { method: "POST", path: "/v1/clusters/:id/scale", kind: "instant_cluster", verb: "scale" },
].map(({ path, query = [], ...rest }) => ({ ...rest, query, pattern: new RegExp(`^${path.replace(":id", ID)}$`) }));

/**
 * What a request asks for; undefined where there is no such thing. `target` is what the upstream is asked for: only what was understood here.
 *
 * @param {string} method
 * @param {URL} url
 * @returns {Found | undefined}
 */
export function routeOf(method, url) {
  for (const route of TABLE) {
    const match = route.method === method ? route.pattern.exec(url.pathname) : null;
    if (match === null) continue;
    const names = [...url.searchParams.keys()];
    // A key in a query would end up in logs on its way, so no parameter is let through unseen.
    if (!names.every((name) => route.query.includes(name))) return undefined;
    return { kind: route.kind, verb: route.verb, id: match[1], target: names.length > 0 ? `${match[0]}?${url.searchParams}` : match[0] };
  }
  return undefined;
}
