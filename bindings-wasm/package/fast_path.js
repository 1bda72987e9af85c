// The fast path for questions of access. It caches names with their numbers, and the members of decisions. A name crosses into the module once; from
// then on its number does, which costs a few nanoseconds. The cache is bounded, and the next change empties it. For anything but a plain and usual
// request the answer here is `undefined`: then the general path answers, and says what is wrong with the request.
import { nameBuffer } from "./bailiwick.js";
import { PRINCIPAL, ACTION, RESOURCE, SURFACE, UNKNOWN, TIMED, SCOPED, ASK_AGAIN } from "./constants.js";

// An instant for principals whose answers do not depend on the time: the smallest number that is one.
const ANY_TIME = 1e11;
// The greatest number of cached names of each part; they take a few megabytes.
const MOST = 1 << 15;

const CACHE = Symbol("cache");
const NO_SCOPE = { organization: null, project: null };
const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { ignoreBOM: true });
let bytes = new Uint8Array(0);

// Asks with the cache, and once more if that is from before a change.
function withCache(engine, ask) {
  const cache = engine[CACHE] ?? emptyCache(engine);
  const answer = ask(cache);
  return answer === undefined && cache.generation !== engine.generation ? ask(emptyCache(engine)) : answer;
}

function emptyCache(engine) {
  const cache = {
    generation: engine.generation,
    names: [new Map(), new Map(), new Map(), new Map()],
    scopes: new Map(),
    answers: new Map(),
  };
  // This fails for a frozen engine, for which nothing is cached. The descriptor has no prototype, whose members would count as its own.
  Reflect.defineProperty(engine, CACHE, { __proto__: null, value: cache, configurable: true });
  return cache;
}

// Adds a value, and empties the map before if it is full.
function keep(map, key, value) {
  if (map.size >= MOST) map.clear();
  map.set(key, value);
  return value;
}

function numberOf(engine, cache, part, name) {
  return cache.names[part].get(name) ?? learn(engine, cache, part, name);
}

function learn(engine, cache, part, name) {
  const number = engine.numberOf(part, write(name));
  // A copy: a name that was cut out of a long text would keep the whole text in memory.
  return number < 0 ? number : keep(cache.names[part], text.decode(utf8.encode(name)), number);
}

// Writes a name into the name buffer and returns its length in bytes. For a name that is too long or not well-formed, the result is longer than the buffer.
function write(name) {
  // The view is detached when the memory grows.
  if (bytes.length === 0) bytes = nameBuffer();
  const { length } = name;
  let end = 0;
  for (let unit; end < length && end < bytes.length && (unit = name.charCodeAt(end)) < 0x80; end++) bytes[end] = unit;
  if (end === length) return end;
  const { read, written } = utf8.encodeInto(name, bytes);
  return read === length && name.isWellFormed() ? written : bytes.length + 1;
}

// Whether the action is allowed, at an instant or now. The clock is read only if the answer depends on the time.
export function isAllowed(engine, principal, action, resource, at) {
  if (typeof principal !== "string" || typeof action !== "string" || typeof resource !== "string") return undefined;
  if (at !== undefined && typeof at !== "number") return undefined;
  return withCache(engine, (cache) => allows(engine, cache, principal, action, resource, at));
}

function allows(engine, cache, principal, action, resource, at) {
  const who = numberOf(engine, cache, PRINCIPAL, principal);
  const what = numberOf(engine, cache, ACTION, action);
  const on = numberOf(engine, cache, RESOURCE, resource);
  // Bad names are errors.
  if (who < UNKNOWN || what < UNKNOWN || on < UNKNOWN) return undefined;
  const answer = engine.allows(cache.generation, who, what, on, at ?? (who & TIMED ? Date.now() : ANY_TIME));
  return answer === ASK_AGAIN ? undefined : answer === 1;
}

// The decision on a request.
export function decisionOn(engine, request) {
  return withCache(engine, (cache) => decide(engine, cache, request, Date.now));
}

// The decisions on a list of requests, all by one revision and at one instant.
export function decisionsOn(engine, requests) {
  return withCache(engine, (cache) => decideAll(engine, cache, requests));
}

function decideAll(engine, cache, requests) {
  const length = lengthOf(requests);
  if (length === undefined) return undefined;
  let now;
  const clock = () => (now ??= Date.now());
  const decisions = new Array(length);
  for (let index = 0; index < length; index++) {
    if ((decisions[index] = decide(engine, cache, itemOf(requests, index), clock)) === undefined) return undefined;
  }
  return lengthOf(requests) === length ? decisions : undefined;
}

// The length of a list. A proxy may throw, or give a length that no list has.
function lengthOf(list) {
  try {
    if (!Array.isArray(list)) return undefined;
    const { length } = list;
    return typeof length === "number" && length >>> 0 === length ? length : undefined;
  } catch {
    return undefined;
  }
}

function itemOf(list, index) {
  try {
    return list[index];
  } catch {
    return undefined;
  }
}

// Each member is read once, whatever a getter does; the decision is on the values that were read.
function decide(engine, cache, request, clock) {
  if (typeof request !== "object" || request === null) return undefined;
  let principal, action, resource, surface, at;
  try {
    if (Object.getPrototypeOf(request) !== Object.prototype) return undefined;
    for (const name of Object.keys(request)) {
      const value = request[name];
      if (name === "principal") principal = value;
      else if (name === "action") action = value;
      else if (name === "resource") resource = value;
      else if (name === "surface") surface = value;
      else if (name === "at") at = value;
      else return undefined;
    }
  } catch {
    return undefined;
  }
  if (typeof principal !== "string" || typeof action !== "string" || typeof resource !== "string") return undefined;
  if ((surface !== undefined && typeof surface !== "string") || (at !== undefined && typeof at !== "number")) return undefined;
  const who = numberOf(engine, cache, PRINCIPAL, principal);
  const what = numberOf(engine, cache, ACTION, action);
  const on = numberOf(engine, cache, RESOURCE, resource);
  const where = surface === undefined ? UNKNOWN : numberOf(engine, cache, SURFACE, surface);
  // Bad names, and a surface that is named and unknown, are errors.
  if (who < UNKNOWN || what < UNKNOWN || on < UNKNOWN || where < 0 !== (surface === undefined)) return undefined;
  const when = at ?? (who & TIMED ? clock() : ANY_TIME);
  const outcome = engine.outcome(cache.generation, who, what, on, where, when);
  if (outcome === ASK_AGAIN) return undefined;
  let answer = cache.answers.get(outcome);
  let scope = outcome & SCOPED ? cache.scopes.get(on) : NO_SCOPE;
  if (answer === undefined || scope === undefined) {
    // The whole decision has both.
    const decision = engine.decision(cache.generation, who, what, on, where, when);
    answer ??= keep(cache.answers, outcome, decision);
    scope ??= keep(cache.scopes, on, decision);
  }
  return {
    allowed: answer.allowed,
    reason: answer.reason,
    role: answer.role,
    organization: scope.organization,
    project: scope.project,
    caveats: answer.caveats.slice(),
    policy: answer.policy,
    revision: answer.revision,
  };
}
