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

/** A table of entries. */
export type EntryTable = AlteredEntry["entry"]["table"];

/**
 * An entry that would be altered, as a row of a table: what it was and what it would be. It has the fields of a document without the lists, and the ids
 * of what it belongs to. `entry.table` says which table it is in, and so which fields it has.
 *
 * @example const isOf = <T extends EntryTable>(row: AlteredEntry, table: T): row is AlteredEntryOf<T> => row.entry.table === table;
 */
export type AlteredEntry =
  | {
      /** The policy of the directory. */
      entry: { table: "policy" };
      /** The policy before. */
      before: { policy: string | PolicyDocument };
      /** The policy afterwards. */
      after: { policy: string | PolicyDocument };
    }
  | Altered<{ table: "users"; id: string }, UserEntry>
  | Altered<{ table: "organizations"; id: string }, Omit<OrganizationEntry, "members" | "groups" | "projects">>
  | Altered<{ table: "members"; organization: string; user: string }, { organization: string } & MemberEntry>
  | Altered<{ table: "groups"; id: string }, { organization: string } & Omit<GroupEntry, "members">>
  | Altered<{ table: "group_members"; group: string; user: string }, { group: string } & GroupMemberEntry>
  | Altered<{ table: "projects"; id: string }, { organization: string } & Omit<ProjectEntry, "collaborators" | "api_keys" | "resources">>
  | Altered<{ table: "collaborators"; project: string; user: string } | { table: "collaborators"; project: string; group: string }, { project: string } & CollaboratorEntry>
  // `projects` of a key is what it reaches.
  | Altered<{ table: "api_keys"; id: string }, { in_project: string } & ApiKeyEntry>
  | Altered<{ table: "resources"; kind: string; id: string }, { project: string } & ResourceEntry>;

interface Altered<Key, Row> {
  /** Which entry: its table and its ids. */
  entry: Key;
  /** The entry before; null if it is new. */
  before: Row | null;
  /** The entry afterwards; null if it is removed. */
  after: Row | null;
}

/** The altered entries of one table. */
export type AlteredEntryOf<Table extends EntryTable> = Extract<AlteredEntry, { entry: { table: Table } }>;

/** What `reconcile` did, or would do. */
export interface Reconciliation {
  /** The revision afterwards. */
  revision: number;
  /** The changes, as `apply` takes them: at most as many as entries differ. None if the directory is already that of the document. */
  changes: Change[];
}

// Without this line, TypeScript would export all names of the file.
export {};
