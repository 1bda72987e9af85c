"""Changes of API keys (C9 to C12, C22)."""

from __future__ import annotations

from documents import Json, OracleError, find, instant, passed, reference
from draft import Draft
from written import KEY


class KeyChanges(Draft):
    """Keys and what limits them."""

    def _key(self) -> Json:
        """A key that may be altered and ended: not the organization default key (C10)."""
        place = self.oracle.key(self.change["key"])
        if place is None:
            raise OracleError("not_found", "/key")
        if place[2]["kind"] == "organization_default":
            raise OracleError("default_key_not_revocable", "/key")
        return place[2]

    def _unlimited_actor(self) -> None:
        """C22: a key that has scopes, or acts as somebody, makes and alters no keys."""
        kind, name = reference(self.actor) if self.actor is not None else ("", "")
        key = self.oracle.key(name) if kind == "api_key" else None
        if key is not None and (key[2].get("scopes") is not None or key[2].get("acts_as") is not None):
            raise OracleError("exceeds_own_role", "")

    def _free_digest(self) -> None:
        """C9: the platform may give the digest of a revoked key again, an actor may not."""
        held = [key for key in self._all("api_keys") if self.actor is not None or "revoked_at" not in key]
        if self.change["digest"].lower() in [key.get("digest") for key in held]:
            raise OracleError("already_exists", "/digest")

    def _limits(self, key: Json) -> None:
        """C22: all projects are the platform's to give, and nobody gives a key that acts as somebody else."""
        if self.actor is not None and key.get("projects") == "all":
            raise OracleError("exceeds_own_role", "/projects" if "projects" in self.change else "")
        if self.actor is not None and key.get("acts_as") not in (None, self.acting_user):
            raise OracleError("exceeds_own_role", "/acts_as")

    def _known_limits(self, organization: Json) -> None:
        """What the change itself names has to be there."""
        scopes = [scope["scope"] for scope in self.policy.get("api_key_scopes", [])]
        for place, scope in enumerate(self.change.get("scopes") or []):
            if scope not in scopes:
                raise OracleError("unknown_scope", f"/scopes/{place}")
        further = self.change.get("projects")
        for place, name in enumerate(further if isinstance(further, list) else []):
            if find(organization["projects"], "id", name) is None:
                raise OracleError("unknown_reference", f"/projects/{place}")

    def create_api_key(self) -> None:
        """C9: the platform may say who made a key and when, an actor may not."""
        self._unlimited_actor()
        for field in ("created_by", "created_at"):
            if self.actor is not None and self.change.get(field) is not None:
                raise OracleError("exceeds_own_role", f"/{field}")
        self._limits(self.change)
        organization, project, _ = self._place()
        self._known_limits(organization)
        if self.oracle.key(self.change["key"]) is not None:
            raise OracleError("already_exists", "/key")
        self._free_digest()
        facts = {field: self.change.get(field) for field in ("name", "digest", "expires_at", "scopes", "acts_as", "projects")}
        made = {field: self.change[field] for field in ("created_by", "created_at") if self.change.get(field) is not None}
        project["api_keys"].append(self._new({"id": self.change["key"], **facts}, KEY, made))

    def update_api_key(self) -> None:
        """C22: as if the key were made anew; of one that acts as somebody only that person alters anything."""
        self._unlimited_actor()
        key = self._key()
        if self.actor is not None and key.get("acts_as") not in (None, self.acting_user):
            raise OracleError("exceeds_own_role", "/key")
        facts = {field: self.change[field] for field in ("name", "scopes", "projects", "acts_as") if field in self.change}
        self._limits(key | facts)
        place = self.oracle.key(key["id"])
        self._known_limits(place[0] if place else {"projects": []})
        self._edit_key(key, **facts)

    def remove_api_key(self) -> None:
        """The key is forgotten."""
        self._unlimited_actor()
        key = self._key()
        for _, project in self.oracle.projects:
            project["api_keys"] = [other for other in project["api_keys"] if other is not key]

    def revoke_api_key(self) -> None:
        """C10: what is revoked for a later time can be revoked for an earlier one."""
        self._unlimited_actor()
        key = self._key()
        if passed(key.get("revoked_at"), self.at):
            raise OracleError("already_revoked", "/key")
        self._edit_key(key, revoked_at=instant(self.at))

    def expire_api_key(self) -> None:
        """C11: what has ended is revived by nobody but the platform."""
        self._unlimited_actor()
        key = self._key()
        if self.actor is not None and passed(key.get("expires_at"), self.at):
            raise OracleError("key_expired", "/key")
        self._edit_key(key, expires_at=self.change["expires_at"])

    def regenerate_default_key(self) -> None:
        """C12: the old digest stops at once, and everything else stays."""
        self._unlimited_actor()
        organization = self._organization()
        keys = [key for project in organization["projects"] for key in project["api_keys"]]
        key = find(keys, "kind", "organization_default")
        if key is None:
            raise OracleError("not_found", "/organization")
        self._free_digest()
        self._edit_key(key, digest=self.change["digest"])
