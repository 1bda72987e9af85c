import type { AllowReason, AttributionReason, Caveat, Certainty, DenyReason, ErrorCode, Remedy, UsageCaveat } from "./codes.js";
import type { DocumentInstant, PolicyDocument } from "./documents.js";

export type * from "./changes.js";
export type * from "./documents.js";

/** `type:id`, such as `user:usr_ada`. */
export type ReferenceText = `${string}:${string}`;

/** The same as an object. */
export interface ReferenceObject {
  /** `user`, `api_key`, `organization`, `project`, or a kind of the policy. */
  readonly type: string;
  /** The id. */
  readonly id: string;
}

/** Who, or what: `user:usr_ada`, or `{ type: "user", id: "usr_ada" }`. */
export type Reference = ReferenceText | ReferenceObject;

/** A point in time in a call: a number is milliseconds since the epoch, as `Date.now()` gives it. Seconds are refused (below 10^11). */
export type InstantInput = DocumentInstant | number;

/** Options of `Bailiwick.fromDirectory`. */
export interface Options {
  /** A policy, or the id of a built-in one, instead of the directory's own. */
  readonly policy?: string | PolicyDocument | null | undefined;
}

/** The keys that signatures are verified with: one, or several of which any will do. Once named, they have to be there: null is refused. */
export type VerifyingKeys =
  | {
      /** An Ed25519 key of 32 bytes. */
      readonly publicKey?: Uint8Array | ArrayBuffer;
      /** Not beside `publicKey`. */
      readonly publicKeys?: never;
    }
  | {
      /** Not beside `publicKeys`. */
      readonly publicKey?: never;
      /** Several Ed25519 keys of 32 bytes, so that a signing key can be replaced without a gap. At least one. */
      readonly publicKeys: readonly (Uint8Array | ArrayBuffer)[];
    };

/** Options of `Bailiwick.fromSnapshot`. With keys, only what one of their holders has signed is loaded, and later applied. */
export type FromSnapshotOptions = VerifyingKeys & {
  /** The present; now where it is left out. What says that it was issued more than 300 seconds later is refused (`issued_in_future`). */
  readonly at?: InstantInput | null | undefined;
};

/** Options of `applyDelta`. Keys verify this one delta, in place of those that the snapshot was loaded with. */
export type ApplyDeltaOptions = FromSnapshotOptions;

/** Options of `toDelta`. */
export interface DeltaOptions {
  /** An Ed25519 seed of 32 bytes. Keep it to yourself. */
  readonly signingKey?: Uint8Array | ArrayBuffer | null | undefined;
  /** When it is issued; what the directory says where it is left out. */
  readonly issuedAt?: InstantInput | null | undefined;
  /** How long after its issue copies may answer; what the directory says where it is left out. */
  readonly maxAgeSeconds?: number | null | undefined;
}

/** Options of `toSnapshot`. */
export interface SnapshotOptions extends DeltaOptions {
  /** False leaves the digests of API keys out: for browsers, where nobody is to be authenticated. */
  readonly digests?: boolean | undefined;
}

/** Options of `apply` and `preview`. */
export interface ChangeOptions {
  /**
   * Who makes the change. Without it the change is not checked for permission: it is the platform's own. Once named, it has to be there: null and
   * undefined are refused.
   */
  readonly actor?: Reference;
  /** When; now where it is left out. */
  readonly at?: InstantInput | null | undefined;
  /** Fail (`revision_conflict`) if the directory is at another revision. */
  readonly expectedRevision?: number | null | undefined;
}

/** Options of `authzen`. */
export interface AuthzenOptions {
  /** Whether decisions say why, in their `context`: `{ reason, caveats }`. A reason can tell a stranger what exists. */
  readonly reasons?: boolean | null | undefined;
  /** Whether `context.time` of a request is when. A caller who sets the clock can revive an expired key: trust none that you would not give the directory. */
  readonly trustContextTime?: boolean | null | undefined;
  /** When, where the request does not say or is not trusted to; now where it is left out. */
  readonly at?: InstantInput | null | undefined;
}

/** Options of `newApiKey`. */
export interface NewApiKeyOptions {
  /** What secrets begin with: 1 to 32 of `a` to `z`, `0` to `9` and, inside, `-` and `_`; `bw` where it is left out. */
  readonly prefix?: string | null | undefined;
}

/** A new secret and its digest. */
export interface ApiKeySecret {
  /** Shown once, and kept by its owner alone. */
  secret: string;
  /** What `create_api_key` and `regenerate_default_key` take. */
  digest: string;
}

/** The API key that a secret belongs to, as a reference. */
export interface AuthenticatedKey {
  /** What it is. */
  type: "api_key";
  /** The id of the key. */
  id: string;
}

/** Somebody who would no longer reach a project. */
export interface LostProject {
  /** Who, as a reference. */
  principal: ReferenceText;
  /** The id of the project. */
  project: string;
}

/** What would follow from a change. */
export interface Preview {
  /** The revision that it would lead to. */
  revision: number;
  /** Who would no longer reach which project. */
  projects_lost: LostProject[];
  /** API keys that a removed user made, and that stay alive. */
  live_api_keys: string[];
  /** Principals whose usage would be booked to another organization or project. */
  booked_elsewhere: ReferenceText[];
}

/** Which page of a listing is wanted. */
export interface PageRequest {
  /** How many items at the most; all of them where it is left out. */
  readonly limit?: number | null | undefined;
  /** The `next_cursor` of the page before. */
  readonly cursor?: string | null | undefined;
  /** When; now where it is left out. */
  readonly at?: InstantInput | null | undefined;
}

/** Which projects does a principal reach? */
export interface ProjectsRequest extends PageRequest {
  /** Who: `user:…` or `api_key:…`. */
  readonly principal: Reference;
}

/** On which resources may a principal do an action? */
export interface ResourcesRequest extends PageRequest {
  /** Who: `user:…` or `api_key:…`. */
  readonly principal: Reference;
  /** Which action: such as `project_settings.read` or `instant_cluster.ssh`. */
  readonly action: string;
  /** Of which kind; of all where it is left out. */
  readonly kind?: string | null | undefined;
  /** The id of a project. */
  readonly project?: string | null | undefined;
  /** How: `api`, `ui`, `playground`. The policy's default for the principal where it is left out. */
  readonly surface?: string | null | undefined;
}

/** Who may do an action on a resource? */
export interface PrincipalsRequest extends PageRequest {
  /** Which action: such as `project_settings.read` or `instant_cluster.ssh`. */
  readonly action: string;
  /** On what: `organization:…`, `project:…`, `user:…`, `api_key:…` or `<kind>:…`. */
  readonly resource: Reference;
  /** How: `api`, `ui`, `playground`. The policy's default for the principal where it is left out. */
  readonly surface?: string | null | undefined;
}

/** What may a principal do to a resource? */
export interface ActionsRequest {
  /** Who: `user:…` or `api_key:…`. */
  readonly principal: Reference;
  /** On what: `organization:…`, `project:…`, `user:…`, `api_key:…` or `<kind>:…`. */
  readonly resource: Reference;
  /** How: `api`, `ui`, `playground`. The policy's default for the principal where it is left out. */
  readonly surface?: string | null | undefined;
  /** When; now where it is left out. */
  readonly at?: InstantInput | null | undefined;
}

/** One page of a listing. */
export interface Page<Item extends string = string> {
  /** In byte order. */
  items: Item[];
  /** Leads to the next page; null where nothing follows. */
  next_cursor: string | null;
}

/** A question of access. */
export interface AccessRequest {
  /** Who asks: `user:…` or `api_key:…`. */
  readonly principal: Reference;
  /** Such as `project_settings.read` or `instant_cluster.ssh`. */
  readonly action: string;
  /** What it is about: `organization:…`, `project:…`, `user:…`, `api_key:…` or `<kind>:…`. */
  readonly resource: Reference;
  /** How: `api`, `ui`, `playground`. The policy's default for the principal where it is left out. */
  readonly surface?: string | null | undefined;
  /** When; now where it is left out. */
  readonly at?: InstantInput | null | undefined;
  /** Deny (`snapshot_stale`) if the directory is older than this revision. */
  readonly min_revision?: number | null | undefined;
  /** Deny (`snapshot_stale`) if the directory was issued longer ago than this. */
  readonly max_age_seconds?: number | null | undefined;
}

interface AnyDecision {
  /** The role that counted. */
  role: string | null;
  /** The organization of the resource, as soon as it is known. */
  organization: string | null;
  /** The project of the resource, as soon as it is known. */
  project: string | null;
  /** What to know about what is allowed. */
  caveats: Caveat[];
  /** The policy of the directory that answered. */
  policy: string;
  /** The revision of the directory that answered. */
  revision: number;
}

/** A decision that allows. */
export interface Permission extends AnyDecision {
  /** Whether it is allowed: it is. */
  allowed: true;
  /** The first rule that applied. `Reasons` says what each word means. */
  reason: AllowReason;
}

/** A decision that denies. */
export interface Denial extends AnyDecision {
  /** Whether it is allowed: it is not. */
  allowed: false;
  /** The first rule that applied. `Reasons` says what each word means. */
  reason: DenyReason;
}

/** An answer to a question of access. `allowed` tells which of the two it is, and then which reasons there are. */
export type Decision = Permission | Denial;

/** Usage that has happened. */
export interface Usage {
  /** Who used it: `user:…` or `api_key:…`. */
  readonly principal: Reference;
  /** A kind of the policy, such as `batch`. */
  readonly kind: string;
  /** How: `api`, `ui`, `playground`. The policy's default for the principal where it is left out. */
  readonly surface?: string | null | undefined;
  /** The id of the project that was worked in. */
  readonly project?: string | null | undefined;
  /** What was used, of the same kind. */
  readonly resource?: Reference | null | undefined;
  /** When; now where it is left out. */
  readonly at?: InstantInput | null | undefined;
}

/** Where usage is booked. */
export interface Attribution {
  /** Where it is booked; null where that is not known. */
  organization: string | null;
  /** The project it is booked to; null where it lies in an organization outside the directory. */
  project: string | null;
  /** The organization that it was meant for. */
  intended_organization: string;
  /** The project that it was meant for. */
  intended_project: string;
  /** Whether both are the same. */
  matches_intended: boolean;
  /** How sure that is. */
  certainty: Certainty;
  /** The rule that applied. `AttributionReasons` says what each word means. */
  reason: AttributionReason;
  /** The id of the API key, where the kind reports usage by key. */
  api_key: string | null;
  /** What gets such usage booked to the intended organization, and to the intended project where the kind is supported on the api surface. */
  remedies: Remedy[];
  /** What to know about it: `UsageCaveats` says what each means. */
  caveats: UsageCaveat[];
  /** The policy of the directory that answered. */
  policy: string;
  /** The revision of the directory that answered. */
  revision: number;
}

/** A row of a batch that cannot be attributed: the reason is what is wrong with it. */
export interface Unattributed {
  /** Not known: the row is no proper usage. */
  organization: null;
  /** Not known: the row is no proper usage. */
  project: null;
  /** The organization that it was meant for, where key, resource and project say so and do not disagree. */
  intended_organization: string | null;
  /** The project that it was meant for, where key, resource and project say so and do not disagree. */
  intended_project: string | null;
  /** It does not. */
  matches_intended: false;
  /** Not known: the row is no proper usage. */
  certainty: null;
  /** What is wrong with the row. `ErrorCodes` says what each word means. */
  reason: ErrorCode;
  /** Not known: the row is no proper usage. */
  api_key: null;
  /** None helps. */
  remedies: [];
  /** None. */
  caveats: [];
  /** The policy of the directory that answered. */
  policy: string;
  /** The revision of the directory that answered. */
  revision: number;
}

/** The answers to a batch of usage, row for row. */
export type AttributionRows = (Attribution | Unattributed)[] & {
  /** How many rows could not be attributed. Not enumerable. */
  readonly unattributed: number;
};
