import type { ChangeType } from "./codes.js";

/** A point in time in a document: RFC 3339 with any offset, or a `Date`. */
export type DocumentInstant = string | Date;

/** Organizations, users, projects, collaborators, API keys and resources at one revision. */
export interface DirectoryDocument {
  /** The version of the format. */
  readonly format: "bailiwick/1";
  /** Which state of the directory this is; 0 where it is left out. */
  readonly revision?: number | undefined;
  /** When it was made. */
  readonly issued_at?: DocumentInstant | null | undefined;
  /** How long after its issue it may answer; for ever where it is left out. */
  readonly max_age_seconds?: number | null | undefined;
  /** The id of a built-in policy, or a policy. */
  readonly policy?: string | PolicyDocument | undefined;
  /** Only for users who are members of no organization here. */
  readonly users?: readonly UserEntry[] | undefined;
  /** All organizations, with what is in them. */
  readonly organizations: readonly OrganizationEntry[];
}

/** What is known of a user who is a member of no organization here. */
export interface UserEntry {
  /** The id of the user. */
  readonly id: string;
  /** Their address: kept, never used in an answer. */
  readonly email?: string | null | undefined;
  /** The home organization, which may lie outside this directory. */
  readonly organization?: string | null | undefined;
}

/** An organization, with what is in it. */
export interface OrganizationEntry {
  /** The id of the organization. */
  readonly id: string;
  /** What it is called. */
  readonly name?: string | null | undefined;
  /** A member with the strongest organization role. */
  readonly owner: string;
  /** How people join; by invitation where it is left out. */
  readonly membership?: "invitation" | "sso" | undefined;
  /** Whether there may be projects beside the default one; true where it is left out. */
  readonly multi_project?: boolean | undefined;
  /** When it began to use projects. */
  readonly projects_since?: DocumentInstant | null | undefined;
  /** Its members, the owner among them. */
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

/** A project, with what is in it. */
export interface ProjectEntry {
  /** The id of the project. */
  readonly id: string;
  /** What it is called. */
  readonly name?: string | null | undefined;
  /** True for exactly one project of an organization. */
  readonly default?: boolean | undefined;
  /** Whether rows of people from outside have any effect; false where it is left out. */
  readonly allow_external_collaborators?: boolean | undefined;
  /** Who has a role in it. */
  readonly collaborators?: readonly RoleEntry[] | undefined;
  /** Its API keys. */
  readonly api_keys?: readonly ApiKeyEntry[] | undefined;
  /** Its resources. */
  readonly resources?: readonly ResourceEntry[] | undefined;
}

/** An API key. It stands in its project. */
export interface ApiKeyEntry {
  /** The id of the key. */
  readonly id: string;
  /** What it is called. */
  readonly name?: string | null | undefined;
  /** Who made it; may name somebody who is gone. */
  readonly created_by?: string | null | undefined;
  /** When it was made. */
  readonly created_at?: DocumentInstant | null | undefined;
  /** From when on it is refused; never where it is left out. */
  readonly expires_at?: DocumentInstant | null | undefined;
  /** Since when it is refused for ever. */
  readonly revoked_at?: DocumentInstant | null | undefined;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string | null | undefined;
  /** `organization_default` for the one key that only the owner may touch. */
  readonly kind?: "project" | "organization_default" | undefined;
}

/** A resource. It stands in its project. */
export interface ResourceEntry {
  /** The id of the resource. */
  readonly id: string;
  /** A kind of the policy. */
  readonly kind: string;
  /** What it is called. */
  readonly name?: string | null | undefined;
  /** Who made it; may name somebody who is gone. */
  readonly created_by?: string | null | undefined;
  /** When it was made. */
  readonly created_at?: DocumentInstant | null | undefined;
}

/** A way in which the platform is used. */
export interface SurfaceEntry {
  /** Its name. */
  readonly surface: string;
  /** Whether usage there is booked to the default project, whatever was meant. */
  readonly books_to_default_project?: boolean | undefined;
}

/** The surfaces that a question means that names none. */
export interface DefaultSurfaces {
  /** Of users. */
  readonly user: string;
  /** Of API keys. */
  readonly api_key: string;
}

/** A role in an organization. */
export interface OrganizationRoleEntry {
  /** Its name. */
  readonly role: string;
  /** The role that it implies in every project. */
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
  /** Whether it is for the owner alone. */
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

/** Verbs that the same roles have. */
export interface VerbsEntry {
  /** The project roles that have them. */
  readonly roles: readonly string[];
  /** The verbs: with `read`, `<kind>.read` is an action. */
  readonly verbs: readonly string[];
}

/** Roles, permissions, kinds and their support: every name in it is the policy's own. */
export interface PolicyDocument {
  /** The version of the format. */
  readonly format: "bailiwick-policy/1";
  /** Its id. */
  readonly id: string;
  /** The ways in which the platform is used. */
  readonly surfaces: readonly SurfaceEntry[];
  /** What a question means that names no surface. */
  readonly default_surfaces: DefaultSurfaces;
  /** The roles in organizations, strongest first. */
  readonly organization_roles: readonly OrganizationRoleEntry[];
  /** The roles in projects, strongest first. */
  readonly project_roles: readonly string[];
  /** The role of every member in the default project. */
  readonly default_project_role?: string | null | undefined;
  /** The role of a new collaborator. */
  readonly collaborator_role: string;
  /** What users may do with their own profile. */
  readonly self_actions?: readonly string[] | undefined;
  /** Who may do what to an organization. */
  readonly organization_actions?: readonly OrganizationActionEntry[] | undefined;
  /** Who may do what in a project. */
  readonly project_actions?: readonly ProjectActionEntry[] | undefined;
  /** The kind that API keys are. */
  readonly api_key_kind?: string | null | undefined;
  /** The verb that applies to a project alone. */
  readonly create_verb?: string | null | undefined;
  /** The action that an actor needs for a change; a verb of the resource's kind for `add_resource` and `remove_resource`. */
  readonly changes?: Readonly<Partial<Record<ChangeType, string | undefined>>> | undefined;
  /** The kinds of resources. */
  readonly kinds?: readonly KindEntry[] | undefined;
}

/** A kind of resource: where it is scoped to projects, and who may do what to it. */
export interface KindEntry {
  /** Its name. */
  readonly kind: string;
  /** What people call it. */
  readonly label?: string | null | undefined;
  /** Whether usage of it is reported by API key. */
  readonly usage_by_api_key?: boolean | undefined;
  /** By surface; a surface that is not named is unsupported. */
  readonly support?: Readonly<Record<string, "supported" | "unsupported" | "not_applicable" | undefined>> | undefined;
  /** Who may do what to them. */
  readonly verbs?: readonly VerbsEntry[] | undefined;
  /** What API keys of the project may do to them. */
  readonly api_key_verbs?: readonly string[] | undefined;
}

/** `T` as an import of JSON has it: what is one of a few words in `T` is any text. */
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
 * A document that was imported (`import directory from "./directory.json"`): TypeScript has forgotten which text its `format` is. One that is written
 * in TypeScript has a format, and is held to every word of it.
 */
export type Imported<T extends { readonly format: string }> = string extends T["format"] ? T : never;
