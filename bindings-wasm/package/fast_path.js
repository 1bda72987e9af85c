// What an engine has been asked about lately: names and their numbers, and the words of its decisions. A name crosses into the module once; from then on
// its number does, which costs a few nanoseconds. All of it is forgotten with the next change, and bounded before. What is not plain and usual is
// `undefined` here: the general way answers it, and says what is wrong with it.
import { scratch } from "./bailiwick.js";

// The parts of a question, as in number.rs.
const PRINCIPAL = 0, ACTION = 1, RESOURCE = 2, SURFACE = 3;
// What nothing has the name of. As a surface it is the principal's default.
const UNKNOWN = -1;
// What the number of a principal says: that it matters when they ask. Where it does not, the smallest number that is an instant will do.
const TIMED = 2, ANY_TIME = 1e11;
// What outcomes say: that there is a scope, and that there is no outcome.
const SCOPED = 1 << 21, ASK_AGAIN = 2 ** 31;
// So many names of each part are kept; that takes a few megabytes.
const MOST = 1 << 15;

const KNOWN = Symbol("known");
const NOWHERE = { organization: null, project: null };
const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { ignoreBOM: true });
let bytes = new Uint8Array(0);

// Asks with what is known, and once more if that is from before a change.
function withKnown(engine, ask) {
  const known = engine[KNOWN] ?? forget(engine);
  const answer = ask(known);
  return answer === undefined && known.state !== engine.state ? ask(forget(engine)) : answer;
}

function forget(engine) {
  const known = {
    state: engine.state,
    names: [new Map(), new Map(), new Map(), new Map()],
    scopes: new Map(),
    words: new Map(),
  };
  // Not where the engine is frozen; then nothing is remembered. A descriptor inherits, unless it has nothing to inherit from.
  Reflect.defineProperty(engine, KNOWN, { __proto__: null, value: known, configurable: true });
  return known;
}

// Keeps a value, and everything that was kept before only while there is room.
function keep(map, key, value) {
  if (map.size >= MOST) map.clear();
  map.set(key, value);
  return value;
}

function numberOf(engine, known, part, name) {
  return known.names[part].get(name) ?? learn(engine, known, part, name);
}

function learn(engine, known, part, name) {
  const number = engine.numberOf(part, write(name));
  // A copy: a name that was cut out of a long text would keep all of that.
  return number < 0 ? number : keep(known.names[part], text.decode(utf8.encode(name)), number);
}

// Writes a name into the scratch and returns its length; one that is too long, or no Unicode, is longer than the scratch.
function write(name) {
  // The view is void after the memory has grown.
  if (bytes.length === 0) bytes = scratch();
  const { length } = name;
  let end = 0;
  for (let unit; end < length && end < bytes.length && (unit = name.charCodeAt(end)) < 0x80; end++) bytes[end] = unit;
  if (end === length) return end;
  const { read, written } = utf8.encodeInto(name, bytes);
  return read === length && name.isWellFormed() ? written : bytes.length + 1;
}

// Whether it is allowed, at an instant or now: the clock is looked at only where it matters.
export function isAllowed(engine, principal, action, resource, at) {
  if (typeof principal !== "string" || typeof action !== "string" || typeof resource !== "string") return undefined;
  if (at !== undefined && typeof at !== "number") return undefined;
  return withKnown(engine, (known) => allows(engine, known, principal, action, resource, at));
}

function allows(engine, known, principal, action, resource, at) {
  const who = numberOf(engine, known, PRINCIPAL, principal);
  const what = numberOf(engine, known, ACTION, action);
  const on = numberOf(engine, known, RESOURCE, resource);
  // Bad names are errors.
  if (who < UNKNOWN || what < UNKNOWN || on < UNKNOWN) return undefined;
  const answer = engine.allows(known.state, who, what, on, at ?? (who & TIMED ? Date.now() : ANY_TIME));
  return answer === ASK_AGAIN ? undefined : answer === 1;
}

// The decision on a request.
export function decisionOn(engine, request) {
  return withKnown(engine, (known) => decide(engine, known, request, Date.now));
}

// The decisions on a list of requests, all by one revision and at one instant.
export function decisionsOn(engine, requests) {
  return withKnown(engine, (known) => decideAll(engine, known, requests));
}

function decideAll(engine, known, requests) {
  const length = lengthOf(requests);
  if (length === undefined) return undefined;
  let now;
  const clock = () => (now ??= Date.now());
  const decisions = new Array(length);
  for (let index = 0; index < length; index++) {
    if ((decisions[index] = decide(engine, known, itemOf(requests, index), clock)) === undefined) return undefined;
  }
  return lengthOf(requests) === length ? decisions : undefined;
}

// Of a list. A proxy may throw, or tell lies that no list would.
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

// Whatever a getter does, each member is read once, and what was read is what is decided on.
function decide(engine, known, request, clock) {
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
  const who = numberOf(engine, known, PRINCIPAL, principal);
  const what = numberOf(engine, known, ACTION, action);
  const on = numberOf(engine, known, RESOURCE, resource);
  const where = surface === undefined ? UNKNOWN : numberOf(engine, known, SURFACE, surface);
  // Bad names, and a surface that is named and unknown, are errors.
  if (who < UNKNOWN || what < UNKNOWN || on < UNKNOWN || where < 0 !== (surface === undefined)) return undefined;
  const when = at ?? (who & TIMED ? clock() : ANY_TIME);
  const outcome = engine.outcome(known.state, who, what, on, where, when);
  if (outcome === ASK_AGAIN) return undefined;
  let words = known.words.get(outcome);
  let scope = outcome & SCOPED ? known.scopes.get(on) : NOWHERE;
  if (words === undefined || scope === undefined) {
    // A decision in full has both.
    const decision = engine.decision(known.state, who, what, on, where, when);
    words ??= keep(known.words, outcome, decision);
    scope ??= keep(known.scopes, on, decision);
  }
  return {
    allowed: words.allowed,
    reason: words.reason,
    role: words.role,
    organization: scope.organization,
    project: scope.project,
    caveats: words.caveats.slice(),
    policy: words.policy,
    revision: words.revision,
  };
}
