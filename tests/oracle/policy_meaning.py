"""How the names in a policy fit together: the faults of meaning, in no order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from change_shapes import BY_ONESELF, CHANGES, PLATFORMS
from document_shape import escaped
from documents import Json, actions_by_table

Fault = tuple[str, str]
ON_RESOURCE = ("add_resource", "remove_resource", "update_resource")
# A suspension needs a permission by what is suspended.
OF_SUSPENSION = {"suspend_organization", "suspend_project", "suspend_member"}
# What a policy can permit actors.
PERMITTED = (set(CHANGES) - PLATFORMS - set(BY_ONESELF) - {"suspend", "resume"}) | OF_SUSPENSION


def policy_faults(policy: Json, path: str) -> Iterator[Fault]:
    """All faults of meaning of a policy whose shape is right."""
    yield from _names(policy, path)
    yield from _roles(policy, path)
    yield from _surfaces_and_kinds(policy, path)
    yield from _keys(policy, path)
    yield from _changes(policy, path)
    yield from _listed(policy, path)


def _among(code: str, known: Iterable[str], asked: list[str], path: str) -> Iterator[Fault]:
    held = set(known)
    yield from ((code, f"{path}/{place}") for place, name in enumerate(asked) if name not in held)


def _twice(names: list[tuple[str, str]]) -> Iterator[Fault]:
    """Each name after its path."""
    taken: set[str] = set()
    for path, name in names:
        if name in taken:
            yield "duplicate_id", path
        taken.add(name)


def _entries(policy: Json, path: str, table: str, field: str) -> list[tuple[str, str]]:
    return [(f"{path}/{table}/{place}/{field}", entry[field]) for place, entry in enumerate(policy.get(table, []))]


def _names(policy: Json, path: str) -> Iterator[Fault]:
    yield from _twice(_entries(policy, path, "surfaces", "surface"))
    yield from _twice(_entries(policy, path, "organization_roles", "role"))
    yield from _twice([(f"{path}/project_roles/{place}", role) for place, role in enumerate(policy["project_roles"])])
    yield from _twice(_entries(policy, path, "visibilities", "visibility"))
    yield from _twice(_entries(policy, path, "api_key_scopes", "scope"))
    actions = [(f"{path}/self_actions/{place}", name) for place, name in enumerate(policy.get("self_actions", []))]
    actions += _entries(policy, path, "organization_actions", "action") + _entries(policy, path, "project_actions", "action")
    # In the order of the document, of which the second one is told.
    order = [field for field in policy if field.endswith("_actions")]
    yield from _twice(sorted(actions, key=lambda action: order.index(action[0].removeprefix(f"{path}/").split("/")[0])))
    taken = {name for _, name in actions}
    for kind_path, kind in _entries(policy, path, "kinds", "kind"):
        if kind in ("user", "organization", "project"):
            yield "duplicate_id", kind_path
        if ":" in kind:
            yield "invalid_id", kind_path
    yield from _twice(_entries(policy, path, "kinds", "kind"))
    for place, kind in enumerate(policy.get("kinds", [])):
        rows = f"{path}/kinds/{place}/verbs"
        verbs = [(f"{rows}/{n}/verbs/{m}", v) for n, row in enumerate(kind.get("verbs", [])) for m, v in enumerate(row["verbs"])]
        yield from _twice(verbs)
        yield from (("duplicate_id", place) for place, verb in verbs if f"{kind['kind']}.{verb}" in taken)


def _roles(policy: Json, path: str) -> Iterator[Fault]:
    of_organization = [role["role"] for role in policy["organization_roles"]]
    of_project = policy["project_roles"]
    for place, role in enumerate(policy["organization_roles"]):
        if role.get("project_role") is not None and role["project_role"] not in of_project:
            yield "unknown_role", f"{path}/organization_roles/{place}/project_role"
    if policy["collaborator_role"] not in of_project:
        yield "unknown_role", f"{path}/collaborator_role"
    automatic = policy.get("default_project_role")
    if isinstance(automatic, dict):
        yield from _by_role(policy, automatic, f"{path}/default_project_role")
    elif automatic is not None and automatic not in of_project:
        yield "unknown_role", f"{path}/default_project_role"
    for table, roles in (("organization_actions", of_organization), ("project_actions", of_project)):
        for place, action in enumerate(policy.get(table, [])):
            yield from _among("unknown_role", roles, action.get("roles", []), f"{path}/{table}/{place}/roles")
    for place, kind in enumerate(policy.get("kinds", [])):
        for number, row in enumerate(kind.get("verbs", [])):
            yield from _among("unknown_role", of_project, row["roles"], f"{path}/kinds/{place}/verbs/{number}/roles")
    for place, visibility in enumerate(policy.get("visibilities", [])):
        here = f"{path}/visibilities/{place}"
        yield from _by_role(policy, visibility.get("join", {}), f"{here}/join")
        for number, row in enumerate(visibility.get("actions", [])):
            yield from _among("unknown_role", of_organization, row["roles"], f"{here}/actions/{number}/roles")


def _by_role(policy: Json, given: Json, path: str) -> Iterator[Fault]:
    """An organization role that gives a project role."""
    roles = [role["role"] for role in policy["organization_roles"]]
    for held, gives in given.items():
        if held not in roles or gives not in policy["project_roles"]:
            yield "unknown_role", f"{path}/{escaped(held)}"


def _surfaces_and_kinds(policy: Json, path: str) -> Iterator[Fault]:
    surfaces = [surface["surface"] for surface in policy["surfaces"]]
    for side, surface in policy["default_surfaces"].items():
        if surface not in surfaces:
            yield "unknown_surface", f"{path}/default_surfaces/{side}"
    for place, kind in enumerate(policy.get("kinds", [])):
        here = f"{path}/kinds/{place}"
        yield from (("unknown_surface", f"{here}/support/{escaped(s)}") for s in kind.get("support", {}) if s not in surfaces)
        verbs = [verb for row in kind.get("verbs", []) for verb in row["verbs"]]
        yield from _among("unknown_action", verbs, kind.get("api_key_verbs", []), f"{here}/api_key_verbs")
    if policy.get("api_key_kind") is not None and policy["api_key_kind"] not in _kinds(policy):
        yield "unknown_kind", f"{path}/api_key_kind"
    if policy.get("create_verb") is not None and policy["create_verb"] not in _verbs(policy):
        yield "unknown_reference", f"{path}/create_verb"


def _kinds(policy: Json) -> list[str]:
    return [kind["kind"] for kind in policy.get("kinds", [])]


def _verbs(policy: Json) -> list[str]:
    return [verb for kind in policy.get("kinds", []) for row in kind.get("verbs", []) for verb in row["verbs"]]


def _actions(policy: Json, *tables: str) -> list[str]:
    found = actions_by_table(policy)
    return [name for table in tables or found for name in found[table]]


def _keys(policy: Json, path: str) -> Iterator[Fault]:
    """Scopes: what they name has to be there."""
    for place, scope in enumerate(policy.get("api_key_scopes", [])):
        here = f"{path}/api_key_scopes/{place}"
        yield from _among("unknown_action", _actions(policy), scope.get("actions", []), f"{here}/actions")
        yield from _among("unknown_reference", _verbs(policy), scope.get("verbs", []), f"{here}/verbs")
        yield from _among("unknown_kind", _kinds(policy), scope.get("kinds", []), f"{here}/kinds")


def _changes(policy: Json, path: str) -> Iterator[Fault]:
    for change, needed in policy.get("changes", {}).items():
        here = f"{path}/changes/{escaped(change)}"
        if change not in PERMITTED:
            yield "unknown_change", here
        elif change in ON_RESOURCE:
            if needed not in _verbs(policy):
                yield "unknown_reference", here
        elif needed not in _actions(policy):
            yield "unknown_action", here


def _listed(policy: Json, path: str) -> Iterator[Fault]:
    """Actions that visibilities give, and that suspensions leave."""
    for place, visibility in enumerate(policy.get("visibilities", [])):
        for number, row in enumerate(visibility.get("actions", [])):
            here = f"{path}/visibilities/{place}/actions/{number}/actions"
            yield from _among("unknown_action", _actions(policy, "project", "kind"), row["actions"], here)
    for side, names in policy.get("suspended_actions", {}).items():
        yield from _among("unknown_action", _actions(policy), names, f"{path}/suspended_actions/{side}")
