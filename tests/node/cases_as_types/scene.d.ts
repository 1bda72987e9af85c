// What the written calls act on, and the types of what they answer: the methods' own, so that a method with a wrong type is found, too.
import type { analysePolicy, Bailiwick, BailiwickError, builtInPolicy } from "bailiwick";

export declare const guard: Bailiwick;

// Messages are not contract, so cases leave them out.
type LeftOut = Omit<Bailiwick["quarantined"][number], "message">;

export interface Answer {
  load: { revision: Bailiwick["revision"]; policy: Bailiwick["policy"]; issued_at: Bailiwick["issuedAt"]; quarantined?: LeftOut[] };
  to_directory: ReturnType<Bailiwick["toDirectory"]>;
  check_access: ReturnType<Bailiwick["checkAccess"]>;
  is_allowed: ReturnType<Bailiwick["isAllowed"]>;
  check_many: ReturnType<Bailiwick["checkMany"]>;
  attribute: ReturnType<Bailiwick["attribute"]>;
  /** The rows alone: JSON does not show the count beside them. */
  attribute_many: ReturnType<Bailiwick["attributeMany"]>[number][];
  list_projects: ReturnType<Bailiwick["listProjects"]>;
  list_resources: ReturnType<Bailiwick["listResources"]>;
  list_principals: ReturnType<Bailiwick["listPrincipals"]>;
  list_actions: ReturnType<Bailiwick["listActions"]>;
  explain: ReturnType<Bailiwick["explain"]>;
  explain_usage: ReturnType<Bailiwick["explainUsage"]>;
  impact: ReturnType<Bailiwick["impact"]>;
  review: ReturnType<Bailiwick["review"]>;
  findings: ReturnType<Bailiwick["findings"]>;
  with_policy: Pick<ReturnType<Bailiwick["withPolicy"]>, "policy" | "revision" | "state">;
  policy_document: Bailiwick["policyDocument"];
  built_in_policy: ReturnType<typeof builtInPolicy>;
  analyse_policy: ReturnType<typeof analysePolicy>;
  is_stale: ReturnType<Bailiwick["isStale"]>;
  authenticate: ReturnType<Bailiwick["authenticate"]>;
  authenticate_digest: ReturnType<Bailiwick["authenticateDigest"]>;
  apply: { revision: ReturnType<Bailiwick["apply"]> };
  apply_many: { revision: ReturnType<Bailiwick["applyMany"]> };
  preview: ReturnType<Bailiwick["preview"]>;
  /** The number of changes: which ones they are is the engine's choice. */
  reconcile: { revision: ReturnType<Bailiwick["reconcile"]>["revision"]; changes: number; quarantined?: LeftOut[] };
  apply_delta: { revision: ReturnType<Bailiwick["applyDelta"]> };
  from_snapshot: Answer["load"];
  error: Pick<BailiwickError, "code" | "path" | "decision">;
}
