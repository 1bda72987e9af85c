import type { AllowReason, AttributionReason, Caveat, Certainty, DenyReason, ErrorCode, Remedy, UsageCaveat } from "./codes.js";
import type { DocumentInstant, PolicyDocument } from "./documents.js";

export type * from "./changes.js";
export type * from "./documents.js";
export type * from "./insight.js";
export type * from "./platform_changes.js";
export type * from "./previews.js";
export type * from "./resource_changes.js";

/** `type:id`, such as `user:usr_ada`. */
export type ReferenceText = `${string}:${string}`;

/** A reference as an object. */
export interface ReferenceObject {
  /** `user`, `api_key`, `organization`, `project`, or a kind of the policy. */
  readonly type: string;
  /** The id. */
  readonly id: string;
}

/** A principal or a resource: `user:usr_ada`, or `{ type: "user", id: "usr_ada" }`. */
export type Reference = ReferenceText | ReferenceObject;

/** An instant as an argument. A number is milliseconds since the epoch, as from `Date.now()`; numbers below 10^11 are refused, because they are usually seconds. */
export type InstantInput = DocumentInstant | number;

/** Options of `Bailiwick.fromDirectory`. */
export interface Options {
  /** A policy, or the id of a built-in one. It replaces the directory's own. */
  readonly policy?: string | PolicyDocument | null | undefined;
  /** Whether an organization that has a fault is left out, instead of refusing the document. False by default. */
  readonly quarantine?: boolean | undefined;
  /** The most bytes of a document that is JSON; by default 2^28. Reading takes a multiple of them. */
  readonly maxBytes?: number | null | undefined;
  /** The most values of a document that is JSON, of which each takes memory; by default 2^25. */
  readonly maxValues?: number | null | undefined;
}

/** An organization that was left out, and its first fault. */
export interface QuarantinedOrganization {
  /** Its id; null if it has none. */
  organization: string | null;
  /** The error code of the fault. `ErrorCodes` describes each. */
  code: ErrorCode;
  /** The place of the fault in the document, as a JSON pointer. */
  path: string;
  /** The fault, as a sentence. It can change between releases. */
  message: string;
}

/** The keys that verify signatures: one key, or several of which any is accepted. If an option is present but null, that is an error. */
export type VerifyingKeys =
  | {
      /** An Ed25519 key of 32 bytes. */
      readonly publicKey?: Uint8Array | ArrayBuffer;
      /** Not together with `publicKey`. */
      readonly publicKeys?: never;
    }
  | {
      /** Not together with `publicKeys`. */
      readonly publicKey?: never;
      /** Several Ed25519 keys of 32 bytes, so that a signing key can be replaced without a gap. At least one. */
      readonly publicKeys: readonly (Uint8Array | ArrayBuffer)[];
    };

/** Options of `Bailiwick.fromSnapshot`. With keys, a valid signature is required: on this snapshot, and on every later delta. */
export type FromSnapshotOptions = VerifyingKeys & {
  /** The present time; now if left out. Bytes that were issued more than 300 seconds later are refused (`issued_in_future`). */
  readonly at?: InstantInput | null | undefined;
};

/** Options of `applyDelta`. Keys replace those of `fromSnapshot` for this one delta. */
export type ApplyDeltaOptions = FromSnapshotOptions;

/** Options of `toDelta`. */
export interface DeltaOptions {
  /** An Ed25519 seed of 32 bytes. Keep it secret. */
  readonly signingKey?: Uint8Array | ArrayBuffer | null | undefined;
  /** The instant of issue; that of the directory if left out. */
  readonly issuedAt?: InstantInput | null | undefined;
  /** The seconds after `issuedAt` for which copies stay fresh; that of the directory if left out. */
  readonly maxAgeSeconds?: number | null | undefined;
}

/** Options of `toSnapshot`. */
export interface SnapshotOptions extends DeltaOptions {
  /** False leaves out the digests of API keys, and e-mails, for places that must not have them, such as browsers. */
  readonly digests?: boolean | undefined;
  /**
   * The ids of organizations: the snapshot contains only these, with the users that they need. Every question about them has the answer of the whole.
   * Such a copy takes no deltas (`delta_fork`).
   */
  readonly organizations?: readonly string[] | undefined;
}

/** Options of `reconcile`. */
export interface ReconcileOptions {
  /** True only lists the changes, and makes none. */
  readonly dryRun?: boolean | undefined;
  /** Whether an organization with a fault keeps its last good state, where otherwise the document is refused. If left out: as the engine was loaded. */
  readonly quarantine?: boolean | undefined;
  /** As in `Options`. */
  readonly maxBytes?: number | null | undefined;
  /** As in `Options`. */
  readonly maxValues?: number | null | undefined;
}

/** Options of `apply`, `applyMany` and `preview`. */
export interface ChangeOptions {
  /**
   * Who requests the change. If left out, the change is the platform's own and is not checked for permission. If it is present but null or undefined,
   * that is an error.
   */
  readonly actor?: Reference;
  /** The instant; now if left out. */
  readonly at?: InstantInput | null | undefined;
  /** The revision that the directory must have before the first change; otherwise the call fails (`revision_conflict`). */
  readonly expectedRevision?: number | null | undefined;
}

/** Options of `authzen`. */
export interface AuthzenOptions {
  /** Whether decisions contain the reason, in their `context`: `{ reason, caveats }`. A reason can tell a stranger what exists. */
  readonly reasons?: boolean | null | undefined;
  /**
   * Whether `context.time` of a request sets the time. A caller who sets the time can revive an expired key: trust only callers to whom you would give
   * the directory.
   */
  readonly trustContextTime?: boolean | null | undefined;
  /** The instant, if `context.time` is absent or not trusted; now if left out. */
  readonly at?: InstantInput | null | undefined;
}

/** Options of `newApiKey`. */
export interface NewApiKeyOptions {
  /** The prefix of the secret: 1 to 32 of `a` to `z`, `0` to `9` and, inside, `-` and `_`; `bw` if left out. */
  readonly prefix?: string | null | undefined;
}

/** A new secret and its digest. */
export interface ApiKeySecret {
  /** The secret. Show it to its owner once, and do not store it. */
  secret: string;
  /** The digest, for `create_api_key` and `regenerate_default_key`. */
  digest: string;
}

/** The API key that a secret belongs to, as a reference. */
export interface AuthenticatedKey {
  /** The type of the principal. */
  type: "api_key";
  /** The id of the key. */
  id: string;
}

/** Which page of a listing to return. */
export interface PageRequest {
  /** The maximum number of items; all items if left out. */
  readonly limit?: number | null | undefined;
  /** The `next_cursor` of the previous page. */
  readonly cursor?: string | null | undefined;
  /** The instant; now if left out. */
  readonly at?: InstantInput | null | undefined;
}

/** Which projects can a principal reach? With an action: in which of them may the principal do it? */
export interface ProjectsRequest extends PageRequest {
  /** The principal: `user:…` or `api_key:…`. */
  readonly principal: Reference;
  /** An action on projects, such as `project_settings.read`. */
  readonly action?: string | null | undefined;
}

/** On which resources may a principal do an action? */
export interface ResourcesRequest extends PageRequest {
  /** The principal: `user:…` or `api_key:…`. */
  readonly principal: Reference;
  /** The action, such as `project_settings.read` or `instant_cluster.ssh`. */
  readonly action: string;
  /** The kind of the resources; all kinds if left out. */
  readonly kind?: string | null | undefined;
  /** The id of the resources' project; all projects if left out. */
  readonly project?: string | null | undefined;
  /** The surface, such as `api`, `ui` or `playground`. If left out: the policy's default for the principal's type. */
  readonly surface?: string | null | undefined;
}

/** Who may do an action on a resource? */
export interface PrincipalsRequest extends PageRequest {
  /** The action, such as `project_settings.read` or `instant_cluster.ssh`. */
  readonly action: string;
  /** The resource: `organization:…`, `project:…`, `user:…`, `api_key:…` or `<kind>:…`. */
  readonly resource: Reference;
  /** The surface, such as `api`, `ui` or `playground`. If left out: the policy's default for the principal's type. */
  readonly surface?: string | null | undefined;
}

/** What may a principal do to a resource? */
export interface ActionsRequest {
  /** The principal: `user:…` or `api_key:…`. */
  readonly principal: Reference;
  /** The resource: `organization:…`, `project:…`, `user:…`, `api_key:…` or `<kind>:…`. */
  readonly resource: Reference;
  /** The surface, such as `api`, `ui` or `playground`. If left out: the policy's default for the principal's type. */
  readonly surface?: string | null | undefined;
  /** The instant; now if left out. */
  readonly at?: InstantInput | null | undefined;
}

/** One page of a listing. */
export interface Page<Item extends string = string> {
  /** The items, in byte order. */
  items: Item[];
  /** The cursor of the next page; null if there is none. */
  next_cursor: string | null;
}

/** A request: may a principal do an action on a resource? */
export interface AccessRequest {
  /** The principal: `user:…` or `api_key:…`. */
  readonly principal: Reference;
  /** The action, such as `project_settings.read` or `instant_cluster.ssh`. */
  readonly action: string;
  /** The resource: `organization:…`, `project:…`, `user:…`, `api_key:…` or `<kind>:…`. */
  readonly resource: Reference;
  /** The surface, such as `api`, `ui` or `playground`. If left out: the policy's default for the principal's type. */
  readonly surface?: string | null | undefined;
  /** The instant; now if left out. */
  readonly at?: InstantInput | null | undefined;
  /** Deny (`snapshot_stale`) if the directory's revision is lower. */
  readonly min_revision?: number | null | undefined;
  /** Deny (`snapshot_stale`) if the directory was issued more than this many seconds ago. */
  readonly max_age_seconds?: number | null | undefined;
}

interface AnyDecision {
  /** The role that counted; null if no role did. */
  role: string | null;
  /** The organization of the resource; null if that was not determined. */
  organization: string | null;
  /** The project of the resource; null if that was not determined, or there is none. */
  project: string | null;
  /** Warnings about an allowed action. `Caveats` describes each. */
  caveats: Caveat[];
  /** The policy of the directory that answered. */
  policy: string;
  /** The revision of the directory that answered. */
  revision: number;
}

/** A decision that allows. */
export interface Permission extends AnyDecision {
  /** The action is allowed. */
  allowed: true;
  /** The reason. `Reasons` describes each. */
  reason: AllowReason;
}

/** A decision that denies. */
export interface Denial extends AnyDecision {
  /** The action is denied. */
  allowed: false;
  /** The reason. `Reasons` describes each. */
  reason: DenyReason;
}

/** The answer to a request. `allowed` distinguishes the two types, and so the possible reasons. */
export type Decision = Permission | Denial;

/** Usage that has already happened. */
export interface Usage {
  /** The principal that caused the usage: `user:…` or `api_key:…`. */
  readonly principal: Reference;
  /** A kind of the policy, such as `batch`. */
  readonly kind: string;
  /** The surface, such as `api`, `ui` or `playground`. If left out: the policy's default for the principal's type. */
  readonly surface?: string | null | undefined;
  /** The id of the project that the usage was meant for. */
  readonly project?: string | null | undefined;
  /** The resource that was used. It must be of the same kind. */
  readonly resource?: Reference | null | undefined;
  /** The instant; now if left out. */
  readonly at?: InstantInput | null | undefined;
}

/** Where usage is booked. */
export interface Attribution {
  /** The organization to which the usage is booked; null if it is not known. */
  organization: string | null;
  /** The project to which the usage is booked; null if it is not known, or is in an organization outside the directory. */
  project: string | null;
  /** The organization that the usage was meant for. */
  intended_organization: string;
  /** The project that the usage was meant for. */
  intended_project: string;
  /** Whether the booked and the intended organization and project are equal. */
  matches_intended: boolean;
  /** How certain the booking is. */
  certainty: Certainty;
  /** The reason. `AttributionReasons` describes each. */
  reason: AttributionReason;
  /** The id of the API key, if usage of the kind is reported by key. */
  api_key: string | null;
  /** How to get such usage booked to the intended organization, and, if the kind is supported on the api surface, to the intended project. */
  remedies: Remedy[];
  /** Warnings about the usage. `UsageCaveats` describes each. */
  caveats: UsageCaveat[];
  /** The policy of the directory that answered. */
  policy: string;
  /** The revision of the directory that answered. */
  revision: number;
}

/** A row of a batch that cannot be attributed. Its reason is an error code. */
export interface Unattributed {
  /** Always null: the row cannot be attributed. */
  organization: null;
  /** Always null: the row cannot be attributed. */
  project: null;
  /** The intended organization, if key, resource and project determine it. */
  intended_organization: string | null;
  /** The intended project, if key, resource and project determine it. */
  intended_project: string | null;
  /** Always false. */
  matches_intended: false;
  /** Always null: the row cannot be attributed. */
  certainty: null;
  /** The error code of the row. `ErrorCodes` describes each. */
  reason: ErrorCode;
  /** Always null: the row cannot be attributed. */
  api_key: null;
  /** Always empty. */
  remedies: [];
  /** Always empty. */
  caveats: [];
  /** The policy of the directory that answered. */
  policy: string;
  /** The revision of the directory that answered. */
  revision: number;
}

/** The answers to a batch of usage, row for row. */
export type AttributionRows = (Attribution | Unattributed)[] & {
  /** The number of rows that could not be attributed. Not enumerable. */
  readonly unattributed: number;
};
