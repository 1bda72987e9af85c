import type { DocumentInstant } from "./documents.js";
import type { Reference } from "./types.js";

// Changes of API keys and resources.

/**
 * A project gets another API key (C9, C22). As an actor: one with the permission in every project that the key reaches.
 *
 * @example guard.apply({ type: "create_api_key", project: "prj_tide", key: "key_ci", digest: newApiKey().digest })
 * @throws BailiwickError `not_found`, `already_exists`, `unknown_scope`, `unknown_reference`, `exceeds_own_role`
 */
export interface CreateApiKey {
  /** The type of the change. */
  readonly type: "create_api_key";
  /** The id of the new key. */
  readonly key: string;
  /** Its name. */
  readonly name?: string | null | undefined;
  /** The instant from which it is refused; it does not expire if left out. */
  readonly expires_at?: DocumentInstant | null | undefined;
  /** Who made it: the id of a user. Only the platform may say it. If left out: the actor, if that is a user. */
  readonly created_by?: string | null | undefined;
  /** When it was made. Only the platform may say it. If left out: `at`. */
  readonly created_at?: DocumentInstant | null | undefined;
  /** Scopes of the policy to which the key is limited; not limited if left out or null. */
  readonly scopes?: readonly string[] | null | undefined;
  /** The user whose access limits the key (A30); for an actor, only themselves; not limited if left out or null. */
  readonly acts_as?: string | null | undefined;
  /** Further projects of the organization that the key reaches, or `"all"`, which only the platform may say. */
  readonly projects?: readonly string[] | "all" | null | undefined;
  /** `sha256:` and 64 hexadecimal digits, never the secret. Make the secret yourself: never let a caller choose the digest. */
  readonly digest: string;
  /** The id of the project. */
  readonly project: string;
}

/**
 * Name or limits of an API key are replaced (C22). What is left out stays; null clears. Of a key that acts as somebody, only that user may be the actor.
 *
 * @example guard.apply({ type: "update_api_key", key: "key_ci", scopes: ["read_only"] })
 * @throws BailiwickError `not_found`, `default_key_not_revocable`, `unknown_scope`, `unknown_reference`, `exceeds_own_role`
 */
export interface UpdateApiKey {
  /** The type of the change. */
  readonly type: "update_api_key";
  /** Its name. */
  readonly name?: string | null | undefined;
  /** Scopes of the policy to which the key is limited. */
  readonly scopes?: readonly string[] | null | undefined;
  /** The user whose access limits the key (A30); for an actor, only themselves. */
  readonly acts_as?: string | null | undefined;
  /** Further projects of the organization that the key reaches, or `"all"`, which only the platform may say. */
  readonly projects?: readonly string[] | "all" | null | undefined;
  /** The id of the API key. */
  readonly key: string;
}

/**
 * An API key is revoked, for ever (C10).
 *
 * @example guard.apply({ type: "revoke_api_key", key: "key_ci" })
 * @throws BailiwickError `not_found`, `default_key_not_revocable`, `already_revoked`
 */
export interface RevokeApiKey {
  /** The type of the change. */
  readonly type: "revoke_api_key";
  /** The id of the API key. */
  readonly key: string;
}

/**
 * An API key is forgotten: from then on it is an `unknown_principal` (C22).
 *
 * @example guard.apply({ type: "remove_api_key", key: "key_ci" })
 * @throws BailiwickError `not_found`, `default_key_not_revocable`, `exceeds_own_role`
 */
export interface RemoveApiKey {
  /** The type of the change. */
  readonly type: "remove_api_key";
  /** The id of the API key. */
  readonly key: string;
}

/**
 * The expiry of an API key is set, replaced or removed (C11). An actor cannot revive a key that has expired.
 *
 * @example guard.apply({ type: "expire_api_key", key: "key_ci", expires_at: null })
 * @throws BailiwickError `not_found`, `default_key_not_revocable`, `key_expired`
 */
export interface ExpireApiKey {
  /** The type of the change. */
  readonly type: "expire_api_key";
  /** The instant from which it is refused; null: it does not expire. */
  readonly expires_at: DocumentInstant | null;
  /** The id of the API key. */
  readonly key: string;
}

/**
 * The organization default key gets another secret (C12).
 *
 * @example guard.apply({ type: "regenerate_default_key", organization: "org_acme", digest: newApiKey().digest })
 * @throws BailiwickError `not_found`, `already_exists`
 */
export interface RegenerateDefaultKey {
  /** The type of the change. */
  readonly type: "regenerate_default_key";
  /** The id of the organization. */
  readonly organization: string;
  /** `sha256:` and 64 hexadecimal digits, never the secret. Make the secret yourself: never let a caller choose the digest. */
  readonly digest: string;
}

/**
 * A project gets another resource.
 *
 * @example guard.apply({ type: "add_resource", project: "prj_tide", resource: "cl_1", kind: "instant_cluster" })
 * @throws BailiwickError `not_found`, `unknown_kind`, `already_exists`
 */
export interface AddResource {
  /** The type of the change. */
  readonly type: "add_resource";
  /** The id of the new resource. */
  readonly resource: string;
  /** Its kind, one of the policy's. */
  readonly kind: string;
  /** Its name. */
  readonly name?: string | null | undefined;
  /** The id of the project. */
  readonly project: string;
}

/**
 * The name of a resource is replaced. What is left out stays; null clears.
 *
 * @example guard.apply({ type: "update_resource", resource: "instant_cluster:cl_1", name: "Blue" })
 * @throws BailiwickError `not_found`
 */
export interface UpdateResource {
  /** The type of the change. */
  readonly type: "update_resource";
  /** Which resource, as a reference. */
  readonly resource: Reference;
  /** Its name. */
  readonly name?: string | null | undefined;
}

/**
 * A resource moves to another project (C17). As an actor: within the organization, with permission to remove it here and to add it there.
 *
 * @example guard.apply({ type: "move_resource", resource: "instant_cluster:cl_1", project: "prj_tide" })
 * @throws BailiwickError `not_found`, `exceeds_own_role` at `/project`
 */
export interface MoveResource {
  /** The type of the change. */
  readonly type: "move_resource";
  /** Which resource, as a reference. */
  readonly resource: Reference;
  /** The id of the project that it moves to. */
  readonly project: string;
}

/**
 * A resource is removed.
 *
 * @example guard.apply({ type: "remove_resource", resource: "instant_cluster:cl_1" })
 * @throws BailiwickError `not_found`
 */
export interface RemoveResource {
  /** The type of the change. */
  readonly type: "remove_resource";
  /** Which resource, as a reference. */
  readonly resource: Reference;
}
