// Whether the types must refuse a call that the engine refuses with a code and a path.
import { made, place } from "./calls.mjs";
import { has } from "./documents.mjs";
import { at, replaced } from "./places.mjs";

// Faults of shape, and words of which there are only so many. All other codes speak of contents: which ids there are, who may, what fits what.
const SHAPES = new Set(["missing_field", "unknown_field", "wrong_type", "unsupported_format", "unknown_change"]);

// What a type cannot say. A call that is refused for one of these compiles all the same.
const BEYOND_TYPES = [
  { why: "whether a text is JSON, and of which shape, shows when it is read", holds: ({ call, where: [index] }) => passesText(call) && Number(index) === (call.into ?? 0) },
  {
    why: "a number that is broken, below nothing, or a limit of 0 is a number",
    holds: ({ code, field, value }) => code === "wrong_type" && typeof value === "number" && COUNTS.has(field),
  },
  {
    why: "a request of AuthZEN is an object with whatever in it: the standard leaves the members open",
    holds: ({ call, where: [index] }) => call.method === "authzen" && index === call.into && call.values[index] instanceof Object,
  },
  { why: "an address is a text", holds: ({ field, value }) => field === "base_url" && typeof value === "string" },
  {
    why: "bytes are bytes: no type counts the 32 of a key",
    holds: ({ field, where, value }) => (KEYS.has(field) || where.at(-2) === "publicKeys") && value instanceof Uint8Array,
  },
  {
    why: "that somebody joins or leaves by themselves is not said by the options",
    holds: ({ call, field }) => field === "actor" && !has(call.values[call.options], "actor"),
  },
  { why: "a list may be empty", holds: ({ field, value }) => field === "public_keys" && value?.length === 0 },
];
const COUNTS = new Set(["revision", "max_age_seconds", "min_revision", "expected_revision", "limit", "since", "max_bytes", "max_values"]);
const TAKE_TEXT = new Set(["fromDirectory", "reconcile", "authzen"]);
const passesText = ({ method, values, into = 0 }) => TAKE_TEXT.has(method) && typeof values[into] === "string";
const isOneText = ({ values }) => values.length === 1 && typeof values[0] === "string";
const KEYS = new Set(["signing_key", "public_key"]);

// The engine names the first fault alone, and types see all. So one of contents is put right, and the engine asked for the next.
const RIGHT = {
  invalid_id: "some:id",
  invalid_reference: "some:id",
  invalid_timestamp: "2026-02-01T12:00:00Z",
  invalid_digest: `sha256:${"0".repeat(64)}`,
};
// Undefined is absent: of what a policy says about changes, nothing has to be there.
function right({ code, path }) {
  if (path.startsWith("/policy/changes/")) return { value: undefined };
  return Object.hasOwn(RIGHT, code) ? { value: RIGHT[code] } : undefined;
}

// What a reference is, types know as far as that its text has a colon. The fault of a row of a batch does not say which of its members it is in.
function lacksColon(call, where) {
  const value = at(call.values, where);
  const texts = call.method === "attributeMany" ? [value.principal, value.resource] : where.at(-1) === "type" ? [] : [value];
  return texts.some((text) => typeof text === "string" && !text.includes(":"));
}

/** Whether the call must not compile; and why it compiles, if its shape is refused all the same. */
export function verdict(call, error) {
  if (error === undefined) return { refused: false };
  const { code, path } = error;
  if (SHAPES.has(code)) {
    const where = place(call, path);
    const fault = { call, code, where, value: at(call.values, where), field: path.slice(path.lastIndexOf("/") + 1) };
    const beyond = BEYOND_TYPES.find(({ holds }) => holds(fault));
    return { refused: beyond === undefined, why: beyond?.why };
  }
  if (code === "invalid_reference" && lacksColon(call, place(call, path))) return { refused: true };
  const better = right(error);
  if (better === undefined || passesText(call) || isOneText(call)) return { refused: false };
  const next = { ...call, values: replaced(call.values, place(call, path), better.value) };
  const fault = made(next);
  return fault?.path === path ? { refused: false } : verdict(next, fault);
}
