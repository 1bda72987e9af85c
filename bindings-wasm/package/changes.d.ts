import type { DocumentInstant } from "./documents.js";
import type { PlatformChange } from "./platform_changes.js";
import type {
  AddResource, CreateApiKey, ExpireApiKey, MoveResource, RegenerateDefaultKey, RemoveApiKey, RemoveResource, RevokeApiKey, UpdateApiKey, UpdateResource,
} from "./resource_changes.js";

interface OfOrganization {
  /** The id of the organization. */
  readonly organization: string;
}

interface OfProject {
  /** The id of the project. */
  readonly project: string;
}

interface OfUser {
  /** The id of the user. */
  readonly user: string;
}

interface OfGroup {
  /** The id of the group. */
  readonly group: string;
}

/** A user, or a group of the organization. */
type OfUserOrGroup =
  | (OfUser & { readonly group?: undefined })
  | (OfGroup & { readonly user?: undefined });

// Members and groups.

/**
 * A user becomes a member of an organization (C1). Rows of theirs in its projects that do not allow externals go. If their membership has ended,
 * everything old goes first. An actor replaces neither a known e-mail address nor a home outside the directory: the platform does.
 *
 * @example guard.apply({ type: "add_member", organization: "org_acme", user: "usr_bob", role: "member" }, { actor: "user:usr_ada" })
 * @throws BailiwickError `not_found`, `membership_managed_by_sso`, `unknown_role`, `exceeds_own_role`, `already_exists`, `user_in_two_organizations`
 */
export interface AddMember extends OfOrganization, OfUser {
  /** The type of the change. */
  readonly type: "add_member";
  /** The user's address. */
  readonly email?: string | null | undefined;
  /** Their organization role; the weakest if left out. */
  readonly role?: string | null | undefined;
  /** The instant at which the row ends; it does not end if left out or null. */
  readonly expires_at?: DocumentInstant | null | undefined;
}

/**
 * A member leaves, with all their rows in the organization's projects and groups (C2). API keys that they made stay; a preview lists them.
 *
 * @example guard.apply({ type: "remove_member", organization: "org_acme", user: "usr_bob" })
 * @throws BailiwickError `not_found`, `not_a_member`, `owner_protected`, `exceeds_own_role`
 */
export interface RemoveMember extends OfOrganization, OfUser {
  /** The type of the change. */
  readonly type: "remove_member";
}

/**
 * A member gets another organization role (C3).
 *
 * @example guard.apply({ type: "set_member_role", organization: "org_acme", user: "usr_bob", role: "admin" })
 * @throws BailiwickError `not_found`, `not_a_member`, `owner_protected`, `unknown_role`, `exceeds_own_role`
 */
export interface SetMemberRole extends OfOrganization, OfUser {
  /** The type of the change. */
  readonly type: "set_member_role";
  /** The new role. */
  readonly role: string;
  /** The instant at which the membership ends: unchanged if left out, none if null. */
  readonly expires_at?: DocumentInstant | null | undefined;
}

/**
 * Another member becomes the owner (C15): one with the strongest role, whose row neither ends nor is suspended. As an actor, only the present owner.
 *
 * @example guard.apply({ type: "transfer_ownership", organization: "org_acme", user: "usr_bob" }, { actor: "user:usr_ada" })
 * @throws BailiwickError `not_found`, `owner_protected` at `/organization`, `owner_not_admin` at `/user`
 */
export interface TransferOwnership extends OfOrganization, OfUser {
  /** The type of the change. */
  readonly type: "transfer_ownership";
}

/**
 * An organization gets another group (C21).
 *
 * @example guard.apply({ type: "add_group", organization: "org_acme", group: "grp_ops", name: "Operations" })
 * @throws BailiwickError `not_found`, `already_exists`
 */
export interface AddGroup extends OfOrganization, OfGroup {
  /** The type of the change. */
  readonly type: "add_group";
  /** Its name. */
  readonly name?: string | null | undefined;
}

/**
 * A group is removed, with its members and its rows in projects (C21).
 *
 * @example guard.apply({ type: "remove_group", group: "grp_ops" })
 * @throws BailiwickError `not_found`, `exceeds_own_role`
 */
export interface RemoveGroup extends OfGroup {
  /** The type of the change. */
  readonly type: "remove_group";
}

/**
 * A member of the organization joins a group (C21), and gets what the group's rows give.
 *
 * @example guard.apply({ type: "add_group_member", group: "grp_ops", user: "usr_bob" })
 * @throws BailiwickError `not_found`, `exceeds_own_role`, `not_a_member`, `already_exists`
 */
export interface AddGroupMember extends OfGroup, OfUser {
  /** The type of the change. */
  readonly type: "add_group_member";
  /** The instant at which the row ends; it does not end if left out or null. */
  readonly expires_at?: DocumentInstant | null | undefined;
}

/**
 * A user leaves a group (C21).
 *
 * @example guard.apply({ type: "remove_group_member", group: "grp_ops", user: "usr_bob" })
 * @throws BailiwickError `not_found`, `exceeds_own_role`
 */
export interface RemoveGroupMember extends OfGroup, OfUser {
  /** The type of the change. */
  readonly type: "remove_group_member";
}

// Organizations and projects.

/**
 * Facts of an organization are replaced. What is left out stays; null clears.
 *
 * @example guard.apply({ type: "update_organization", organization: "org_acme", name: "Acme Ltd", membership: "sso" })
 * @throws BailiwickError `not_found`, `multi_project_disabled`, `exceeds_own_role` at `/suspended_at`
 */
export interface UpdateOrganization extends OfOrganization {
  /** The type of the change. */
  readonly type: "update_organization";
  /** Its name. */
  readonly name?: string | null | undefined;
  /** How people join. */
  readonly membership?: "invitation" | "sso" | undefined;
  /** Whether there may be projects besides the default project. */
  readonly multi_project?: boolean | undefined;
  /** When the organization began to use projects. */
  readonly projects_since?: DocumentInstant | null | undefined;
  /** The instant from which it is suspended. Only the platform may say it; see `suspend`. */
  readonly suspended_at?: DocumentInstant | null | undefined;
}

/**
 * An organization is removed, with everything in it (C14).
 *
 * @example guard.apply({ type: "remove_organization", organization: "org_acme" })
 * @throws BailiwickError `not_found`
 */
export interface RemoveOrganization extends OfOrganization {
  /** The type of the change. */
  readonly type: "remove_organization";
}

/**
 * An organization gets another project (C4). A user as actor gets the strongest role there.
 *
 * @example guard.apply({ type: "create_project", organization: "org_acme", project: "prj_tide", name: "Tide" })
 * @throws BailiwickError `not_found`, `multi_project_disabled`, `already_exists`
 */
export interface CreateProject extends OfOrganization {
  /** The type of the change. */
  readonly type: "create_project";
  /** The id of the new project. */
  readonly project: string;
  /** Its name. */
  readonly name: string;
}

/**
 * Facts of a project are replaced. What is left out stays; null clears. As an actor, only its name.
 *
 * @example guard.apply({ type: "update_project", project: "prj_tide", name: "Tides" })
 * @throws BailiwickError `not_found`, `unknown_visibility`, `exceeds_own_role` at the fields of the platform
 */
export interface UpdateProject extends OfProject {
  /** The type of the change. */
  readonly type: "update_project";
  /** Its name. */
  readonly name?: string | null | undefined;
  /** The instant from which it is suspended. Only the platform may say it; see `suspend`. */
  readonly suspended_at?: DocumentInstant | null | undefined;
  /** Only the platform may say it; see `set_external_collaborators`. */
  readonly allow_external_collaborators?: boolean | undefined;
  /** Only the platform may say it; see `set_visibility`. */
  readonly visibility?: string | undefined;
}

/**
 * A project is removed, with everything in it (C16). Other keys no longer reach it.
 *
 * @example guard.apply({ type: "remove_project", project: "prj_tide" })
 * @throws BailiwickError `not_found`, `default_project_protected`
 */
export interface RemoveProject extends OfProject {
  /** The type of the change. */
  readonly type: "remove_project";
}

/**
 * A project starts or stops to allow external collaborators (C5). Their rows stay.
 *
 * @example guard.apply({ type: "set_external_collaborators", project: "prj_tide", allowed: true })
 * @throws BailiwickError `not_found`
 */
export interface SetExternalCollaborators extends OfProject {
  /** The type of the change. */
  readonly type: "set_external_collaborators";
  /** Whether it allows them. */
  readonly allowed: boolean;
}

/**
 * A project gets another visibility of the policy.
 *
 * @example guard.apply({ type: "set_visibility", project: "prj_tide", visibility: "private" })
 * @throws BailiwickError `not_found`, `unknown_visibility`
 */
export interface SetVisibility extends OfProject {
  /** The type of the change. */
  readonly type: "set_visibility";
  /** The new visibility. */
  readonly visibility: string;
}

/**
 * A user or a group becomes a collaborator of a project (C6).
 *
 * @example guard.apply({ type: "add_collaborator", project: "prj_tide", user: "usr_bob" })
 * @throws BailiwickError `not_found`, `unknown_role`, `exceeds_own_role`, `already_exists`, `external_collaborators_disabled`
 */
export type AddCollaborator = {
  /** The type of the change. */
  readonly type: "add_collaborator";
  /** Their project role. If left out: the policy's `collaborator_role`, or the role that their organization role implies, if that is stronger. */
  readonly role?: string | null | undefined;
  /** The instant at which the row ends; it does not end if left out or null. */
  readonly expires_at?: DocumentInstant | null | undefined;
} & OfProject & OfUserOrGroup;

/**
 * A collaborator is removed from a project (C7). A member cannot be removed from the default project.
 *
 * @example guard.apply({ type: "remove_collaborator", project: "prj_tide", user: "usr_bob" })
 * @throws BailiwickError `not_found`, `default_project_protected`, `exceeds_own_role`
 */
export type RemoveCollaborator = {
  /** The type of the change. */
  readonly type: "remove_collaborator";
} & OfProject & OfUserOrGroup;

/**
 * A collaborator gets another project role (C8).
 *
 * @example guard.apply({ type: "set_collaborator_role", project: "prj_tide", group: "grp_ops", role: "admin" })
 * @throws BailiwickError `not_found`, `unknown_role`, `exceeds_own_role`
 */
export type SetCollaboratorRole = {
  /** The type of the change. */
  readonly type: "set_collaborator_role";
  /** The new role. */
  readonly role: string;
  /** The instant at which the row ends: unchanged if left out, none if null. */
  readonly expires_at?: DocumentInstant | null | undefined;
} & OfProject & OfUserOrGroup;

/**
 * A user joins a project by themselves (C20), with the role that the project's visibility gives. Needs a user as actor.
 *
 * @example guard.apply({ type: "join_project", project: "prj_tide" }, { actor: "user:usr_bob" })
 * @throws BailiwickError `wrong_type` at `/actor` without an actor, `forbidden`, `already_exists`
 */
export interface JoinProject extends OfProject {
  /** The type of the change. */
  readonly type: "join_project";
}

/**
 * A user leaves a project by themselves. Needs a user as actor.
 *
 * @example guard.apply({ type: "leave_project", project: "prj_tide" }, { actor: "user:usr_bob" })
 * @throws BailiwickError `wrong_type` at `/actor` without an actor, `forbidden`, `default_project_protected`, `not_found`
 */
export interface LeaveProject extends OfProject {
  /** The type of the change. */
  readonly type: "leave_project";
}

// Suspensions.

/** What is suspended: an organization; a member of it; a project; or, as the platform, a user everywhere. */
type SuspensionTarget =
  | (OfOrganization & { readonly user?: undefined; readonly project?: undefined })
  | (OfOrganization & OfUser & { readonly project?: undefined })
  | (OfProject & { readonly organization?: undefined; readonly user?: undefined })
  | (OfUser & { readonly organization?: undefined; readonly project?: undefined });

/**
 * An organization, a project, a member or (as the platform) a user is suspended from `at` on (C19). Nothing else of them changes, and `resume` undoes it.
 *
 * @example guard.apply({ type: "suspend", organization: "org_acme", user: "usr_bob" }, { actor: "user:usr_ada" })
 * @throws BailiwickError `not_found`, `not_a_member`, `owner_protected`, `already_exists` if it is suspended already, `exceeds_own_role`
 */
export type Suspend = {
  /** The type of the change. */
  readonly type: "suspend";
} & SuspensionTarget;

/**
 * A suspension ends (C19). It needs the permission of `suspend`.
 *
 * @example guard.apply({ type: "resume", organization: "org_acme", user: "usr_bob" })
 * @throws BailiwickError `not_found` if it is not suspended, `not_a_member`, `owner_protected`, `exceeds_own_role`
 */
export type Resume = {
  /** The type of the change. */
  readonly type: "resume";
} & SuspensionTarget;

/** A change that an actor makes with the permission that the policy's `changes` demands, and the platform without one. Fields contain ids; only `resource` can be a reference. */
export type ActorChange =
  | AddMember
  | RemoveMember
  | SetMemberRole
  | TransferOwnership
  | AddGroup
  | RemoveGroup
  | AddGroupMember
  | RemoveGroupMember
  | UpdateOrganization
  | RemoveOrganization
  | CreateProject
  | UpdateProject
  | RemoveProject
  | SetExternalCollaborators
  | SetVisibility
  | AddCollaborator
  | RemoveCollaborator
  | SetCollaboratorRole
  | JoinProject
  | LeaveProject
  | CreateApiKey
  | UpdateApiKey
  | RevokeApiKey
  | RemoveApiKey
  | ExpireApiKey
  | RegenerateDefaultKey
  | AddResource
  | UpdateResource
  | MoveResource
  | RemoveResource
  | Suspend
  | Resume;

/** A change (rules C1 to C24). `type` says what it does, and which other fields it has. */
export type Change = ActorChange | PlatformChange;

// Without this line, TypeScript would export all names of the file.
export {};
