import type { Change } from "./changes.js";
import type { FindingCode, Remedy, ReviewSource, Rule, Severity } from "./codes.js";
import type { PolicyRenames } from "./platform_changes.js";
import type { Attribution, Decision, InstantInput, ReferenceText } from "./types.js";

/** Why a decision is what it is. For administrators: it names rows, people and permissions that the one who asks may not know of. */
export interface Explanation {
  /** The decision, as `checkAccess` gives it. */
  decision: Decision;
  /** The rule that decided. */
  rule: Rule;
  /** The rule in words, about this question. The words can change between releases. */
  sentence: string;
  /** The rows that the rule looked at, or looked for. */
  facts: Fact[];
  /** Of a denial, the single changes that would allow it, weakest role first, switches and wider grants last. Each has been tried. */
  would_allow: Suggestion[];
}

/** A row that was looked at, or looked for: what it is, its ids, and whether it is there. A row that has ended counts as not there. */
export interface Fact {
  /** What the row is, such as `member`, `collaborator` or `project_role_action`. */
  fact: string;
  /** Whether it is there. */
  present: boolean;
  /** The ids of the row, by what they name: `organization`, `project`, `user`, `group`, `key`, `resource`, `role`, `action` and others. */
  [id: string]: string | boolean;
}

/** A change that would allow what is denied. */
export interface Suggestion {
  /** The change, as `apply` takes it. */
  change: Change;
  /** Those who may make it, at most ten, in byte order. The platform may make every change but `join_project`. */
  by: ReferenceText[];
}

/** Why usage is booked where it is. */
export interface UsageExplanation {
  /** The attribution, as `attribute` gives it. */
  attribution: Attribution;
  /** The rule that booked. */
  rule: Rule;
  /** The rule in words, about this usage. The words can change between releases. */
  sentence: string;
  /** The rows that the rule looked at, or looked for. */
  facts: Fact[];
  /** What each remedy of the attribution would lead to. Each has been tried. */
  remedies: RemedyOutcome[];
}

/** Where the usage would be booked after a remedy. */
export interface RemedyOutcome {
  /** The remedy. */
  remedy: Remedy;
  /** The organization; null if the remedy cannot be applied, or nothing is known of the organization. */
  organization: string | null;
  /** The project; null likewise. */
  project: string | null;
  /** Whether that is where it was intended. */
  matches_intended: boolean;
}

/** What `impact` is asked. */
export interface ImpactOptions {
  /** The instant; now by default. */
  readonly at?: InstantInput | null | undefined;
  /** The most rows of a page, of access and bookings together. Without it, all rows: at most a million. With 0, none. */
  readonly limit?: number | null | undefined;
  /** The `next_cursor` of the page before. */
  readonly cursor?: string | null | undefined;
}

/** What differs between two states, for every principal. */
export interface Impact {
  /** What principals may do afterwards and not before, and the reverse, in byte order of principal and object. */
  access: AccessImpact[];
  /** The usage that is booked elsewhere, in byte order of principal, project and places. */
  bookings: BookingImpact[];
  /** How much differs in all, whatever the page. */
  counts: ImpactCounts;
  /** Whether anything is gained. */
  widens: boolean;
  /** The cursor of the next page; null on the last page. */
  next_cursor: string | null;
}

/** What a principal gains and loses on an object, on the principal's default surface. */
export interface AccessImpact {
  /** The principal. */
  principal: ReferenceText;
  /** An organization, a project, or an organization default key. */
  on: ReferenceText;
  /** The actions that are allowed afterwards and not before, in byte order. */
  gained: string[];
  /** The actions that are allowed before and not afterwards, in byte order. */
  lost: string[];
}

/** Usage of a principal in a project that is booked elsewhere afterwards. */
export interface BookingImpact {
  /** The principal. */
  principal: ReferenceText;
  /** The id of the project. */
  project: string;
  /** Where the usage is booked before. */
  before: BookedAt;
  /** Where it is booked afterwards. */
  after: BookedAt;
  /** `kind@surface`, in byte order. */
  usage: string[];
}

/** Where usage is booked. */
export interface BookedAt {
  /** The id of the organization; null if nothing is known of it. */
  organization: string | null;
  /** The id of the project; null likewise. */
  project: string | null;
}

/** How much differs in all. */
export interface ImpactCounts {
  /** The principals that have a row. */
  principals: number;
  /** The actions that are gained, on each object and by each principal. */
  gained: number;
  /** The actions that are lost, likewise. */
  lost: number;
  /** The usages that are booked elsewhere, in each row. */
  bookings: number;
}

/** What `review` is asked. */
export interface ReviewOptions {
  /** Only what is in this organization; everything by default. */
  readonly organization?: string | null | undefined;
  /** The instant; now by default. */
  readonly at?: InstantInput | null | undefined;
}

/** One source that gives a principal something in an organization or a project, or would give it. */
export interface ReviewRow {
  /** The principal. */
  principal: ReferenceText;
  /** The id of the organization. */
  organization: string;
  /** The id of the project; null in the organization itself. */
  project: string | null;
  /** The role that the source gives; null for API keys, and for external collaborators in the organization itself. */
  role: string | null;
  /** Why the principal has it. */
  source: ReviewSource;
  /** The group whose row it is, or the user that an API key acts as. */
  via: ReferenceText | null;
  /** Since when (RFC 3339); null if the directory does not say. */
  added_at: string | null;
  /** Until when, likewise. */
  expires_at: string | null;
  /** Whether this source allows the principal anything there at the instant. */
  effective: boolean;
  /** The scopes of an API key, in byte order; null if it has no limits, and for users. */
  scopes: string[] | null;
}

/** What `findings` is asked. */
export interface FindingsOptions {
  /** The instant; now by default. */
  readonly at?: InstantInput | null | undefined;
}

/** What is risky or useless, and the changes that mend it. */
export interface Finding {
  /** What is the matter. */
  finding: FindingCode;
  /** How much it matters. */
  severity: Severity;
  /** What it is about. */
  subject: ReferenceText;
  /** Where. */
  on: ReferenceText | null;
  /** The finding in words. They can change between releases. */
  sentence: string;
  /** The changes that mend it, for `applyMany`. They have been tried on a copy. Empty if no change mends it by itself. */
  fix: Change[];
}

/** Options of `withPolicy`. */
export interface WithPolicyOptions {
  /** Names of the policy in force that the new one spells differently, each from the old name to the new one. */
  readonly renames?: PolicyRenames | null | undefined;
}

/** What a policy gives to nobody, and how it books. The lists of names are in byte order. */
export interface PolicyAnalysis {
  /** The id of the policy. */
  policy: string;
  /** The actions that nobody has. */
  actions_nobody_has: string[];
  /** The kinds of which nobody can create anything. */
  kinds_nobody_can_create: string[];
  /** The permissions to make changes that nobody has: only the platform can make these changes. */
  changes_nobody_can_make: string[];
  /** The scopes that permit an API key nothing. */
  scopes_without_actions: string[];
  /** Roles that give the same. */
  roles_without_difference: SameRoles[];
  /** The actions on kinds that API keys have, and no user. */
  verbs_only_keys_have: string[];
  /** The rule that books each usage. */
  bookings: BookingRules[];
  /** Whether every usage is booked by exactly one of the rules B1 to B6. */
  is_complete: boolean;
}

/** Roles that give the same. */
export interface SameRoles {
  /** The table of the policy. */
  table: "organization_roles" | "project_roles";
  /** The roles, strongest first. */
  roles: string[];
}

/** The rules by which usage of one kind on one surface is booked, by who uses it; null if there is none. */
export interface BookingRules {
  /** The kind. */
  kind: string;
  /** The surface. */
  surface: string;
  /** Whether the organization has projects yet. */
  state: "before_projects" | "with_projects";
  /** For a member of the organization. */
  member: Rule | null;
  /** For an external collaborator. */
  external: Rule | null;
  /** For an API key that a member stands behind. */
  key: Rule | null;
  /** For an API key that an external collaborator stands behind. */
  key_of_external: Rule | null;
}
