import type { AttributionReason, Caveat, Certainty, ChangeType, ErrorCode, Reason, Remedy, UsageCaveat } from "./codes.js";

/** `type:id`, such as `user:usr_ada`, or the same as an object. */
export type Reference = string | { readonly type: string; readonly id: string };

/** A point in time in a document: RFC 3339 with any offset, or a `Date`. */
export type DocumentInstant = string | Date;

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
      readonly publicKeys?: never;
    }
  | {
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
  /** What secrets begin with: 1 to 16 of `a` to `z` and `0` to `9`; `bw` where it is left out. */
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
  type: "api_key";
  id: string;
}

/** A change (rules C1 to C12 and C24). Fields hold ids, but for `resource` of `remove_resource`, which is a reference. */
export type Change =
  | {
      readonly type: "add_member";
      readonly organization: string;
      readonly user: string;
      readonly email?: string | null | undefined;
      readonly role?: string | null | undefined;
    }
  | { readonly type: "remove_member"; readonly organization: string; readonly user: string }
  | { readonly type: "set_member_role"; readonly organization: string; readonly user: string; readonly role: string }
  | { readonly type: "create_project"; readonly organization: string; readonly project: string; readonly name: string }
  | { readonly type: "set_external_collaborators"; readonly project: string; readonly allowed: boolean }
  | { readonly type: "add_collaborator"; readonly project: string; readonly user: string; readonly role?: string | null | undefined }
  | { readonly type: "remove_collaborator"; readonly project: string; readonly user: string }
  | { readonly type: "set_collaborator_role"; readonly project: string; readonly user: string; readonly role: string }
  | {
      readonly type: "create_api_key";
      readonly project: string;
      readonly key: string;
      /** `sha256:` and 64 hexadecimal digits, never the secret. */
      readonly digest: string;
      readonly name?: string | null | undefined;
      readonly expires_at?: DocumentInstant | null | undefined;
    }
  | { readonly type: "revoke_api_key"; readonly key: string }
  | { readonly type: "expire_api_key"; readonly key: string; readonly expires_at: DocumentInstant }
  | { readonly type: "regenerate_default_key"; readonly organization: string; readonly digest: string }
  | {
      readonly type: "add_resource";
      readonly project: string;
      readonly resource: string;
      readonly kind: string;
      readonly name?: string | null | undefined;
    }
  | { readonly type: "remove_resource"; readonly resource: Reference };

/** What would follow from a change. */
export interface Preview {
  /** The revision that it would lead to. */
  revision: number;
  /** Who would no longer reach which project. */
  projects_lost: { principal: string; project: string }[];
  /** API keys that a removed user made, and that stay alive. */
  live_api_keys: string[];
  /** Principals whose usage would be booked to another organization or project. */
  booked_elsewhere: string[];
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
  readonly principal: Reference;
}

/** On which resources may a principal do an action? */
export interface ResourcesRequest extends PageRequest {
  readonly principal: Reference;
  readonly action: string;
  readonly kind?: string | null | undefined;
  /** The id of a project. */
  readonly project?: string | null | undefined;
  readonly surface?: string | null | undefined;
}

/** Who may do an action on a resource? */
export interface PrincipalsRequest extends PageRequest {
  readonly action: string;
  readonly resource: Reference;
  readonly surface?: string | null | undefined;
}

/** What may a principal do to a resource? */
export interface ActionsRequest {
  readonly principal: Reference;
  readonly resource: Reference;
  readonly surface?: string | null | undefined;
  readonly at?: InstantInput | null | undefined;
}

/** One page of a listing. */
export interface Page {
  /** In byte order. */
  items: string[];
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

/** An answer to a question of access. */
export interface Decision {
  allowed: boolean;
  /** The first rule that applied. */
  reason: Reason;
  /** The role that counted. */
  role: string | null;
  /** The organization and project of the resource, as soon as it is known. */
  organization: string | null;
  project: string | null;
  caveats: Caveat[];
  /** The policy and the revision of the directory that answered. */
  policy: string;
  revision: number;
}

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
  /** Where it was meant to go. */
  intended_organization: string;
  intended_project: string;
  /** Whether both are the same. */
  matches_intended: boolean;
  certainty: Certainty;
  /** The rule that applied. */
  reason: AttributionReason;
  /** The id of the API key, where the kind reports usage by key. */
  api_key: string | null;
  /** What gets such usage booked to the intended organization, and to the intended project where the kind is supported on the api surface. */
  remedies: Remedy[];
  /** What to know about it. */
  caveats: UsageCaveat[];
  /** The policy and the revision of the directory that answered. */
  policy: string;
  revision: number;
}

/** A row of a batch that cannot be attributed: the reason is what is wrong with it. */
export interface Unattributed {
  organization: null;
  project: null;
  /** Where it was meant to go, as far as key, resource and project are known and do not disagree. */
  intended_organization: string | null;
  intended_project: string | null;
  matches_intended: false;
  certainty: null;
  reason: ErrorCode;
  api_key: null;
  remedies: [];
  caveats: [];
  policy: string;
  revision: number;
}

/** The answers to a batch of usage, row for row. */
export type AttributionRows = (Attribution | Unattributed)[] & {
  /** How many rows could not be attributed. Not enumerable. */
  readonly unattributed: number;
};

/** Organizations, users, projects, collaborators, API keys and resources at one revision. */
export interface DirectoryDocument {
  readonly format: "bailiwick/1";
  readonly revision?: number | undefined;
  readonly issued_at?: DocumentInstant | null | undefined;
  readonly max_age_seconds?: number | null | undefined;
  /** The id of a built-in policy, or a policy. */
  readonly policy?: string | PolicyDocument | undefined;
  /** Only for users who are members of no organization here. */
  readonly users?: readonly UserEntry[] | undefined;
  readonly organizations: readonly OrganizationEntry[];
}

export interface UserEntry {
  readonly id: string;
  readonly email?: string | null | undefined;
  /** The home organization, which may lie outside this directory. */
  readonly organization?: string | null | undefined;
}

export interface OrganizationEntry {
  readonly id: string;
  readonly name?: string | null | undefined;
  /** A member with the strongest organization role. */
  readonly owner: string;
  readonly membership?: "invitation" | "sso" | undefined;
  readonly multi_project?: boolean | undefined;
  readonly projects_since?: DocumentInstant | null | undefined;
  readonly members: readonly RoleEntry[];
  readonly projects: readonly ProjectEntry[];
}

/** A user's role in an organization or a project. */
export interface RoleEntry {
  readonly user: string;
  readonly role: string;
}

export interface ProjectEntry {
  readonly id: string;
  readonly name?: string | null | undefined;
  /** True for exactly one project of an organization. */
  readonly default?: boolean | undefined;
  readonly allow_external_collaborators?: boolean | undefined;
  readonly collaborators?: readonly RoleEntry[] | undefined;
  readonly api_keys?: readonly ApiKeyEntry[] | undefined;
  readonly resources?: readonly ResourceEntry[] | undefined;
}

export interface ApiKeyEntry {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly created_by?: string | null | undefined;
  readonly created_at?: DocumentInstant | null | undefined;
  readonly expires_at?: DocumentInstant | null | undefined;
  readonly revoked_at?: DocumentInstant | null | undefined;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string | null | undefined;
  readonly kind?: "project" | "organization_default" | undefined;
}

export interface ResourceEntry {
  readonly id: string;
  readonly kind: string;
  readonly name?: string | null | undefined;
  readonly created_by?: string | null | undefined;
  readonly created_at?: DocumentInstant | null | undefined;
}

/** Roles, permissions, kinds and their support: every name in it is the policy's own. */
export interface PolicyDocument {
  readonly format: "bailiwick-policy/1";
  readonly id: string;
  readonly surfaces: readonly { readonly surface: string; readonly books_to_default_project?: boolean | undefined }[];
  readonly default_surfaces: { readonly user: string; readonly api_key: string };
  /** Strongest first. `project_role` is the role that this one implies in every project. */
  readonly organization_roles: readonly { readonly role: string; readonly project_role?: string | null | undefined }[];
  /** Strongest first. */
  readonly project_roles: readonly string[];
  /** The role of every member in the default project. */
  readonly default_project_role?: string | null | undefined;
  /** The role of a new collaborator. */
  readonly collaborator_role: string;
  /** What users may do with their own profile. */
  readonly self_actions?: readonly string[] | undefined;
  readonly organization_actions?: readonly {
    readonly action: string;
    readonly roles?: readonly string[] | undefined;
    readonly external?: boolean | undefined;
    readonly owner?: boolean | undefined;
  }[] | undefined;
  readonly project_actions?: readonly {
    readonly action: string;
    readonly roles?: readonly string[] | undefined;
    readonly api_key?: boolean | undefined;
  }[] | undefined;
  /** The kind that API keys are. */
  readonly api_key_kind?: string | null | undefined;
  /** The verb that applies to a project alone. */
  readonly create_verb?: string | null | undefined;
  /** The action that an actor needs for a change; a verb of the resource's kind for `add_resource` and `remove_resource`. */
  readonly changes?: Readonly<Partial<Record<ChangeType, string | undefined>>> | undefined;
  readonly kinds?: readonly KindEntry[] | undefined;
}

export interface KindEntry {
  readonly kind: string;
  readonly label?: string | null | undefined;
  readonly usage_by_api_key?: boolean | undefined;
  /** By surface; a surface that is not named is unsupported. */
  readonly support?: Readonly<Record<string, "supported" | "unsupported" | "not_applicable" | undefined>> | undefined;
  readonly verbs?: readonly { readonly roles: readonly string[]; readonly verbs: readonly string[] }[] | undefined;
  readonly api_key_verbs?: readonly string[] | undefined;
}
