import type {
  ApiKeyEntry, CollaboratorEntry, GroupEntry, MemberEntry, OrganizationEntry, PolicyDocument, ProjectEntry, ResourceEntry, UserEntry,
} from "./documents.js";

// The changes that only the platform makes: an actor is `forbidden`, and no policy can name them.

/**
 * A whole organization is added, or replaces the one with its id, with everything in it (C13).
 *
 * @example guard.apply({ type: "put_organization", organization: { id: "org_acme", owner: "usr_ada", members: [{ user: "usr_ada", role: "admin" }], projects: [{ id: "prj_acme", default: true }] } })
 * @throws BailiwickError as a document does, with paths below `/organization`; `already_exists` for an id that lies in another organization
 */
export interface PutOrganization {
  /** The type of the change. */
  readonly type: "put_organization";
  /** The organization, as in a document. */
  readonly organization: OrganizationEntry;
}

/**
 * A whole project is added to an organization, or replaces the one with its id, with everything in it (C13).
 *
 * @example guard.apply({ type: "put_project", organization: "org_acme", project: { id: "prj_tide", name: "Tide" } })
 * @throws BailiwickError as a document does, with paths below `/project`; `not_found`; `already_exists` for an id that lies in another project
 */
export interface PutProject {
  /** The type of the change. */
  readonly type: "put_project";
  /** The id of the organization. */
  readonly organization: string;
  /** The project, as in a document. */
  readonly project: ProjectEntry;
}

/**
 * Facts about a user are set: an entry of `users`, as a whole (C13).
 *
 * @example guard.apply({ type: "put_user", user: { id: "usr_bob", email: "bob@acme.test" } })
 * @throws BailiwickError as a document does, with paths below `/user`
 */
export interface PutUser {
  /** The type of the change. */
  readonly type: "put_user";
  /** The entry, as in a document. */
  readonly user: UserEntry;
}

/**
 * A member's row is set, whatever it says (C13).
 *
 * @example guard.apply({ type: "put_member", organization: "org_acme", member: { user: "usr_bob", role: "member" } })
 * @throws BailiwickError as a document does, with paths below `/member`; `not_found`
 */
export interface PutMember {
  /** The type of the change. */
  readonly type: "put_member";
  /** The id of the organization. */
  readonly organization: string;
  /** The row, as in a document. */
  readonly member: MemberEntry;
}

/**
 * A group is set, with its members (C13).
 *
 * @example guard.apply({ type: "put_group", organization: "org_acme", group: { id: "grp_ops", members: [{ user: "usr_bob" }] } })
 * @throws BailiwickError as a document does, with paths below `/group`; `not_found`; `already_exists`
 */
export interface PutGroup {
  /** The type of the change. */
  readonly type: "put_group";
  /** The id of the organization. */
  readonly organization: string;
  /** The group, as in a document. */
  readonly group: GroupEntry;
}

/**
 * The row of a user or group in a project is set (C13).
 *
 * @example guard.apply({ type: "put_collaborator", project: "prj_tide", collaborator: { user: "usr_bob", role: "member" } })
 * @throws BailiwickError as a document does, with paths below `/collaborator`; `not_found`
 */
export interface PutCollaborator {
  /** The type of the change. */
  readonly type: "put_collaborator";
  /** The id of the project. */
  readonly project: string;
  /** The row, as in a document. */
  readonly collaborator: CollaboratorEntry;
}

/**
 * An API key is set, with its digest, dates and limits (C13).
 *
 * @example guard.apply({ type: "put_api_key", project: "prj_tide", api_key: { id: "key_ci", created_by: "usr_bob" } })
 * @throws BailiwickError as a document does, with paths below `/api_key`; `not_found`; `already_exists`; `duplicate_digest`
 */
export interface PutApiKey {
  /** The type of the change. */
  readonly type: "put_api_key";
  /** The id of the project. */
  readonly project: string;
  /** The key, as in a document. */
  readonly api_key: ApiKeyEntry;
}

/**
 * A resource is set (C13).
 *
 * @example guard.apply({ type: "put_resource", project: "prj_tide", resource: { id: "cl_1", kind: "instant_cluster" } })
 * @throws BailiwickError as a document does, with paths below `/resource`; `not_found`; `already_exists`
 */
export interface PutResource {
  /** The type of the change. */
  readonly type: "put_resource";
  /** The id of the project. */
  readonly project: string;
  /** The resource, as in a document. */
  readonly resource: ResourceEntry;
}

/**
 * A member's row alone goes; their other rows stay. (`remove_member` takes them all.)
 *
 * @example guard.apply({ type: "drop_member", organization: "org_acme", user: "usr_bob" })
 * @throws BailiwickError `not_found`, `not_a_member`, `owner_protected`
 */
export interface DropMember {
  /** The type of the change. */
  readonly type: "drop_member";
  /** The id of the organization. */
  readonly organization: string;
  /** The id of the user. */
  readonly user: string;
}

/**
 * A user is forgotten, with every row and their entry in `users` (C18).
 *
 * @example guard.apply({ type: "remove_user", user: "usr_bob" })
 * @throws BailiwickError `not_found`, `owner_protected`
 */
export interface RemoveUser {
  /** The type of the change. */
  readonly type: "remove_user";
  /** The id of the user. */
  readonly user: string;
}

/**
 * Another project becomes the organization's default project, and gets the organization default key.
 *
 * @example guard.apply({ type: "set_default_project", project: "prj_tide" })
 * @throws BailiwickError `not_found`
 */
export interface SetDefaultProject {
  /** The type of the change. */
  readonly type: "set_default_project";
  /** The id of the project. */
  readonly project: string;
}

/**
 * A project moves to another organization (C17). Rows of people stay, and may be external ones now; rows of groups go; keys lose the reach that is no longer theirs.
 *
 * @example guard.apply({ type: "move_project", project: "prj_tide", organization: "org_partner" })
 * @throws BailiwickError `not_found`, `default_project_protected`, `multi_project_disabled`
 */
export interface MoveProject {
  /** The type of the change. */
  readonly type: "move_project";
  /** The id of the project. */
  readonly project: string;
  /** The id of the organization that it moves to. */
  readonly organization: string;
}

/** New names of a policy's words, each old name → new name. The directory's entries are renamed before the new policy is tested. */
export interface PolicyRenames {
  /** Roles in organizations. */
  readonly organization_roles?: Readonly<Record<string, string | undefined>> | undefined;
  /** Roles in projects. */
  readonly project_roles?: Readonly<Record<string, string | undefined>> | undefined;
  /** Kinds of resources. */
  readonly kinds?: Readonly<Record<string, string | undefined>> | undefined;
  /** Scopes of API keys. */
  readonly scopes?: Readonly<Record<string, string | undefined>> | undefined;
  /** Visibilities of projects. */
  readonly visibilities?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * The directory gets another policy (C23). It has to fit it, once renamed.
 *
 * @example guard.apply({ type: "set_policy", policy: "projects-2026-09", renames: { project_roles: { member: "editor" } } })
 * @throws BailiwickError as a policy and a document do; `unknown_policy`; `unknown_role`, `unknown_kind`, `unknown_scope`, `unknown_visibility` for a rename of what does not exist
 */
export interface SetPolicy {
  /** The type of the change. */
  readonly type: "set_policy";
  /** A policy, or the id of a built-in one. */
  readonly policy: string | PolicyDocument;
  /** Names that the two policies have for the same. */
  readonly renames?: PolicyRenames | null | undefined;
}

/** A change that only the platform makes, without an `actor`. The `put_…` set one entry to what a document says of it. */
export type PlatformChange =
  | PutOrganization
  | PutProject
  | PutUser
  | PutMember
  | PutGroup
  | PutCollaborator
  | PutApiKey
  | PutResource
  | DropMember
  | RemoveUser
  | SetDefaultProject
  | MoveProject
  | SetPolicy;
