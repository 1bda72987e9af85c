import type { ChangeType } from "./codes.js";

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
  /** Facts about users who are members of no organization in this directory. */
  readonly users?: readonly UserEntry[] | undefined;
  /** All organizations. */
  readonly organizations: readonly OrganizationEntry[];
}

/** Facts about a user who is a member of no organization in this directory. */
export interface UserEntry {
  /** The id of the user. */
  readonly id: string;
  /** Their e-mail address: stored, never used in an answer. */
  readonly email?: string | null | undefined;
  /** Their home organization, which is outside this directory. */
  readonly organization?: string | null | undefined;
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
  /** Its members, including the owner. */
  readonly members: readonly RoleEntry[];
  /** Its projects, one of them the default. */
  readonly projects: readonly ProjectEntry[];
}

/** A user's role in an organization or a project. */
export interface RoleEntry {
  /** The id of the user. */
  readonly user: string;
  /** A role of the policy. */
  readonly role: string;
}

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
  /** Its collaborators, with their project roles. */
  readonly collaborators?: readonly RoleEntry[] | undefined;
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
  /** The project role that it implies in every project of the organization. */
  readonly project_role?: string | null | undefined;
}

/** An action on an organization. */
export interface OrganizationActionEntry {
  /** Its name. */
  readonly action: string;
  /** The organization roles that have it. */
  readonly roles?: readonly string[] | undefined;
  /** Whether external collaborators have it. */
  readonly external?: boolean | undefined;
  /** Whether only the owner has it. */
  readonly owner?: boolean | undefined;
}

/** An action on a project. */
export interface ProjectActionEntry {
  /** Its name. */
  readonly action: string;
  /** The project roles that have it. */
  readonly roles?: readonly string[] | undefined;
  /** Whether API keys of the project have it. */
  readonly api_key?: boolean | undefined;
}

/** Verbs, and the roles that have them. */
export interface VerbsEntry {
  /** The project roles that have them. */
  readonly roles: readonly string[];
  /** The verbs. A verb `read` makes the action `<kind>.read`. */
  readonly verbs: readonly string[];
}

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
  /** The automatic role of every member in the default project. */
  readonly default_project_role?: string | null | undefined;
  /** The role of a new collaborator, if the change names none. */
  readonly collaborator_role: string;
  /** The actions that users have on themselves. */
  readonly self_actions?: readonly string[] | undefined;
  /** The actions on organizations. */
  readonly organization_actions?: readonly OrganizationActionEntry[] | undefined;
  /** The actions on projects. */
  readonly project_actions?: readonly ProjectActionEntry[] | undefined;
  /** The kind that API keys have as resources. */
  readonly api_key_kind?: string | null | undefined;
  /** The verb that applies to a project only. */
  readonly create_verb?: string | null | undefined;
  /** The action that an actor needs for each type of change. For `add_resource` and `remove_resource`: a verb of the resource's kind. */
  readonly changes?: Readonly<Partial<Record<ChangeType, string | undefined>>> | undefined;
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
