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
  /** The type of the change. */
  readonly type: "add_member";
  /** The user's address. */
  readonly email?: string | null | undefined;
  /** Their organization role; the weakest if left out. */
  readonly role?: string | null | undefined;
}

/** A member is removed, with all their collaborator rows in the organization (C2). */
export interface RemoveMember extends OfOrganization, OfUser {
  /** The type of the change. */
  readonly type: "remove_member";
}

/** A member gets another organization role (C3). */
export interface SetMemberRole extends OfOrganization, OfUser {
  /** The type of the change. */
  readonly type: "set_member_role";
  /** The new role. */
  readonly role: string;
}

/** An organization gets another project (C4). */
export interface CreateProject extends OfOrganization {
  /** The type of the change. */
  readonly type: "create_project";
  /** The id of the new project. */
  readonly project: string;
  /** Its name. */
  readonly name: string;
}

/** A project starts or stops to allow external collaborators (C5). */
export interface SetExternalCollaborators extends OfProject {
  /** The type of the change. */
  readonly type: "set_external_collaborators";
  /** Whether it allows them. */
  readonly allowed: boolean;
}

/** A user becomes a collaborator of a project (C6). */
export interface AddCollaborator extends OfProject, OfUser {
  /** The type of the change. */
  readonly type: "add_collaborator";
  /** Their project role. If left out: the policy's `collaborator_role`, or the role that their organization role implies, if that is stronger. */
  readonly role?: string | null | undefined;
}

/** A collaborator is removed from a project (C7). */
export interface RemoveCollaborator extends OfProject, OfUser {
  /** The type of the change. */
  readonly type: "remove_collaborator";
}

/** A collaborator gets another project role (C8). */
export interface SetCollaboratorRole extends OfProject, OfUser {
  /** The type of the change. */
  readonly type: "set_collaborator_role";
  /** The new role. */
  readonly role: string;
}

/** A project gets another API key (C9). */
export interface CreateApiKey extends OfProject, OfDigest {
  /** The type of the change. */
  readonly type: "create_api_key";
  /** The id of the new key. */
  readonly key: string;
  /** Its name. */
  readonly name?: string | null | undefined;
  /** The instant from which it is refused; it does not expire if left out. */
  readonly expires_at?: DocumentInstant | null | undefined;
  /** Who made it: the id of a user. Only the platform may pass it. If left out: the actor, if that is a user. */
  readonly created_by?: string | null | undefined;
  /** When it was made. Only the platform may pass it. If left out: `at`. */
  readonly created_at?: DocumentInstant | null | undefined;
}

/** An API key is revoked, for ever (C10). */
export interface RevokeApiKey extends OfKey {
  /** The type of the change. */
  readonly type: "revoke_api_key";
}

/** The expiry of an API key is set, replaced or removed (C11). */
export interface ExpireApiKey extends OfKey {
  /** The type of the change. */
  readonly type: "expire_api_key";
  /** The instant from which it is refused; null: it does not expire. */
  readonly expires_at: DocumentInstant | null;
}

/** The organization default key gets another secret (C12). */
export interface RegenerateDefaultKey extends OfOrganization, OfDigest {
  /** The type of the change. */
  readonly type: "regenerate_default_key";
}

/** A project gets another resource. */
export interface AddResource extends OfProject {
  /** The type of the change. */
  readonly type: "add_resource";
  /** The id of the new resource. */
  readonly resource: string;
  /** Its kind, one of the policy's. */
  readonly kind: string;
  /** Its name. */
  readonly name?: string | null | undefined;
}

/** A resource is removed. */
export interface RemoveResource {
  /** The type of the change. */
  readonly type: "remove_resource";
  /** Which resource, as a reference. */
  readonly resource: Reference;
}

/** A change (rules C1 to C12 and C24). Fields contain ids; only `resource` of `remove_resource` is a reference. */
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

// Without this line, TypeScript would export all names of the file.
export {};
