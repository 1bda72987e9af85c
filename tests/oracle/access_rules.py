"""Rules A1 to A24: decisions."""

from __future__ import annotations

from documents import Json, find, member_role, milliseconds, passed, reference, row_role, support
from lookups import Lookups, Place


def created_by_external(key: Place) -> bool:
    """B5: the creator is no member, and holds a row in it, effective or not."""
    organization, project, entry = key
    creator = entry.get("created_by")
    member = member_role(organization, creator) is not None
    return not member and row_role(project, creator) is not None


class AccessRules(Lookups):
    """The decisions of one directory."""

    def check_access(self, request: Json) -> Json:
        """The whole decision on one request."""
        principal_type, principal = reference(request["principal"])
        resource_type, resource = reference(request["resource"])
        at = milliseconds(request["at"])
        surface = self.surface(request, principal_type)
        if self.is_stale(request, at):  # A1
            return self._decision("snapshot_stale")
        action = self._action(request["action"])
        if action is None:  # A2
            return self._decision("unknown_action")
        if not self.knows(principal_type, principal):  # A3
            return self._decision("unknown_principal")
        key = self.key(principal) if principal_type == "api_key" else None
        if key is not None and passed(key[2].get("revoked_at"), at):  # A4
            return self._decision("key_revoked")
        if key is not None and passed(key[2].get("expires_at"), at):  # A5
            return self._decision("key_expired")
        place = self.place(resource_type, resource)
        if place is None:  # A6
            return self._decision("unknown_resource")
        if not self._applies(action, resource_type):  # A7
            return self._decision("action_not_applicable", place)
        kind = action.get("kind")
        if kind is not None and support(kind, surface) == "not_applicable":  # A8
            return self._decision("surface_not_applicable", place)

        # A9: the scope rules
        if action["table"] == "self":  # A18
            oneself = principal_type == "user" and principal == resource
            return self._decision("self" if oneself else "not_self", place, oneself)
        if action["table"] == "organization":
            if key is not None:  # A17
                return self._decision("key_out_of_scope", place)
            return self._on_organization(principal, action, place)

        organization, project, thing = place
        # A kind of a policy may have any name, so only keys are asked for theirs.
        is_key = resource_type == self.policy.get("api_key_kind")
        is_default_key = is_key and thing.get("kind") == "organization_default"
        is_owner = key is None and principal == organization["owner"]
        if is_default_key and not is_owner:  # A24
            return self._decision("owner_only", place)
        role: str | None = None
        if key is not None:
            if key[1]["id"] != project["id"]:  # A22
                return self._decision("key_out_of_scope", place)
            if not action.get("api_key", False):  # A23
                return self._decision("key_lacks_permission", place)
            reason, external = "api_key_scope", created_by_external(key)  # A23
        else:
            external = member_role(organization, principal) is None
            reason, role = self.role_in(organization, project, principal)
            if role is None:
                return self._decision(reason, place)
            if role not in action.get("roles", []):  # A19, A21
                return self._decision("role_lacks_permission", place, False, role)

        caveats: list[str] = []
        if kind is not None and support(kind, surface) == "unsupported":
            caveats.append("not_project_aware")
            if external:
                caveats.append("usage_may_leave_organization")
            elif not project.get("default", False):
                caveats.append("usage_attributed_to_default_project")
        return self._decision(reason, place, True, role, caveats)

    def _action(self, name: str) -> Json | None:
        """A2: the table that holds an action, and its permissions."""
        if name in self.policy.get("self_actions", []):
            return {"table": "self"}
        for table in ("organization", "project"):
            entry = find(self.policy.get(f"{table}_actions", []), "action", name)
            if entry is not None:
                return entry | {"table": table}
        for kind in self.kinds:
            for row in kind.get("verbs", []):
                for verb in row["verbs"]:
                    if f"{kind['kind']}.{verb}" == name:
                        by_key = verb in kind.get("api_key_verbs", [])
                        action = {"table": "kind", "kind": kind, "verb": verb}
                        return action | {"roles": row["roles"], "api_key": by_key}
        return None

    def _applies(self, action: Json, resource_type: str) -> bool:
        """A7: which types an action is for."""
        if action["table"] == "self":
            return resource_type == "user"
        if action["table"] != "kind":
            return bool(resource_type == action["table"])
        alone = action["verb"] == self.policy.get("create_verb")
        on_kind = resource_type == action["kind"]["kind"] and not alone
        return resource_type == "project" or on_kind

    def _on_organization(self, user: str, action: Json, place: Place) -> Json:
        """A10 to A16: a user's organization actions."""
        organization = place[0]
        role = member_role(organization, user)
        if action.get("owner", False):
            if user == organization["owner"]:  # A10
                return self._decision("owner", place, True, role)
            if role is not None:  # A11
                return self._decision("owner_only", place, False, role)
        if role is not None:
            if role in action.get("roles", []):  # A12
                return self._decision("organization_role", place, True, role)
            return self._decision("role_lacks_permission", place, False, role)  # A13
        rows = [p for p in organization["projects"] if row_role(p, user) is not None]
        if any(p.get("allow_external_collaborators", False) for p in rows):  # A14
            if action.get("external", False):
                return self._decision("external_collaborator", place, True)
            return self._decision("external_no_organization_access", place)
        if rows:  # A15
            return self._decision("external_collaborators_disabled", place)
        return self._decision("not_a_member", place)  # A16

    def _decision(
        self,
        reason: str,
        place: Place = ({}, {}, {}),
        allowed: bool = False,
        role: str | None = None,
        caveats: list[str] | None = None,
    ) -> Json:
        decision: Json = {"allowed": allowed, "reason": reason, "role": role}
        decision |= {"organization": place[0].get("id"), "project": place[1].get("id")}
        return decision | {"caveats": caveats or []} | self.ending
