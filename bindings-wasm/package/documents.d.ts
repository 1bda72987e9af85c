import type { ErrorCode } from "./codes.js";
import type { ActorChange } from "./changes.js";

/** An instant in a document: RFC 3339 with any offset, or a `Date`. */
export type DocumentInstant = string | Date;

/** Organizations, users, projects, collaborators, API keys and resources at one revision. */
export interface DirectoryDocument {
  /** The version of the format. */
  readonly format: "bailiwick/1";
  /** The revision of this state of the directory; 0 if left out. */
  readonly revision?: number | undefined;
  /** When the document was made. */
  readonly issued_at?: DocumentInstant | null | undefined;
  /** The seconds after `issued_at` for which the directory stays fresh; for ever if left out. */
  readonly max_age_seconds?: number | null | undefined;
  /** The id of a built-in policy, or a policy. */
  readonly policy?: string | PolicyDocument | undefined;
  /** Facts about users: their home organizations outside this directory, their e-mail addresses, their suspensions. */
  readonly users?: readonly UserEntry[] | undefined;
  /** All organizations. */
  readonly organizations: readonly OrganizationEntry[];
}

/** Facts about a user. A member needs no entry, unless there is something to say about them. */
export interface UserEntry {
  /** The id of the user. */
  readonly id: string;
  /** Their e-mail address: stored, never used in an answer. */
  readonly email?: string | null | undefined;
  /**
   * Their home organization, to which their usage may be booked: outside this directory, or (needed only if the policy has `multiple_organizations`)
   * one in it that they are a member of.
   */
  readonly organization?: string | null | undefined;
  /** The instant from which they are suspended everywhere. */
  readonly suspended_at?: DocumentInstant | null | undefined;
}

/** An organization, with its members and projects. */
export interface OrganizationEntry {
  /** The id of the organization. */
  readonly id: string;
  /** Its name. */
  readonly name?: string | null | undefined;
  /** A member with the strongest organization role. */
  readonly owner: string;
  /** How people join; by invitation if left out. */
  readonly membership?: "invitation" | "sso" | undefined;
  /** Whether there may be projects besides the default project; true if left out. */
  readonly multi_project?: boolean | undefined;
  /** When the organization began to use projects. */
  readonly projects_since?: DocumentInstant | null | undefined;
  /** The instant from which it is suspended, with everything in it. */
  readonly suspended_at?: DocumentInstant | null | undefined;
  /** Its members, including the owner. */
  readonly members: readonly MemberEntry[];
  /** Its groups. A group can be a collaborator of the organization's projects. */
  readonly groups?: readonly GroupEntry[] | undefined;
  /** Its projects, one of them the default. */
  readonly projects: readonly ProjectEntry[];
}

/** When a row began, and when it ends. */
export interface RowEntry {
  /** When the row was added. It decides nothing. */
  readonly added_at?: DocumentInstant | null | undefined;
  /** The instant from which the row counts as not there; it does not end if left out. The owner's member row has none. */
  readonly expires_at?: DocumentInstant | null | undefined;
}

/** A user's role in an organization. */
export interface MemberEntry extends RowEntry {
  /** The id of the user. */
  readonly user: string;
  /** An organization role of the policy. */
  readonly role: string;
  /** The instant from which they are suspended in this organization. The owner's row has none. */
  readonly suspended_at?: DocumentInstant | null | undefined;
}

/** A user in a group. */
export interface GroupMemberEntry extends RowEntry {
  /** The id of a member of the organization. */
  readonly user: string;
}

/** A group of members of an organization. */
export interface GroupEntry {
  /** The id of the group: groups have an id space of their own. */
  readonly id: string;
  /** Its name. */
  readonly name?: string | null | undefined;
  /** Who is in it. */
  readonly members: readonly GroupMemberEntry[];
}

/** The role of a user or of a group in a project. Exactly one of `user` and `group` is there. */
export type CollaboratorEntry = RowEntry & {
  /** A project role of the policy. */
  readonly role: string;
} & (
    | {
        /** The id of a user. */
        readonly user: string;
        /** Not together with `user`. */
        readonly group?: undefined;
      }
    | {
        /** Not together with `group`. */
        readonly user?: undefined;
        /** The id of a group of the organization. */
        readonly group: string;
      }
  );

/** A project, with its collaborators, API keys and resources. */
export interface ProjectEntry {
  /** The id of the project. */
  readonly id: string;
  /** Its name. */
  readonly name?: string | null | undefined;
  /** True for exactly one project of an organization. */
  readonly default?: boolean | undefined;
  /** Whether rows of external collaborators have an effect; false if left out. */
  readonly allow_external_collaborators?: boolean | undefined;
  /** A visibility of the policy; the policy's first one if left out. */
  readonly visibility?: string | undefined;
  /** The instant from which it is suspended, with everything in it. */
  readonly suspended_at?: DocumentInstant | null | undefined;
  /** Its collaborators, with their project roles. */
  readonly collaborators?: readonly CollaboratorEntry[] | undefined;
  /** Its API keys. */
  readonly api_keys?: readonly ApiKeyEntry[] | undefined;
  /** Its resources. */
  readonly resources?: readonly ResourceEntry[] | undefined;
}

/** An API key of a project. */
export interface ApiKeyEntry {
  /** The id of the key. */
  readonly id: string;
  /** Its name. */
  readonly name?: string | null | undefined;
  /** Who made it: the id of a user, who need not be in the directory. */
  readonly created_by?: string | null | undefined;
  /** When it was made. */
  readonly created_at?: DocumentInstant | null | undefined;
  /** The instant from which it is refused; it does not expire if left out. */
  readonly expires_at?: DocumentInstant | null | undefined;
  /** When it was revoked. A revoked key is refused for ever. */
  readonly revoked_at?: DocumentInstant | null | undefined;
  /** The digest of its secret: `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string | null | undefined;
  /** `organization_default` for the organization default key, which only the owner may access. */
  readonly kind?: "project" | "organization_default" | undefined;
  /** The scopes of the policy to which it is limited; not limited if left out or null. An empty list permits nothing. */
  readonly scopes?: readonly string[] | null | undefined;
  /** The id of the user whose access limits the key (A30). They need not be in the directory; then the key permits nothing. */
  readonly acts_as?: string | null | undefined;
  /** Further projects of the organization that it reaches, or `"all"` for every project, and for the organization actions that allow it. */
  readonly projects?: readonly string[] | "all" | undefined;
}

/** A resource of a project. */
export interface ResourceEntry {
  /** The id of the resource. */
  readonly id: string;
  /** A kind of the policy. */
  readonly kind: string;
  /** Its name. */
  readonly name?: string | null | undefined;
  /** Who made it: the id of a user, who need not be in the directory. */
  readonly created_by?: string | null | undefined;
  /** When it was made. */
  readonly created_at?: DocumentInstant | null | undefined;
}

/** A surface: a way to reach the platform's products. */
export interface SurfaceEntry {
  /** Its name. */
  readonly surface: string;
  /** Whether usage on it is booked to the default project (B2). */
  readonly books_to_default_project?: boolean | undefined;
}

/** The surfaces of questions that name none. */
export interface DefaultSurfaces {
  /** The default surface of users. */
  readonly user: string;
  /** The default surface of API keys. */
  readonly api_key: string;
}

/** A role in an organization. */
export interface OrganizationRoleEntry {
  /** Its name. */
  readonly role: string;
  /** The project role that it implies in the projects of the organization, unless a project's visibility prevents that. */
  readonly project_role?: string | null | undefined;
}

/** An action on an organization. It is not both of the owner alone and of API keys. */
export type OrganizationActionEntry = OrganizationActionFields &
  (
    | {
        /** Whether only the owner has it. */
        readonly owner?: boolean | undefined;
        /** Not together with `owner`. */
        readonly api_key?: false | undefined;
      }
    | {
        /** Not together with `api_key`. */
        readonly owner?: false | undefined;
        /** Whether API keys that reach all projects of the organization have it. */
        readonly api_key?: boolean | undefined;
      }
  );

/** What all actions on organizations have. */
export interface OrganizationActionFields {
  /** Its name. */
  readonly action: string;
  /** The organization roles that have it. */
  readonly roles?: readonly string[] | undefined;
  /** Whether external collaborators have it. */
  readonly external?: boolean | undefined;
}

/** An action on a project. */
export interface ProjectActionEntry {
  /** Its name. */
  readonly action: string;
  /** The project roles that have it. */
  readonly roles?: readonly string[] | undefined;
  /** Whether API keys of the project have it. */
  readonly api_key?: boolean | undefined;
  /** Whether external collaborators whose role has it have it too; true if left out. */
  readonly external?: boolean | undefined;
}

/** Verbs, and the roles that have them. */
export interface VerbsEntry {
  /** The project roles that have them. */
  readonly roles: readonly string[];
  /** The verbs. A verb `read` makes the action `<kind>.read`. */
  readonly verbs: readonly string[];
  /** Whether external collaborators whose role has them have them too; true if left out. */
  readonly external?: boolean | undefined;
}

/** Actions that a visibility gives to organization roles. */
export interface VisibilityActionsEntry {
  /** The organization roles that have them. */
  readonly roles: readonly string[];
  /** Actions on projects or kinds. */
  readonly actions: readonly string[];
}

/** A visibility of projects. */
export interface VisibilityEntry {
  /** Its name. */
  readonly visibility: string;
  /** Whether organization roles imply project roles there; true if left out. */
  readonly implied_roles?: boolean | undefined;
  /** What members may do there by their organization role, without a project role that has the action (A28). */
  readonly actions?: readonly VisibilityActionsEntry[] | undefined;
  /** Who may join by themselves: organization role → the project role that they get. */
  readonly join?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A scope of API keys: all that its three lists give together. */
export interface ApiKeyScopeEntry {
  /** Its name. */
  readonly scope: string;
  /** Actions. */
  readonly actions?: readonly string[] | undefined;
  /** Verbs, of every kind. */
  readonly verbs?: readonly string[] | undefined;
  /** Kinds, with all of their verbs. */
  readonly kinds?: readonly string[] | undefined;
}

/** What is allowed in spite of a suspension. */
export interface SuspendedActions {
  /** What a suspended principal may still do (A25). */
  readonly principal?: readonly string[] | undefined;
  /** What may still be done to a suspended organization or project (A26). */
  readonly scope?: readonly string[] | undefined;
}

/**
 * What a policy can demand a permission for: the types of change that actors make. For `suspend` and `resume` it depends on what is suspended. To join
 * or leave a project needs none.
 */
export type PermittedChange =
  | Exclude<ActorChange["type"], "suspend" | "resume" | "join_project" | "leave_project">
  | "suspend_organization"
  | "suspend_project"
  | "suspend_member";

/** A policy: roles, actions, kinds and their support. Its author chooses all names. */
export interface PolicyDocument {
  /** The version of the format. */
  readonly format: "bailiwick-policy/1";
  /** Its id. */
  readonly id: string;
  /** The surfaces. */
  readonly surfaces: readonly SurfaceEntry[];
  /** The surfaces of questions that name none. */
  readonly default_surfaces: DefaultSurfaces;
  /** The roles in organizations, strongest first. */
  readonly organization_roles: readonly OrganizationRoleEntry[];
  /** The roles in projects, strongest first. */
  readonly project_roles: readonly string[];
  /** The automatic role of members in the default project: the same for all, or by organization role. */
  readonly default_project_role?: string | Readonly<Record<string, string | undefined>> | null | undefined;
  /** The role of a new collaborator, if the change names none. */
  readonly collaborator_role: string;
  /** How several project roles of one user count together (A19); `strongest` if left out. */
  readonly role_combination?: "strongest" | "union" | "most_specific" | undefined;
  /** Whether a user may be a member of several organizations; false if left out. */
  readonly multiple_organizations?: boolean | undefined;
  /** The visibilities of projects, the first one the default. Without any, projects have none. */
  readonly visibilities?: readonly VisibilityEntry[] | undefined;
  /** The actions that users have on themselves. */
  readonly self_actions?: readonly string[] | undefined;
  /** The actions on organizations. */
  readonly organization_actions?: readonly OrganizationActionEntry[] | undefined;
  /** The actions on projects. */
  readonly project_actions?: readonly ProjectActionEntry[] | undefined;
  /** The kind that API keys have as resources. */
  readonly api_key_kind?: string | null | undefined;
  /** The scopes that API keys can be limited to. */
  readonly api_key_scopes?: readonly ApiKeyScopeEntry[] | undefined;
  /** Whether only the owner has access to the organization default key (A24); true if left out. */
  readonly default_key_owner_only?: boolean | undefined;
  /** What is allowed in spite of a suspension. */
  readonly suspended_actions?: SuspendedActions | undefined;
  /** The verb that applies to a project only. */
  readonly create_verb?: string | null | undefined;
  /** The action that an actor needs for each type of change. For `add_resource`, `update_resource` and `remove_resource`: a verb of the resource's kind. */
  readonly changes?: Readonly<Partial<Record<PermittedChange, string | undefined>>> | undefined;
  /** The kinds of resources. */
  readonly kinds?: readonly KindEntry[] | undefined;
}

/** A kind of resource: its support on each surface, and the roles that have its verbs. */
export interface KindEntry {
  /** Its name. */
  readonly kind: string;
  /** A name for people. */
  readonly label?: string | null | undefined;
  /** Whether usage of it is reported by API key. */
  readonly usage_by_api_key?: boolean | undefined;
  /** The support on each surface; a surface that is not named is `unsupported`. */
  readonly support?: Readonly<Record<string, "supported" | "unsupported" | "not_applicable" | undefined>> | undefined;
  /** The verbs of the kind, and the project roles that have them. */
  readonly verbs?: readonly VerbsEntry[] | undefined;
  /** The verbs that API keys of the project have. */
  readonly api_key_verbs?: readonly string[] | undefined;
}

/** `T` as imported from JSON: a union of literals in `T` is `string`. */
export type FromJson<T> = T extends string
  ? string
  : T extends boolean
    ? boolean
    : T extends readonly (infer Item)[]
      ? readonly FromJson<Item>[]
      : T extends Date
        ? T
        : T extends object
          ? { readonly [Name in keyof T]: FromJson<T[Name]> }
          : T;

/**
 * A document that was imported (`import directory from "./directory.json"`). TypeScript gives its `format` the type `string`, and its literals are not
 * checked. A document written in TypeScript has a literal `format`, and is checked completely.
 */
export type Imported<T extends { readonly format: string }> = string extends T["format"] ? T : never;

/** A fault of a document, and where it begins in the text. */
export interface Fault {
  /** What is wrong, such as `unknown_role`. */
  code: ErrorCode;
  /** Where: a JSON pointer into the document; empty for the whole of it. */
  path: string;
  /** What is wrong, as a sentence. It can change between releases. */
  message: string;
  /** The line where it begins, from 1. */
  line: number;
  /** The column where it begins, from 1, in characters. */
  column: number;
}

/** Options of `findFaults`. */
export interface FindFaultsOptions {
  /** A policy in place of the directory's own: a document, or the id of a built-in one. */
  readonly policy?: string | PolicyDocument | null;
}
