import type { DocumentInstant } from "./documents.js";
import type { Reference } from "./types.js";

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

interface OfKey {
  /** The id of the API key. */
  readonly key: string;
}

interface OfDigest {
  /** `sha256:` and 64 hexadecimal digits, never the secret. */
  readonly digest: string;
}

/** A user becomes a member of an organization (C1). */
export interface AddMember extends OfOrganization, OfUser {
  /** What the change does. */
  readonly type: "add_member";
  /** The user's address. */
  readonly email?: string | null | undefined;
  /** Their organization role; the weakest where it is left out. */
  readonly role?: string | null | undefined;
}

/** A member leaves, with every collaborator row in the organization (C2). */
export interface RemoveMember extends OfOrganization, OfUser {
  /** What the change does. */
  readonly type: "remove_member";
}

/** A member gets another organization role (C3). */
export interface SetMemberRole extends OfOrganization, OfUser {
  /** What the change does. */
  readonly type: "set_member_role";
  /** The new role. */
  readonly role: string;
}

/** An organization gets another project (C4). */
export interface CreateProject extends OfOrganization {
  /** What the change does. */
  readonly type: "create_project";
  /** The id of the new project. */
  readonly project: string;
  /** What it is called. */
  readonly name: string;
}

/** A project opens to external collaborators, or closes (C5). */
export interface SetExternalCollaborators extends OfProject {
  /** What the change does. */
  readonly type: "set_external_collaborators";
  /** Whether it is open. */
  readonly allowed: boolean;
}

/** A user becomes a collaborator of a project (C6). */
export interface AddCollaborator extends OfProject, OfUser {
  /** What the change does. */
  readonly type: "add_collaborator";
  /** Their project role; the policy's `collaborator_role` where it is left out. */
  readonly role?: string | null | undefined;
}

/** A collaborator leaves a project (C7). */
export interface RemoveCollaborator extends OfProject, OfUser {
  /** What the change does. */
  readonly type: "remove_collaborator";
}

/** A collaborator gets another project role (C8). */
export interface SetCollaboratorRole extends OfProject, OfUser {
  /** What the change does. */
  readonly type: "set_collaborator_role";
  /** The new role. */
  readonly role: string;
}

/** A project gets another API key (C9). */
export interface CreateApiKey extends OfProject, OfDigest {
  /** What the change does. */
  readonly type: "create_api_key";
  /** The id of the new key. */
  readonly key: string;
  /** What it is called. */
  readonly name?: string | null | undefined;
  /** From when on it is refused; never where it is left out. */
  readonly expires_at?: DocumentInstant | null | undefined;
  /** Whose key it is, where the platform says so: the id of a user. Without it the actor made it. */
  readonly created_by?: string | null | undefined;
  /** When it was made, where the platform says so. Without it now. */
  readonly created_at?: DocumentInstant | null | undefined;
}

/** An API key stops for ever (C10). */
export interface RevokeApiKey extends OfKey {
  /** What the change does. */
  readonly type: "revoke_api_key";
}

/** An API key gets an end, another one, or none (C11). */
export interface ExpireApiKey extends OfKey {
  /** What the change does. */
  readonly type: "expire_api_key";
  /** From when on it is refused; null: never. */
  readonly expires_at: DocumentInstant | null;
}

/** The organization default key gets another secret (C12). */
export interface RegenerateDefaultKey extends OfOrganization, OfDigest {
  /** What the change does. */
  readonly type: "regenerate_default_key";
}

/** A project gets another resource. */
export interface AddResource extends OfProject {
  /** What the change does. */
  readonly type: "add_resource";
  /** The id of the new resource. */
  readonly resource: string;
  /** Its kind, one of the policy's. */
  readonly kind: string;
  /** What it is called. */
  readonly name?: string | null | undefined;
}

/** A resource goes. */
export interface RemoveResource {
  /** What the change does. */
  readonly type: "remove_resource";
  /** Which: a reference, since kinds may share ids. */
  readonly resource: Reference;
}

/** A change (rules C1 to C12 and C24). Fields hold ids, but for `resource` of `remove_resource`, which is a reference. */
export type Change =
  | AddMember
  | RemoveMember
  | SetMemberRole
  | CreateProject
  | SetExternalCollaborators
  | AddCollaborator
  | RemoveCollaborator
  | SetCollaboratorRole
  | CreateApiKey
  | RevokeApiKey
  | ExpireApiKey
  | RegenerateDefaultKey
  | AddResource
  | RemoveResource;

// What is not exported above is nobody's to import.
export {};
