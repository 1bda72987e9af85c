// An AuthZEN decision point for hosts that speak fetch. What is answered is the engine's; this brings it over HTTP.
import { authzenMetadata } from "./bailiwick.js";
import { BailiwickError, isBailiwickError } from "./error.js";

const WELL_KNOWN = "/.well-known/authzen-configuration";
const LONGEST_BODY = 1 << 20;
const OPTIONS = ["baseUrl", "reasons", "trustContextTime", "authenticate"];
const ANYWHERE = "https://localhost";

export function createAuthzenHandler(guard, options) {
  const { baseUrl, authenticate, ...terms } = checked(options ?? {});
  const present = typeof guard === "function" ? guard : () => guard;
  if (typeof guard !== "function" && typeof guard?.authzen !== "function") throw new BailiwickError("wrong_type", "/guard", "expected an engine");
  // Without an address of its own, a decision point is where it is asked.
  const fixed = baseUrl === undefined ? undefined : authzenMetadata(baseUrl);
  const apis = routes(fixed ?? authzenMetadata(ANYWHERE));
  const metadataPath = WELL_KNOWN + pathOf(baseUrl ?? ANYWHERE).replace(/\/+$/, "");

  async function answer(request) {
    const url = new URL(request.url);
    if (url.pathname === metadataPath) return request.method === "GET" ? json(fixed ?? authzenMetadata(origin(url))) : notAllowed("GET");
    const api = apis.get(url.pathname);
    if (api === undefined) return text(404, "there is no such endpoint");
    if (request.method !== "POST") return notAllowed("POST");
    if (authenticate !== undefined) {
      const verdict = await authenticate(request);
      if (verdict instanceof Response) return new Response(verdict.body, verdict);
      // A response of another realm or library is no permission either.
      if (!verdict || typeof verdict.status === "number") return text(401, "the caller is not authenticated", { "www-authenticate": "Bearer" });
    }
    if (!isJson(request.headers.get("content-type"))) return text(400, "the content type is not application/json");
    const body = await bodyOf(request);
    return body === undefined ? text(413, `a request has at most ${LONGEST_BODY} bytes`) : decided(present(), api, body);
  }

  function decided(engine, api, body) {
    try {
      return json(engine.authzen(api, body, terms));
    } catch (fault) {
      // What the caller did wrong is told; a clock that gives no time (`/at`) is none of it.
      if (!isBailiwickError(fault) || fault.path === "/at") throw fault;
      return text(400, `${fault.message} (${fault.code}${fault.path ? ` at ${fault.path}` : ""})`);
    }
  }

  return async function authzen(request) {
    const response = await answer(request).catch(failure);
    const id = request.headers.get("x-request-id");
    if (id !== null) response.headers.set("x-request-id", id);
    return response;
  };
}

// No option is ignored: one that is misspelt, or a variable that is not set, must not let everybody ask.
function checked(options) {
  const prototype = typeof options === "object" ? Object.getPrototypeOf(options) : undefined;
  if (prototype !== null && prototype !== Object.prototype) throw new BailiwickError("wrong_type", "", "the options are not a plain object");
  const other = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (other !== undefined) throw new BailiwickError("unknown_field", `/${other}`, `there is no such option; there are ${OPTIONS.join(", ")}`);
  const [wrong] = ["reasons", "trustContextTime"].filter((name) => typeof (options[name] ?? false) !== "boolean");
  if (wrong !== undefined) throw new BailiwickError("wrong_type", `/${wrong}`, "expected true or false");
  if ("authenticate" in options && typeof options.authenticate !== "function") throw new BailiwickError("wrong_type", "/authenticate", "expected a function");
  return options;
}

const pathOf = (url) => new URL(url).pathname;

// Which path is which API: what is published is what is answered.
function routes(metadata) {
  const endpoints = Object.entries(JSON.parse(metadata)).filter(([name]) => name.endsWith("_endpoint"));
  return new Map(endpoints.map(([name, url]) => [pathOf(url), name.slice(0, -"_endpoint".length)]));
}

// Whoever is reached without TLS stands behind something that has it, or is the machine itself.
function origin({ protocol, host, hostname }) {
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return `${isLoopback ? protocol : "https:"}//${host}`;
}

const isJson = (type) => type !== null && type.split(";", 1)[0].trim().toLowerCase() === "application/json";

// The body as bytes; undefined if it is too long, without reading it to its end where a request has a stream (in Firefox it has none).
async function bodyOf(request) {
  if (request.body === undefined) return bounded(await request.arrayBuffer());
  const reader = request.body?.getReader();
  const chunks = [];
  let length = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.byteLength;
    // Whatever is no bytes has no such length.
    if (!(length <= LONGEST_BODY)) {
      reader.cancel().catch(() => {});
      return undefined;
    }
  }
  return bounded(await new Blob(chunks).arrayBuffer());
}

const bounded = (buffer) => (buffer.byteLength > LONGEST_BODY ? undefined : new Uint8Array(buffer));

// What went wrong here is the host's to know.
function failure(fault) {
  console.error(fault);
  return text(500, "internal error");
}

const notAllowed = (method) => text(405, `the method is ${method}`, { allow: method });
const json = (body) => respond(200, body, { "content-type": "application/json" });
const text = (status, body, headers) => respond(status, body, { "content-type": "text/plain; charset=utf-8", ...headers });

function respond(status, body, headers) {
  return new Response(body, { status, headers: { "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers } });
}
