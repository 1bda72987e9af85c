// What a case or a step asks, as the call that a user of TypeScript would write: a method and its arguments.
import * as bailiwick from "bailiwick";

import { inSuite, spelt } from "../../suite/steps.mjs";
import { has, named, tokens } from "./documents.mjs";
import { literal } from "./literals.mjs";

const { Bailiwick } = bailiwick;
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** A question of a guard. */
export function question(call, input) {
  switch (call) {
    case "impact":
      return withOptions({ method: "impact", values: [], before: 1 }, chosen(input, "at", "limit", "cursor"));
    case "review":
    case "findings":
      return withOptions({ method: call, values: [] }, input);
    case "with_policy":
      return withOptions({ method: "withPolicy", values: [named("policies", input.policy)] }, chosen(input, "renames"));
    case "analyse_policy":
      return { method: "analysePolicy", values: [named("policies", input.policy)] };
    case "built_in_policy":
      return { method: "builtInPolicy", values: [input.id] };
    case "policy_document":
      return undefined;
  }
  if (call !== "authzen") return { method: camel(call), values: [input] };
  const { api, request, text, at, reasons, trust_context_time } = input;
  return withOptions({ method: "authzen", values: [api, text ?? request], into: 1 }, spelt({ at, reasons, trust_context_time }));
}

/** The input of `load` and `to_directory`, or what a case begins with. */
export function loading(input) {
  const document = input.text ?? named("directories", has(input, "directory") ? input.directory : input);
  const loaded = { method: "fromDirectory", values: [typeable(document, input)] };
  const policy = input.policy === undefined ? undefined : named("policies", input.policy);
  const { quarantine, max_bytes, max_values } = input;
  return withOptions(loaded, spelt({ policy, quarantine, max_bytes, max_values }));
}

// What is set aside is broken, so no type has it: it comes as text.
const typeable = (document, { quarantine }) => (quarantine === true && typeof document !== "string" ? JSON.stringify(document) : document);

/** A step of a sequence; undefined where it does not call the package. */
export function step(it) {
  switch (it.do) {
    case "apply":
    case "apply_many":
    case "preview":
      return withOptions({ method: camel(it.do), values: [it.changes ?? it.change] }, spelt({ actor: it.actor, at: it.at, expected_revision: it.expected_revision }));
    case "reconcile":
      return withOptions({ method: "reconcile", values: [typeable(named("directories", it.document), it)] }, spelt({ dry_run: it.dry_run, quarantine: it.quarantine }));
    case "to_directory":
      return { method: "toDirectory", values: [] };
    case "to_snapshot":
      return withOptions({ method: "toSnapshot", values: [] }, seal(it));
    case "to_delta":
      return withOptions({ method: "toDelta", values: [it.since] }, seal(it));
    case "from_snapshot":
      return withOptions({ method: "fromSnapshot", values: [new Uint8Array(8)] }, trust(it));
    case "apply_delta":
      return withOptions({ method: "applyDelta", values: [new Uint8Array(8)] }, trust(it));
    case "edit":
    case "same":
      return undefined;
    default:
      return question(it.do, it.input);
  }
}

const key = (digits) => (digits === undefined ? undefined : new Uint8Array(Buffer.from(digits, "hex")));

function trust({ public_key, public_keys, at }) {
  return spelt({ public_key: key(public_key), public_keys: public_keys?.map(key), at });
}

function seal({ signing_key, issued_at, max_age_seconds, digests, organizations }) {
  return spelt({ signing_key: key(signing_key), issued_at, max_age_seconds, digests, organizations });
}

// Options that are not given are not written.
function withOptions(call, options) {
  const { values } = call;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.length === 0 ? call : { ...call, values: [...values, Object.fromEntries(given)], options: values.length };
}

// A fault of shape is one for every directory. This one has nothing in it that a call could change.
const empty = Bailiwick.fromDirectory({ format: "bailiwick/1", organizations: [] });

const chosen = (input, ...names) => Object.fromEntries(names.filter((name) => has(input, name)).map((name) => [name, input[name]]));

// What the method is called of: the package, the class, or an engine.
function ownerOf(method) {
  if (Object.hasOwn(bailiwick, method)) return { text: "", owner: bailiwick };
  return Object.hasOwn(Bailiwick, method) ? { text: "Bailiwick.", owner: Bailiwick } : { text: "guard.", owner: empty };
}

/** An impact leads to another engine: the same one, since types tell engines from anything else, and not from each other. */
export function written({ method, values, before = 0 }) {
  const all = [...Array(before).fill("guard"), ...values.map(literal)];
  return `${ownerOf(method).text}${method}(${all.join(", ")})`;
}

/** Makes the call and returns the code of what is thrown, and its path as the suite spells it. */
export function made({ method, values, before = 0 }) {
  try {
    ownerOf(method).owner[method](...Array(before).fill(empty), ...values);
  } catch ({ code, path }) {
    return { code, path: inSuite(path) };
  }
}

// Arguments that paths of errors call by a name.
const NAMED = { "/since": 0, "/secret": 0, "/base_url": 0, "/api": 0, "/id": 0 };
// Of these, the first argument is a policy, whose faults are below `/policy`.
const OF_A_POLICY = new Set(["withPolicy", "analysePolicy"]);

/** Where in the arguments the path of an error leads. An option is spelt as in JavaScript there. */
export function place({ method, values, options, into = 0 }, path) {
  if (Object.hasOwn(NAMED, path)) return [NAMED[path]];
  if (path === "" || method === "isStale") return [into];
  const [first, ...rest] = tokens(path);
  if (OF_A_POLICY.has(method) && first === "policy") return [0, ...rest];
  return has(values[options], camel(first)) ? [options, camel(first), ...rest] : [into, first, ...rest];
}
