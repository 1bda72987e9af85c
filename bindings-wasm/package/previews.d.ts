import type { Change } from "./changes.js";
import type {
  ApiKeyEntry, CollaboratorEntry, GroupEntry, GroupMemberEntry, MemberEntry, OrganizationEntry, PolicyDocument, ProjectEntry, ResourceEntry, UserEntry,
} from "./documents.js";
import type { ReferenceText } from "./types.js";

/** The effect of a change, or of a list of changes. Every list is in byte order. With an actor, it covers only the organizations that the changes are asked of. */
export interface Preview {
  /** The revision after the changes. */
  revision: number;
  /** What principals may do afterwards, and not before. */
  gained: AccessRow[];
  /** What principals may do before, and not afterwards. */
  lost: AccessRow[];
  /** Who would lose access to which project. */
  projects_lost: LostProject[];
  /** API keys that would keep working, made in a project by a person who loses it. */
  live_api_keys: string[];
  /** Principals whose usage would be booked to another organization or project. */
  booked_elsewhere: ReferenceText[];
  /** Each entry that would be altered, before and after: a host writes these rows into its database. */
  rows: AlteredEntry[];
}

/** What a principal gains or loses on one object. */
export interface AccessRow {
  /** The principal, as a reference. */
  principal: ReferenceText;
  /** An organization, a project or an organization default key, as a reference. */
  on: ReferenceText;
  /** The actions, in byte order. */
  actions: string[];
}

/** A principal who would lose access to a project. */
export interface LostProject {
  /** The principal, as a reference. */
  principal: ReferenceText;
  /** The id of the project. */
  project: string;
}

/** What is in a table. */
export interface InTable<Table extends string> {
  /** The table. */
  table: Table;
}

/** The policy of the directory. */
export type PolicyKey = InTable<"policy">;

/** An entry that has an id of its own. */
export interface EntryId<Table extends string> extends InTable<Table> {
  /** The id of the entry. */
  id: string;
}

/** A member's row in an organization. */
export interface MemberKey extends InTable<"members"> {
  /** The id of the organization. */
  organization: string;
  /** The id of the user. */
  user: string;
}

/** A user's row in a group. */
export interface GroupMemberKey extends InTable<"group_members"> {
  /** The id of the group. */
  group: string;
  /** The id of the user. */
  user: string;
}

/** A user's row in a project. */
export interface UserCollaboratorKey extends InTable<"collaborators"> {
  /** The id of the project. */
  project: string;
  /** The id of the user. */
  user: string;
}

/** A group's row in a project. */
export interface GroupCollaboratorKey extends InTable<"collaborators"> {
  /** The id of the project. */
  project: string;
  /** The id of the group. */
  group: string;
}

/** A resource: its id is unique among those of its kind. */
export interface ResourceKey extends InTable<"resources"> {
  /** The kind. */
  kind: string;
  /** The id of the resource. */
  id: string;
}

/** The policy of a directory, as a row. */
export interface PolicyRow {
  /** A policy, or the id of a built-in one. */
  policy: string | PolicyDocument;
}

/** What belongs to an organization. */
export interface InOrganization {
  /** The id of the organization. */
  organization: string;
}

/** What belongs to a group. */
export interface InGroup {
  /** The id of the group. */
  group: string;
}

/** What belongs to a project. */
export interface InProject {
  /** The id of the project. */
  project: string;
}

/** An API key, as a row. */
export type ApiKeyRow = ApiKeyEntry & {
  /** The id of the project that the key belongs to. `projects` is what the key reaches. */
  in_project: string;
};

/** An entry that would be altered: what it was and what it would be. */
export interface Altered<Key, Row> {
  /** Which entry: its table and its ids. */
  entry: Key;
  /** The entry before; null if it is new. */
  before: Row | null;
  /** The entry afterwards; null if it is removed. */
  after: Row | null;
}

/**
 * An entry that would be altered, as a row of a table: what it was and what it would be. It has the fields of a document without the lists, and the ids
 * of what it belongs to. `entry.table` says which table it is in, and so which fields it has.
 *
 * @example const isOf = <T extends EntryTable>(row: AlteredEntry, table: T): row is AlteredEntryOf<T> => row.entry.table === table;
 */
export type AlteredEntry =
  | Altered<PolicyKey, PolicyRow>
  | Altered<EntryId<"users">, UserEntry>
  | Altered<EntryId<"organizations">, Omit<OrganizationEntry, "members" | "groups" | "projects">>
  | Altered<MemberKey, InOrganization & MemberEntry>
  | Altered<EntryId<"groups">, InOrganization & Omit<GroupEntry, "members">>
  | Altered<GroupMemberKey, InGroup & GroupMemberEntry>
  | Altered<EntryId<"projects">, InOrganization & Omit<ProjectEntry, "collaborators" | "api_keys" | "resources">>
  | Altered<UserCollaboratorKey | GroupCollaboratorKey, InProject & CollaboratorEntry>
  | Altered<EntryId<"api_keys">, ApiKeyRow>
  | Altered<ResourceKey, InProject & ResourceEntry>;

/** A table of entries. */
export type EntryTable = AlteredEntry["entry"]["table"];

/** The altered entries of one table. */
export type AlteredEntryOf<Table extends EntryTable> = Extract<AlteredEntry, Altered<InTable<Table>, unknown>>;

/** What `reconcile` did, or would do. */
export interface Reconciliation {
  /** The revision afterwards. */
  revision: number;
  /** The changes, as `apply` takes them: at most as many as entries differ. None if the directory is already that of the document. */
  changes: Change[];
}
