import type { Rule } from "./codes.js";
import type { Change } from "./changes.js";
import type { Attribution, Decision, ReferenceText, Remedy } from "./types.js";

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
