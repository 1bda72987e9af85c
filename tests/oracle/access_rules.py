"""Rules A1 to A30: decisions."""

from __future__ import annotations

from documents import Json, find, milliseconds, passed, reference, support
from lookups import Place
from rows import member_role, row_role
from suspension import Suspension, is_suspended_scope

# The rule that applies, whether it is allowed, why, and the role that counted.
Verdict = tuple[str, bool, str, str | None]


class AccessRules(Suspension):
    """The decisions of one directory."""

    def check_access(self, request: Json) -> Json:
        """The whole decision on one request."""
        return self.ruling(request)[1]

    def ruling(self, request: Json) -> tuple[str, Json]:
        """The first rule that applies, and the decision that it leads to."""
        principal_type, principal = reference(request["principal"])
        resource_type, resource = reference(request["resource"])
        at = milliseconds(request["at"])
        surface = self.surface(request, principal_type)
        if self.is_stale(request, at):
            return "A1", self.decision("snapshot_stale")
        if request["action"] not in self.declared:
            self.declared[request["action"]] = self.find_action(request["action"])
        action = self.declared[request["action"]]
        if action is None:
            return "A2", self.decision("unknown_action")
        if not self.knows(principal_type, principal):
            return "A3", self.decision("unknown_principal")
        key = self.key(principal) if principal_type == "api_key" else None
        if key is not None and passed(key[2].get("revoked_at"), at):
            return "A4", self.decision("key_revoked")
        if key is not None and passed(key[2].get("expires_at"), at):
            return "A5", self.decision("key_expired")
        place = self.place(resource_type, resource)
        if place is None:
            return "A6", self.decision("unknown_resource")
        if not self._applies(action, resource_type):
            return "A7", self.decision("action_not_applicable", place)
        kind = action.get("kind")
        if kind is not None and support(kind, surface) == "not_applicable":
            return "A8", self.decision("surface_not_applicable", place)
        suspended = self.is_suspended_principal(principal_type, principal, place[0], at)
        if suspended and not self.may_still("principal", action["action"]):
            return "A25", self.decision("principal_suspended", place)
        if is_suspended_scope(place, at) and not self.may_still("scope", action["action"]):
            return "A26", self.decision("scope_suspended", place)

        # A9: the scope rules
        if action["table"] == "self":
            oneself = principal_type == "user" and principal == resource
            return "A18", self.decision("self" if oneself else "not_self", place, oneself)
        if self._is_closed(resource_type, place, principal if key is None else None):
            return "A24", self.decision("owner_only", place)
        found = self._of_user(action, place, principal, at) if key is None else self._of_key(action, place, key, at)
        rule, allowed, reason, role = found
        caveats = self._caveats(place, kind, surface, key, principal, at) if allowed else []
        return rule, self.decision(reason, place, allowed, role, caveats)

    def _caveats(self, place: Place, kind: Json | None, surface: str, key: Place | None, principal: str, at: int) -> list[str]:
        """What an allowed kind action brings with it where the platform does not scope the kind."""
        if kind is None or support(kind, surface) != "unsupported":
            return []
        organization, project, _ = place
        external = member_role(organization, principal, at) is None
        if key is not None:
            external = self.maker_is_external(key[2], organization, project, at)
        if external:
            return ["not_project_aware", "usage_may_leave_organization"]
        return ["not_project_aware"] + ([] if project.get("default", False) else ["usage_attributed_to_default_project"])

    def find_action(self, name: str) -> Json | None:
        """A2: the table that holds an action, and its permissions."""
        if name in self.policy.get("self_actions", []):
            return {"table": "self", "action": name}
        for table in ("organization", "project"):
            entry = find(self.policy.get(f"{table}_actions", []), "action", name)
            if entry is not None:
                return entry | {"table": table}
        for kind in self.kinds:
            for row in kind.get("verbs", []):
                for verb in row["verbs"]:
                    if f"{kind['kind']}.{verb}" == name:
                        by_key = verb in kind.get("api_key_verbs", [])
                        action = {"table": "kind", "action": name, "kind": kind, "verb": verb}
                        return action | {"roles": row["roles"], "api_key": by_key, "external": row.get("external", True)}
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

    def _is_closed(self, resource_type: str, place: Place, user: str | None) -> bool:
        """A24: the organization default key is the owner's, unless the policy opens it."""
        # A kind of a policy may have any name, so only keys are asked for theirs.
        is_key = resource_type == self.policy.get("api_key_kind")
        is_default_key = is_key and place[2].get("kind") == "organization_default"
        return is_default_key and self.policy.get("default_key_owner_only", True) and user != place[0]["owner"]

    # Users

    def _of_user(self, action: Json, place: Place, user: str, at: int) -> Verdict:
        if action["table"] == "organization":
            return self._on_organization(user, action, place[0], at)
        return self._on_project(user, action, place[0], place[1], at)

    def _on_organization(self, user: str, action: Json, organization: Json, at: int) -> Verdict:
        """A10 to A16: a user's organization actions."""
        role = member_role(organization, user, at)
        if action.get("owner", False):
            if role is not None and user == organization["owner"]:
                return "A10", True, "owner", role
            if role is not None:
                return "A11", False, "owner_only", role
        if role is not None:
            if role in action.get("roles", []):
                return "A12", True, "organization_role", role
            return "A13", False, "role_lacks_permission", role
        rows = [p for p in organization["projects"] if row_role(organization, p, user, at) is not None]
        if any(p.get("allow_external_collaborators", False) for p in rows):
            if action.get("external", False):
                return "A14", True, "external_collaborator", None
            return "A14", False, "external_no_organization_access", None
        if rows:
            return "A15", False, "external_collaborators_disabled", None
        return "A16", False, "not_a_member", None

    def _on_project(self, user: str, action: Json, organization: Json, project: Json, at: int) -> Verdict:
        """A19 to A21, A28: a user's project and kind actions."""
        held = member_role(organization, user, at)
        if held is None:
            reason, role = self.external_role(organization, project, user, at)
            if role is None:
                return "A20" if reason == "not_a_collaborator" else "A21", False, reason, None
            if role not in action.get("roles", []):
                return "A21", False, "role_lacks_permission", role
            if not action.get("external", True):
                return "A21", False, "not_for_externals", role
            return "A21", True, reason, role
        found = self.counting(organization, project, user, at)
        for source, role in found:
            if role in action.get("roles", []):
                return "A19", True, source, role
        for row in self.visibility(project).get("actions", []):
            if held in row["roles"] and action["action"] in row["actions"]:
                return "A28", True, "project_visibility", held
        return ("A19", False, "role_lacks_permission", found[0][1]) if found else ("A19", False, "not_a_collaborator", None)

    # Keys

    def _of_key(self, action: Json, place: Place, key: Place, at: int) -> Verdict:
        organization, project, _ = place
        of_organization = action["table"] == "organization"
        if of_organization:
            reached = key[0]["id"] == organization["id"] and key[2].get("projects") == "all"
        else:
            reached = self.reaches(key, project)
        if not reached:
            return "A17" if of_organization else "A22", False, "key_out_of_scope", None
        if not action.get("api_key", False):
            return "A17" if of_organization else "A23", False, "key_lacks_permission", None
        scopes = key[2].get("scopes")
        if scopes is not None and not any(self._permits(scope, action) for scope in scopes):
            return "A29", False, "key_scope_lacks_permission", None
        user = key[2].get("acts_as")
        if user is not None and not (self.knows("user", user) and self._of_user(action, place, user, at)[1]):
            return "A30", False, "key_user_lacks_access", None
        if of_organization:
            return "A17", True, "api_key_scope", None
        return "A23" if user is None else "A30", True, "api_key_scope", None

    def _permits(self, name: str, action: Json) -> bool:
        """A29: a scope has its actions, its verbs of every kind, and every verb of its kinds."""
        scope = find(self.policy.get("api_key_scopes", []), "scope", name) or {}
        by_kind = action["table"] == "kind" and action["kind"]["kind"] in scope.get("kinds", [])
        by_verb = action["table"] == "kind" and action["verb"] in scope.get("verbs", [])
        return action["action"] in scope.get("actions", []) or by_kind or by_verb

    def decision(
        self,
        reason: str,
        place: Place = ({}, {}, {}),
        allowed: bool = False,
        role: str | None = None,
        caveats: list[str] | None = None,
    ) -> Json:
        """A decision with everything that belongs to it."""
        decision: Json = {"allowed": allowed, "reason": reason, "role": role}
        decision |= {"organization": place[0].get("id"), "project": place[1].get("id")}
        return decision | {"caveats": caveats or []} | self.ending
