// An AuthZEN decision point for hosts with the fetch API: HTTP around the engine's answers.
import { authzenMetadata } from "./bailiwick.js";
import { isBailiwickError } from "./error.js";
import { ownOptions, wrongType } from "./own_options.js";

const WELL_KNOWN = "/.well-known/authzen-configuration";
const LONGEST_BODY = 1 << 20;
const FIRST_BUFFER = 1 << 12;
const MOST_EMPTY_CHUNKS = 1 << 10;
// No id is longer, and a caller's text must not fill a log.
const LONGEST_TEXT = 600;
const OPTIONS = ["baseUrl", "reasons", "trustContextTime", "authenticate", "onDecision"];
const ANYWHERE = "https://localhost";

export function createAuthzenHandler(guard, options) {
  const { baseUrl, authenticate, onDecision, ...terms } = checkedOptions(options ?? {});
  const present = presentOf(guard);
  // Without `baseUrl`, the address is that of the request.
  const fixed = baseUrl === undefined ? undefined : authzenMetadata(baseUrl);
  const apis = routes(fixed ?? authzenMetadata(ANYWHERE));
  const metadataPath = WELL_KNOWN + pathOf(baseUrl ?? ANYWHERE).replace(/\/+$/, "");

  async function answer(request, context) {
    const url = new URL(request.url);
    if (url.pathname === metadataPath) {
      if (!["GET", "HEAD"].includes(request.method)) return notAllowed("GET, HEAD");
      const { body, status, headers } = json(fixed ?? authzenMetadata(origin(url)));
      return new Response(request.method === "HEAD" ? null : body, { status, headers });
    }
    const api = apis.get(url.pathname);
    if (api === undefined) return text(404, "there is no such endpoint");
    if (request.method !== "POST") return notAllowed("POST");
    if (authenticate !== undefined) {
      const verdict = await authenticate(request);
      if (verdict instanceof Response) return new Response(verdict.body, verdict);
      // Only `true` permits, and no other truthy value: a status, an error that was returned, a response of another realm.
      if (verdict !== true) return text(401, "the caller is not authenticated", { "www-authenticate": "Bearer" });
    }
    if (!isJson(request.headers.get("content-type"))) return text(400, "the content type is not application/json");
    const body = await bodyOf(request);
    if (body === undefined) return text(413, `a request has at most ${LONGEST_BODY} bytes`);
    const engine = await present(context);
    // A follower that has not had a directory yet. One that is stale denies by itself.
    if (engine === undefined) return text(503, "there is no directory yet", { "retry-after": "1" });
    return decided(engine, api, body);
  }

  function decided(engine, api, body) {
    try {
      return json(onDecision && api.startsWith("access_") ? told(engine, api, body) : engine.authzen(api, body, terms));
    } catch (fault) {
      // A fault of the caller is reported; a clock that gives no time (`/at`) is a fault of the host.
      if (!isBailiwickError(fault) || fault.path === "/at") throw fault;
      return text(400, `${fault.message} (${fault.code}${fault.path ? ` at ${fault.path}` : ""})`);
    }
  }

  // The same answer, with each decision reported to `onDecision`. That always includes the reasons; the caller gets them only with the option `reasons`.
  function told(engine, api, body) {
    const now = Date.now();
    const text = engine.authzen(api, body, { ...terms, at: now, reasons: true });
    const answer = JSON.parse(text);
    const { revision } = engine;
    const request = JSON.parse(new TextDecoder().decode(body));
    const decisions = answer.evaluations ?? [answer];
    decisions.forEach(({ decision: allowed, context }, index) => {
      const { subject, action, resource, context: asked } = answer.evaluations ? { ...request, ...request.evaluations[index] } : request;
      const at = (terms.trustContextTime && cut(asked?.time)) || new Date(now).toISOString();
      const entry = { principal: referenceOf(subject), action: cut(action?.name), resource: referenceOf(resource), decision: { allowed, ...context }, revision, at };
      // It is called at once, and its failure does not reach the caller.
      (async () => onDecision(entry))().catch((fault) => console.error(fault));
    });
    return terms.reasons ? text : JSON.stringify(answer, (name, value) => (name === "context" ? undefined : value));
  }

  // As Workers call it; other hosts pass something else, or nothing.
  return async function authzen(request, environment, context) {
    const response = await answer(request, context).catch(failure);
    const id = request.headers.get("x-request-id");
    if (id !== null) response.headers.set("x-request-id", id);
    return response;
  };
}

// A misspelt name, or a variable that is not set, must not turn off authentication.
function checkedOptions(options) {
  // Without the hook, everybody may ask.
  const own = ownOptions(options, OPTIONS, ["authenticate"]);
  for (const name of ["onDecision", "authenticate"]) {
    const isGiven = name === "authenticate" ? name in own : (own[name] ?? undefined) !== undefined;
    if (isGiven && typeof own[name] !== "function") throw wrongType(name, "expected a function");
  }
  const wrong = ["reasons", "trustContextTime"].find((name) => typeof (own[name] ?? false) !== "boolean");
  if (wrong !== undefined) throw wrongType(wrong, "expected true or false");
  return own;
}

// The engine as it is, a function that returns it, or a follower, which has one after a while and looks for news when it is asked.
function presentOf(guard) {
  if (typeof guard === "function") return guard;
  if (typeof guard?.authzen === "function") return () => guard;
  if (typeof guard?.current === "function") return (context) => guard.current(context);
  throw wrongType("guard", "expected an engine, a function that returns it, or a follower");
}

const cut = (text) => (typeof text !== "string" ? null : text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
const referenceOf = (entity) => (typeof entity?.type === "string" && typeof entity.id === "string" ? cut(`${entity.type}:${entity.id}`) : null);
const pathOf = (url) => new URL(url).pathname;

// The API of each path, read from the metadata, so that exactly what is published is answered.
function routes(metadata) {
  const endpoints = Object.entries(JSON.parse(metadata)).filter(([name]) => name.endsWith("_endpoint"));
  return new Map(endpoints.map(([name, url]) => [pathOf(url), name.slice(0, -"_endpoint".length)]));
}

// A host that is reached without TLS is behind a proxy that has it, or is the local machine.
function origin({ protocol, host, hostname }) {
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return `${isLoopback ? protocol : "https:"}//${host}`;
}

const isJson = (type) => type !== null && type.split(";", 1)[0].trim().toLowerCase() === "application/json";

// The body as bytes; undefined if it is too long. A stream is not read to its end then (in Firefox a request has none).
async function bodyOf(request) {
  if (request.body === undefined) return bounded(await request.arrayBuffer());
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  // One buffer that grows, so that a million chunks of a byte take no more memory than one of a million bytes.
  let buffer = new Uint8Array(FIRST_BUFFER);
  let length = 0;
  let empty = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return buffer.subarray(0, length);
    // Without a length in bytes there is nothing to limit.
    if (!ArrayBuffer.isView(value)) throw new TypeError("the body is not a stream of bytes");
    const end = length + value.byteLength;
    if (value.byteLength === 0) empty += 1;
    if (end > LONGEST_BODY || empty > MOST_EMPTY_CHUNKS) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    if (end > buffer.length) {
      const grown = new Uint8Array(Math.min(Math.max(end, 2 * buffer.length), LONGEST_BODY));
      grown.set(buffer.subarray(0, length));
      buffer = grown;
    }
    buffer.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), length);
    length = end;
  }
}

const bounded = (buffer) => (buffer.byteLength > LONGEST_BODY ? undefined : new Uint8Array(buffer));

// The fault is logged for the host, and not sent to the caller.
function failure(fault) {
  console.error(fault);
  return text(500, "internal error");
}

const notAllowed = (methods) => text(405, `there is no such method here, but ${methods}`, { allow: methods });
const json = (body) => respond(200, body, { "content-type": "application/json" });
const text = (status, body, headers) => respond(status, body, { "content-type": "text/plain; charset=utf-8", ...headers });

function respond(status, body, headers) {
  return new Response(body, { status, headers: { "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers } });
}
