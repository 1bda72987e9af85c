// Sequences of steps on one engine, in any JavaScript host. tests/README.md says what a step is.
import { insight, isInsight } from "./insight.mjs";

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => (typeof text !== "string" ? undefined : Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16)));

// The options whose names are other ones in JavaScript.
const SPELT = {
  signing_key: "signingKey",
  public_key: "publicKey",
  public_keys: "publicKeys",
  issued_at: "issuedAt",
  max_age_seconds: "maxAgeSeconds",
  max_bytes: "maxBytes",
  max_values: "maxValues",
  expected_revision: "expectedRevision",
  trust_context_time: "trustContextTime",
  base_url: "baseUrl",
  dry_run: "dryRun",
};
const present = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

// Options as JavaScript spells them, without those that are not given.
export const spelt = (options) => Object.fromEntries(Object.entries(present(options)).map(([name, value]) => [SPELT[name] ?? name, value]));

// The path of an error as the suite spells it. Options alone have such names: those of fields in documents and requests are the same everywhere.
export function inSuite(path) {
  const [, first, ...rest] = path.split("/");
  const [own] = Object.entries(SPELT).find(([, name]) => name === first) ?? [first];
  return own === first ? path : ["", own, ...rest].join("/");
}

// The method of each call that a guard answers by a method of one argument.
export const METHODS = {
  check_access: "checkAccess",
  is_allowed: "isAllowed",
  check_many: "checkMany",
  attribute: "attribute",
  attribute_many: "attributeMany",
  explain: "explain",
  explain_usage: "explainUsage",
  list_projects: "listProjects",
  list_resources: "listResources",
  list_principals: "listPrincipals",
  list_actions: "listActions",
  is_stale: "isStale",
  authenticate: "authenticate",
  authenticate_digest: "authenticateDigest",
};

// The answer of one engine to a call, as a case of its own or as a step.
export function ask({ authzenMetadata }, guard, name, input) {
  if (name === "authzen_metadata") return JSON.parse(authzenMetadata(input));
  if (name === "rule") {
    const { decision, attribution, rule } = "kind" in input ? guard.explainUsage(input) : guard.explain(input);
    return present({ decision, attribution, rule });
  }
  if (name !== "authzen") return guard[METHODS[name]](input);
  const { api, request, text, at, reasons, trust_context_time } = input;
  return JSON.parse(guard.authzen(api, text ?? request, spelt({ at, reasons, trust_context_time })));
}

export function fault({ isBailiwickError }, error) {
  if (!isBailiwickError(error)) throw error;
  return present({ code: error.code, path: inSuite(error.path), decision: error.decision });
}

// The fields of a preview that a step without `fields` shows.
const PREVIEWED = ["revision", "projects_lost", "live_api_keys", "booked_elsewhere"];

// What is left out, where that was asked for. Messages are not contract.
export const quarantined = (guard, { quarantine }) => (quarantine ? { quarantined: guard.quarantined.map(({ message, ...entry }) => entry) } : {});

// The outcomes of all steps. `withAt` gives a request the instant of its file; `document` is that of a name in a folder.
export function run(bailiwick, guard, steps, withAt, document) {
  const written = {};
  let cursor = null;
  const keep = (name, bytes) => {
    written[name] = bytes;
    return { bytes: hex(bytes) };
  };
  const seal = ({ signing_key, issued_at, max_age_seconds, digests, organizations }) =>
    spelt({ signing_key: unhex(signing_key), issued_at, max_age_seconds, digests, organizations });
  const trust = ({ public_key, public_keys, at }) => spelt({ public_key: unhex(public_key), public_keys: public_keys?.map(unhex), at });

  const terms = ({ actor, at, expected_revision }) => spelt(withAt(present({ actor, at, expected_revision })));

  function outcome(step) {
    switch (step.do) {
      case "apply":
        return { revision: guard.apply(step.change, terms(step)) };
      case "apply_many":
        return { revision: guard.applyMany(step.changes, terms(step)) };
      case "preview": {
        const { fields = PREVIEWED } = step;
        const preview = guard.preview(step.changes ?? step.change, terms(step));
        return Object.fromEntries(Object.entries(preview).filter(([name]) => fields.includes(name)));
      }
      case "reconcile": {
        const { revision, changes } = guard.reconcile(document("directories", step.document), spelt({ dry_run: step.dry_run, quarantine: step.quarantine }));
        return { revision, changes: changes.length, ...quarantined(guard, step) };
      }
      case "to_directory":
        return guard.toDirectory();
      case "to_snapshot":
        return keep(step.as, guard.toSnapshot(seal(step)));
      case "from_snapshot":
        guard = bailiwick.Bailiwick.fromSnapshot(written[step.from], trust(step));
        return { revision: guard.revision, policy: guard.policy, issued_at: guard.issuedAt };
      case "to_delta":
        return keep(step.as, guard.toDelta(step.since, seal(step)));
      case "apply_delta":
        return { revision: guard.applyDelta(written[step.from], trust(step)) };
      case "edit": {
        const bytes = written[step.from].slice(0, step.cut);
        if (step.flip !== undefined) bytes[step.flip < 0 ? bytes.length + step.flip : step.flip] ^= 1;
        written[step.as] = new Uint8Array([...bytes, ...(unhex(step.append) ?? [])]);
        return null;
      }
      case "same":
        return new Set(step.names.map((name) => hex(written[name]))).size === 1;
      default: {
        let input = step.do.startsWith("authenticate") ? step.input : withAt(step.input);
        if (input?.cursor === "next") input = { ...input, cursor };
        const page = input?.request?.page;
        if (page?.token === "next") input = { ...input, request: { ...input.request, page: { ...page, token: cursor } } };
        const answer = isInsight(step.do) ? insight(bailiwick, guard, step.do, input ?? {}, document) : ask(bailiwick, guard, step.do, input);
        if (step.do.startsWith("list_") || step.do === "impact") cursor = answer.next_cursor;
        else if (answer?.page) cursor = answer.page.next_token;
        return answer;
      }
    }
  }

  return steps.map((step) => {
    try {
      return outcome(step);
    } catch (error) {
      return { error: fault(bailiwick, error) };
    }
  });
}

// An answer as the cases write it: bytes are null, and a cursor or token is any.
export function comparable(answer) {
  if (Array.isArray(answer)) return answer.map(comparable);
  if (answer === null || typeof answer !== "object") return answer;
  if (typeof answer.bytes === "string") return null;
  if (answer.page?.next_token) return { ...answer, page: { ...answer.page, next_token: "*" } };
  return (Array.isArray(answer.items) || "widens" in answer) && typeof answer.next_cursor === "string" ? { ...answer, next_cursor: "*" } : answer;
}
