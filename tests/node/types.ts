// The published types: what must compile, and what must not.
import { analysePolicy, Bailiwick, BailiwickError, builtInPolicy, findFaults, isBailiwickError, newApiKey, publicKeyOf, version } from "bailiwick";
import type {
  ActorChange, AllowReason, AlteredEntry, AlteredEntryOf, ApiKeyEntry, ApiKeySecret, ApplyDeltaOptions, AuthenticatedKey, Certainties, Change, ChangeOptions, ChangeType, CollaboratorEntry, Decision, DeltaOptions, DenyReason, EntryTable, FromSnapshotOptions, Page, PlatformChange, Reconciliation,
  Explanation, Fact, Fault, Finding, Impact, PolicyAnalysis, RemedyOutcome, ReviewRow, Rule, UsageExplanation,
  DirectoryDocument, OrganizationEntry, PolicyDocument, Preview, Reason, Reference, SnapshotOptions,
} from "bailiwick";

const guard: Bailiwick = Bailiwick.fromDirectory('{"format":"bailiwick/1","organizations":[]}', { policy: "projects-2026-02" });
const decision = guard.checkAccess({ principal: "user:a", action: "file.read", resource: { type: "project", id: "p" }, at: new Date(0), min_revision: 1 });
const allowed: boolean = decision.allowed;
const role: string | null = decision.role;
if (decision.reason === "project_role" && decision.caveats.includes("not_project_aware")) console.log(allowed, role);
const one: boolean = guard.isAllowed("user:a", "file.read", "project:p", 0);
const same: boolean = guard.isAllowed({ principal: "user:a", action: "file.read", resource: "project:p" });
const rows = guard.attributeMany([{ principal: "user:a", kind: "file", project: "p", surface: "api" }]);
const count: number = rows.unattributed;
const certainty: "certain" | "possible" | null = rows[0]?.certainty ?? null;
const issuedAt: string | null = guard.issuedAt;
const revision: number = guard.revision;
const text: string = version + guard.policy;
try {
  Bailiwick.fromDirectory(guard.toDirectory());
} catch (error) {
  if (isBailiwickError(error) && error.code === "duplicate_id") console.log(error.path satisfies string | null);
  if (error instanceof BailiwickError) console.log(error.code, one, same, count, certainty, issuedAt, revision, text);
}

// @ts-expect-error a request needs a resource
guard.checkAccess({ principal: "user:a", action: "file.read" });
// @ts-expect-error there is no such field
guard.checkAccess({ principal: "user:a", action: "file.read", resource: "project:p", resuorce: "x" });
// @ts-expect-error a surface is text
guard.attribute({ principal: "user:a", kind: "file", surface: 5 });
// @ts-expect-error a reason is one of the core's words
if (decision.reason === "because") console.log();
// @ts-expect-error an error code is one of the core's words
if (new BailiwickError("no_such_code", "", "") !== undefined) console.log();

// Changes.
const digest = `sha256:${"0".repeat(64)}`;
const changes: Record<ChangeType, Change> = {
  add_member: { type: "add_member", organization: "o", user: "u", email: null, role: "member", expires_at: "2027-01-01T00:00:00Z" },
  remove_member: { type: "remove_member", organization: "o", user: "u" },
  set_member_role: { type: "set_member_role", organization: "o", user: "u", role: "admin", expires_at: null },
  create_project: { type: "create_project", organization: "o", project: "p", name: "P" },
  set_external_collaborators: { type: "set_external_collaborators", project: "p", allowed: true },
  add_collaborator: { type: "add_collaborator", project: "p", user: "u", role: null },
  remove_collaborator: { type: "remove_collaborator", project: "p", group: "g" },
  set_collaborator_role: { type: "set_collaborator_role", project: "p", user: "u", role: "member", expires_at: new Date(0) },
  create_api_key: { type: "create_api_key", project: "p", key: "k", digest, name: null, expires_at: new Date(0), scopes: [], acts_as: "u", projects: "all" },
  revoke_api_key: { type: "revoke_api_key", key: "k" },
  expire_api_key: { type: "expire_api_key", key: "k", expires_at: "2027-01-01T00:00:00Z" },
  regenerate_default_key: { type: "regenerate_default_key", organization: "o", digest },
  add_resource: { type: "add_resource", project: "p", resource: "f", kind: "file", name: "F" },
  remove_resource: { type: "remove_resource", resource: { type: "file", id: "f" } },
  transfer_ownership: { type: "transfer_ownership", organization: "o", user: "u" },
  update_organization: { type: "update_organization", organization: "o", name: null, membership: "sso", multi_project: false, projects_since: null, suspended_at: null },
  remove_organization: { type: "remove_organization", organization: "o" },
  update_project: { type: "update_project", project: "p", name: "P", suspended_at: null, allow_external_collaborators: true, visibility: "open" },
  remove_project: { type: "remove_project", project: "p" },
  set_visibility: { type: "set_visibility", project: "p", visibility: "open" },
  move_resource: { type: "move_resource", resource: "file:f", project: "p" },
  update_resource: { type: "update_resource", resource: "file:f", name: null },
  suspend: { type: "suspend", organization: "o", user: "u" },
  resume: { type: "resume", project: "p" },
  join_project: { type: "join_project", project: "p" },
  leave_project: { type: "leave_project", project: "p" },
  add_group: { type: "add_group", organization: "o", group: "g", name: "G" },
  remove_group: { type: "remove_group", group: "g" },
  add_group_member: { type: "add_group_member", group: "g", user: "u", expires_at: null },
  remove_group_member: { type: "remove_group_member", group: "g", user: "u" },
  update_api_key: { type: "update_api_key", key: "k", name: null, scopes: null, acts_as: null, projects: ["q"] },
  remove_api_key: { type: "remove_api_key", key: "k" },
  put_organization: { type: "put_organization", organization: { id: "o", owner: "a", members: [{ user: "a", role: "admin" }], projects: [{ id: "p", default: true }] } },
  put_project: { type: "put_project", organization: "o", project: { id: "p", resources: [{ id: "f", kind: "file" }] } },
  put_user: { type: "put_user", user: { id: "u", email: "u@o.test", suspended_at: new Date(0) } },
  put_member: { type: "put_member", organization: "o", member: { user: "u", role: "member", added_at: "2026-01-01T00:00:00Z" } },
  put_group: { type: "put_group", organization: "o", group: { id: "g", members: [{ user: "u" }] } },
  put_collaborator: { type: "put_collaborator", project: "p", collaborator: { group: "g", role: "member" } },
  put_api_key: { type: "put_api_key", project: "p", api_key: { id: "k", digest, projects: "all" } },
  put_resource: { type: "put_resource", project: "p", resource: { id: "f", kind: "file" } },
  drop_member: { type: "drop_member", organization: "o", user: "u" },
  remove_user: { type: "remove_user", user: "u" },
  set_default_project: { type: "set_default_project", project: "p" },
  move_project: { type: "move_project", project: "p", organization: "o" },
  set_policy: { type: "set_policy", policy: "projects-2026-09", renames: { project_roles: { member: "editor" }, kinds: undefined } },
};
// The types and the core's list of types have the same words.
const everyType: ChangeType[] = [] as Change["type"][];
const mine: ActorChange = { type: "suspend", project: "p" };
const theirs: PlatformChange["type"][] = ["put_organization", "set_policy"];
const terms: ChangeOptions = { actor: { type: "user", id: "a" }, at: 0, expectedRevision: null };
const next: number = guard.apply(changes.add_member, terms) + guard.apply({ type: "add_collaborator", project: "p", user: "u" });
guard.apply(changes.remove_resource, { at: undefined, expectedRevision: undefined });
const many: number = guard.applyMany([changes.add_group, changes.add_group_member], { ...terms, expectedRevision: 3 }) + guard.applyMany([]);
// @ts-expect-error an actor that is named is somebody
guard.apply(changes.remove_resource, { actor: undefined });
// @ts-expect-error an actor that is named is somebody
guard.applyMany([changes.remove_resource], { actor: null });
// @ts-expect-error one change is no list
guard.applyMany(changes.remove_resource);
// @ts-expect-error a generator is no list
guard.applyMany((function* () { yield changes.remove_resource; })());
// @ts-expect-error each is a change
guard.applyMany([changes.remove_resource, { type: "remove_group" }]);
// @ts-expect-error one key or several
Bailiwick.fromSnapshot(new Uint8Array(8), { publicKey: new Uint8Array(32), publicKeys: [] });
const preview: Preview = guard.preview({ type: "remove_resource", resource: "file:f" }, { at: new Date(0) });
const lost: { principal: string; project: string } | undefined = guard.preview([changes.add_group, changes.remove_group]).projects_lost[0];
const access: { principal: string; on: string; actions: string[] }[] = [...preview.gained, ...preview.lost];

// Rows are told apart by their table.
const isOf = <T extends EntryTable>(row: AlteredEntry, table: T): row is AlteredEntryOf<T> => row.entry.table === table;
for (const row of preview.rows) {
  if (isOf(row, "members")) console.log(row.entry.organization, row.entry.user, row.before?.role ?? null, row.after?.organization);
  if (isOf(row, "collaborators") && "group" in row.entry) console.log(row.entry.group, row.after?.project);
  if (isOf(row, "api_keys")) console.log(row.after?.in_project, row.after?.projects);
  // @ts-expect-error members have no kind
  if (isOf(row, "members")) console.log(row.entry.kind);
  // @ts-expect-error there is no such table
  if (isOf(row, "owners")) console.log(row);
  // @ts-expect-error an entry that is new was nothing before
  if (isOf(row, "resources")) console.log(row.before.kind);
}

// A document.
const reconciled: Reconciliation = guard.reconcile(guard.toDirectory(), { dryRun: true, quarantine: false });
guard.reconcile('{"format":"bailiwick/1","organizations":[]}');
guard.reconcile(new Uint8Array(8), { dryRun: undefined });
guard.applyMany(reconciled.changes) satisfies number;
const state: string = guard.state;
guard.toSnapshot({ organizations: ["o"], digests: false });
// @ts-expect-error options are spelt as in JavaScript
guard.reconcile(guard.toDirectory(), { dry_run: true });
// @ts-expect-error dry or not
guard.reconcile(guard.toDirectory(), { dryRun: null });
// @ts-expect-error a state is read
guard.state = state;
// @ts-expect-error organizations are named by their ids
guard.toSnapshot({ organizations: [{ id: "o" }] });
// @ts-expect-error a user or a group
guard.apply({ type: "add_collaborator", project: "p", user: "u", group: "g" });
// @ts-expect-error of one of them
guard.apply({ type: "remove_collaborator", project: "p" });
// @ts-expect-error a project is not of a user
guard.apply({ type: "suspend", project: "p", user: "u" });
// @ts-expect-error somebody or something
guard.apply({ type: "resume" });
// @ts-expect-error a flag cannot be cleared
guard.apply({ type: "update_organization", organization: "o", multi_project: null });
// @ts-expect-error an entry is put as a document has it
guard.apply({ type: "put_member", organization: "o", member: { user: "u", role: "member", kind: "x" } });
// @ts-expect-error no policy has such names
guard.apply({ type: "set_policy", policy: "projects-2026-09", renames: { surfaces: {} } });
// @ts-expect-error a policy names no change of the platform
const platformOnly: PolicyDocument["changes"] = { put_member: "members.invite" };
// @ts-expect-error nor suspensions as such
const suspensions: PolicyDocument["changes"] = { suspend: "members.invite" };
const suspending: PolicyDocument["changes"] = { suspend_member: "members.invite", update_resource: "update", remove_api_key: "api_key.revoke" };
const texts: string[] = [...preview.live_api_keys, ...preview.booked_elsewhere];

// Listings.
const pages: Page[] = [
  guard.listProjects({ principal: "user:a", limit: 10, cursor: null, at: 0 }),
  guard.listProjects({ principal: "user:a", action: "project_settings.read" }),
  guard.listResources({ principal: "user:a", action: "file.read", kind: "file", project: null, surface: undefined, limit: null }),
  guard.listPrincipals({ action: "file.read", resource: { type: "project", id: "p" }, surface: "api" }),
  guard.listActions({ principal: "user:a", resource: "project:p", at: "2026-02-01T00:00:00Z" }),
];
let cursor: string | null = null;
do {
  const page: Page = guard.listProjects({ principal: "user:a", limit: 1, cursor });
  cursor = page.next_cursor;
  texts.push(...page.items);
} while (cursor !== null);

// Keys.
const made: ApiKeySecret = newApiKey({ prefix: "acme" });
const unnamed: string = newApiKey().secret + newApiKey({ prefix: null }).digest;
const key: AuthenticatedKey | null = guard.authenticate(made.secret);
if (key !== null) guard.isAllowed(key, "file.read", "project:p") satisfies boolean;

// Snapshots and deltas.
const signingKey = new Uint8Array(32);
const publicKey: Uint8Array = publicKeyOf(signingKey);
const seal: DeltaOptions = { signingKey: signingKey.buffer, issuedAt: new Date(0), maxAgeSeconds: 60 };
const whole: SnapshotOptions = { ...seal, digests: false };
const snapshot: Uint8Array = guard.toSnapshot(whole);
guard.toSnapshot({ signingKey: undefined, issuedAt: null });
const trusted: FromSnapshotOptions & ApplyDeltaOptions = { publicKey };
const edge: Bailiwick = Bailiwick.fromSnapshot(snapshot.buffer as ArrayBuffer, trusted);
const reached: number = edge.applyDelta(guard.toDelta(0, seal), trusted) + edge.applyDelta(guard.toDelta(1));
Bailiwick.fromSnapshot(snapshot);
Bailiwick.fromSnapshot(snapshot, {});

// What a change needs is data of the policy, by type of change.
const needs: NonNullable<PolicyDocument["changes"]> = { add_member: "members.invite", set_visibility: "project_visibility.write" };

// Groups, ends, suspensions, visibilities, limits of keys.
const entries: Pick<OrganizationEntry, "members" | "groups" | "projects"> = {
  members: [{ user: "a", role: "admin" }, { user: "b", role: "member", added_at: "2026-01-01T00:00:00Z", expires_at: new Date(0), suspended_at: null }],
  groups: [{ id: "g", name: "G", members: [{ user: "b", expires_at: null }] }],
  projects: [{
    id: "p", default: true, visibility: "open", suspended_at: null,
    collaborators: [{ group: "g", role: "editor", expires_at: new Date(0) }, { user: "b", role: "editor" }],
    api_keys: [{ id: "k", scopes: [], acts_as: "b", projects: "all" }, { id: "l", scopes: null, acts_as: null, projects: ["q"] }],
  }],
};
const directory: DirectoryDocument = {
  format: "bailiwick/1", policy: "projects-2026-09",
  users: [{ id: "c", organization: "elsewhere", suspended_at: new Date(0) }],
  organizations: [{ id: "o", owner: "a", suspended_at: null, ...entries }],
};
Bailiwick.fromDirectory(directory);
// @ts-expect-error a row is of a user or of a group
const both: CollaboratorEntry = { user: "b", group: "g", role: "editor" };
// @ts-expect-error of one of them
const neither: CollaboratorEntry = { role: "editor" };
// @ts-expect-error the only word for projects
const word: ApiKeyEntry = { id: "k", projects: "any" };
const combined: Partial<PolicyDocument> = {
  role_combination: "most_specific", multiple_organizations: true, default_key_owner_only: false,
  default_project_role: { admin: "admin", member: "editor" },
  visibilities: [{ visibility: "private", implied_roles: false, actions: [{ roles: ["admin"], actions: ["project.discover"] }], join: { admin: "admin" } }],
  api_key_scopes: [{ scope: "read_only", verbs: ["read"] }, { scope: "files", kinds: ["file"], actions: [] }],
  suspended_actions: { principal: [], scope: ["file.read"] },
  organization_actions: [{ action: "costs.read", api_key: true }],
  project_actions: [{ action: "costs", external: false }],
};
// @ts-expect-error an action of the owner is none of keys
const owned: Partial<PolicyDocument> = { organization_actions: [{ action: "costs.read", owner: true, api_key: true }] };
// @ts-expect-error there is no such combination
const weakest: Partial<PolicyDocument> = { role_combination: "weakest" };

try {
  guard.apply(changes.add_member, { actor: "user:a" });
} catch (error) {
  if (isBailiwickError(error) && error.code === "forbidden") {
    const why: Decision | undefined = error.decision;
    console.log(why?.reason, next, lost, texts, pages, unnamed, reached, needs, both, neither, word, combined, weakest, owned, many, access, everyType, mine, theirs, platformOnly, suspensions, suspending);
    // @ts-expect-error only a forbidden change has one
    console.log(error.decision.reason);
  }
}

// @ts-expect-error a change has a type
guard.apply({ organization: "o", user: "u" });
// @ts-expect-error there is no such type
guard.apply({ type: "paint", project: "p" });
// @ts-expect-error the type needs a user
guard.apply({ type: "add_member", organization: "o" });
// @ts-expect-error the type has no such field
guard.apply({ type: "remove_member", organization: "o", user: "u", role: "member" });
// @ts-expect-error a required field is not null
guard.apply({ type: "set_collaborator_role", project: "p", user: "u", role: null });
// @ts-expect-error a boolean is a boolean
guard.apply({ type: "set_external_collaborators", project: "p", allowed: "false" });
// @ts-expect-error an end is no number
guard.apply({ type: "expire_api_key", key: "k", expires_at: 0 });
// An end can be taken away, but not left out.
guard.apply({ type: "expire_api_key", key: "k", expires_at: null });
// @ts-expect-error an end is said, if only as null
guard.apply({ type: "expire_api_key", key: "k" });
// @ts-expect-error fields hold ids, not references
guard.apply({ type: "remove_collaborator", project: "p", user: { type: "user", id: "u" } });
// @ts-expect-error options are spelled as JavaScript does
guard.apply(changes.add_member, { expected_revision: 1 });
// @ts-expect-error the actor is an option, not an argument
guard.apply(changes.add_member, "user:a");
// @ts-expect-error there is no such option
guard.preview(changes.add_member, { acotr: "user:a" });
// @ts-expect-error a revision is a number
guard.apply(changes.add_member, { expectedRevision: "1" });
// @ts-expect-error a preview changes nothing and is no number
guard.preview(changes.add_member).toFixed();
// @ts-expect-error a listing of resources needs an action
guard.listResources({ principal: "user:a" });
// @ts-expect-error a listing of principals is not of one
guard.listPrincipals({ action: "file.read", resource: "project:p", principal: "user:a" });
// @ts-expect-error all actions are one page
guard.listActions({ principal: "user:a", resource: "project:p", limit: 1 });
// @ts-expect-error a project is an id
guard.listResources({ principal: "user:a", action: "file.read", project: { type: "project", id: "p" } });
// @ts-expect-error a limit is a number
guard.listProjects({ principal: "user:a", limit: "10" });
// @ts-expect-error the last page has no cursor
pages[0]!.next_cursor.length;
// @ts-expect-error a secret is text
guard.authenticate(signingKey);
// @ts-expect-error nobody may have it
guard.authenticate("secret").id;
// @ts-expect-error there is no such option
newApiKey({ prefx: "acme" });
// @ts-expect-error a key is bytes
guard.toSnapshot({ signingKey: "0".repeat(64) });
// @ts-expect-error a key is no list of numbers
publicKeyOf([0, 1, 2]);
// @ts-expect-error the engine makes signatures with the signing key
guard.toSnapshot({ publicKey });
// @ts-expect-error a delta has the digests of what has changed
guard.toDelta(0, { digests: false });
// @ts-expect-error a delta begins somewhere
guard.toDelta();
// @ts-expect-error a snapshot is bytes
Bailiwick.fromSnapshot("snapshot");
// @ts-expect-error a public key that is named has to be there
Bailiwick.fromSnapshot(snapshot, { publicKey: undefined });
// @ts-expect-error a public key that is named has to be there
Bailiwick.fromSnapshot(snapshot, { publicKey: null });
// @ts-expect-error a public key that is named has to be there
guard.applyDelta(snapshot, { publicKey: undefined });
// @ts-expect-error a misspelt key would verify nothing
Bailiwick.fromSnapshot(snapshot, { publickey: publicKey });
// @ts-expect-error only a type of change needs an action
const none: PolicyDocument["changes"] = { paint: "members.invite" };
console.log(none);

declare const console: { log(...values: unknown[]): void };

// `allowed` tells which reasons there are.
const verdict: Decision = decision.allowed ? decision : { ...decision, reason: decision.reason };
if (verdict.allowed) {
  const why: AllowReason = verdict.reason;
  // @ts-expect-error what denies does not allow
  const whyNot: DenyReason = verdict.reason;
  console.log(why, whyNot);
} else {
  switch (verdict.reason) {
    case "key_revoked":
      break;
    // @ts-expect-error an owner is not denied for being one
    case "owner":
      break;
  }
}
const either: Reason = verdict.reason;
// @ts-expect-error nobody is allowed for a reason to deny
const contradiction: Decision = { allowed: true, reason: "key_revoked", role: null, organization: null, project: null, caveats: [], policy: "p", revision: 0 };
// A table of texts is whole, and has no more.
const texts_of: Certainties = { certain: "sure", possible: "perhaps" };
// @ts-expect-error one is missing
const lacking: Certainties = { certain: "sure" };

// References have a colon.
const reference: Reference = `user:${made.secret}`;
// @ts-expect-error an id is no reference
guard.isAllowed("usr_ada", "file.read", "project:p");
// @ts-expect-error nor is any text
guard.checkAccess({ principal: made.secret, action: "file.read", resource: "project:p" });
const found: boolean[] = guard.listPrincipals({ action: "file.read", resource: "project:p" }).items.map((principal) => guard.isAllowed(principal, "file.read", "project:p"));
for (const { principal } of preview.projects_lost) guard.isAllowed(principal, "file.read", "project:p");
// @ts-expect-error projects are listed by their ids
guard.isAllowed(guard.listProjects({ principal: "user:a" }).items[0]!, "file.read", "project:p");
// @ts-expect-error an engine is not made by `new`
console.log(either, contradiction, texts_of, lacking, reference, found, new Bailiwick());

// Insight.
const explained: Explanation = guard.explain({ principal: "user:a", action: "file.read", resource: "project:p", surface: "ui", at: new Date(0) });
const [suggestion] = explained.would_allow;
if (suggestion !== undefined) guard.apply(suggestion.change, { actor: suggestion.by[0] ?? "user:a" });
const byRule: Rule = explained.rule;
const reasonWhy: Reason = explained.decision.reason;
const present: boolean = explained.facts.every((fact: Fact) => fact.present && fact.fact !== "" && fact["user"] !== undefined);
const explainedUsage: UsageExplanation = guard.explainUsage({ principal: "user:a", kind: "file", project: "p" });
const outcome: RemedyOutcome | undefined = explainedUsage.remedies[0];
const impact: Impact = guard.impact(edge, { at: 1e12, limit: 0, cursor: null });
const widened: boolean = impact.widens && impact.counts.gained > 0;
const gainedNames: string[] = impact.access.flatMap(({ gained, on, principal }) => [...gained, on, principal]);
const moved: (string | null)[] = impact.bookings.flatMap(({ before, after }) => [before.organization, after.project]);
const reviewed: ReviewRow[] = guard.review({ organization: "o", at: "2026-02-01T00:00:00Z" });
const scopes: string[] | null | undefined = reviewed[0]?.scopes;
const findings: Finding[] = guard.findings();
for (const { fix, severity } of findings) {
  guard.applyMany(fix);
  if (severity === "high") console.log(severity);
}
const policyDocument: PolicyDocument = guard.policyDocument;
const second: Bailiwick = guard.withPolicy(policyDocument, { renames: { kinds: { file: "files" } } });
const analysis: PolicyAnalysis = analysePolicy(builtInPolicy("projects-2026-09"));
const isWhole: boolean = analysis.is_complete && analysis.bookings.every((row) => row.member !== null && row.state !== "before_projects");
const faults: Fault[] = findFaults("{}", { policy: null });
console.log(byRule, reasonWhy, present, outcome, widened, gainedNames, moved, scopes, second, isWhole, faults);
// @ts-expect-error an explanation is of a whole request
guard.explain("user:a", "file.read", "project:p");
// @ts-expect-error a usage has a kind
guard.explainUsage({ principal: "user:a" });
// @ts-expect-error another engine, not its document
guard.impact(guard.toDirectory());
// @ts-expect-error there has to be another one
guard.impact();
// @ts-expect-error a limit is a number
guard.impact(edge, { limit: "10" });
// @ts-expect-error there is no such option
guard.impact(edge, { organization: "o" });
// @ts-expect-error an organization is an option
guard.review("o");
// @ts-expect-error findings are of all organizations
guard.findings({ organization: "o" });
// @ts-expect-error a finding is one of the core's words
if (findings[0]?.finding === "key_is_old") console.log();
// @ts-expect-error there is no rule B7
if (explainedUsage.rule === "B7") console.log();
// @ts-expect-error nobody renames surfaces
guard.withPolicy("projects-2026-09", { renames: { surfaces: {} } });
// @ts-expect-error the renames are options
guard.withPolicy("projects-2026-09", { kinds: { file: "files" } });
// @ts-expect-error the document is a getter's
guard.policyDocument();
// @ts-expect-error and nobody sets it
guard.policyDocument = policyDocument;
// @ts-expect-error a built-in policy has an id
builtInPolicy(policyDocument);
// @ts-expect-error the last page has no cursor
impact.next_cursor.length;
// @ts-expect-error a row may have no role
reviewed[0]!.role.length;
