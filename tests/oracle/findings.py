"""What is risky in a directory (section 16, `findings`): each finding as a predicate, and what must hold of an answer.

Where the rules leave open whether something is found, either answer will do: such findings are possible, the others certain.
"""

from __future__ import annotations

from collections.abc import Iterator

from documents import Json, passed, reference
from listings import principals
from rows import ended, groups_of, is_former, member
from scene import Scene
from written import row_name

FIELDS = ["finding", "severity", "subject", "on", "sentence", "fix"]
# By which references a finding is known. Whatever else it names is its own choice.
KNOWN_BY: dict[str, tuple[str, ...]] = {
    "key_creator_gone": ("api_key",),
    "key_creator_without_access": ("api_key",),
    "key_never_expires": ("api_key",),
    "key_of_external": ("api_key",),
    "key_user_gone": ("api_key",),
    "external_is_admin": ("user", "project"),
    "row_without_effect": ("user", "project"),
    "row_expired": ("user", "group", "project", "organization"),
    "project_without_admin": ("project",),
    "organization_with_one_admin": ("organization",),
    "group_empty": ("group",),
}
# The finding, and the references by which it is known.
Found = tuple[str, frozenset[str]]


def check_findings(scene: Scene, told: list[Json]) -> None:
    """Nothing is missed, nothing is invented, nothing is told twice, and each fix ends its finding."""
    assert all(list(one) == FIELDS for one in told), "fields"
    assert all(one["finding"] in KNOWN_BY for one in told), ("unknown", {one["finding"] for one in told} - set(KNOWN_BY))
    named = [known(one) for one in told]
    certain, possible = findings(scene)
    assert len(set(named)) == len(named), "twice"
    assert certain <= set(named), ("missed", certain - set(named))
    assert set(named) <= certain | possible, ("invented", set(named) - certain - possible)
    for one, name in zip(told, named, strict=True):
        assert all(isinstance(one[field], str) and one[field] for field in ("severity", "sentence")), one
        if one["fix"]:
            after = scene.can(one["fix"])
            assert after is not None, ("a fix that fails", one)
            assert name not in findings(after)[0], ("a fix that does not help", one)


def known(told: Json) -> Found:
    """What a finding is about, wherever it says so."""
    references = [told[field] for field in ("subject", "on") if told[field] is not None]
    return told["finding"], frozenset(one for one in references if reference(one)[0] in KNOWN_BY[told["finding"]])


def findings(scene: Scene) -> tuple[set[Found], set[Found]]:
    """The certain ones, and the possible ones."""
    certain: set[Found] = set()
    possible: set[Found] = set()
    for is_certain, finding, *about in _all(scene):
        (certain if is_certain else possible).add((finding, frozenset(about)))
    return certain, possible - certain


def _all(scene: Scene) -> Iterator[tuple[bool, str, *tuple[str, ...]]]:
    for organization, project in scene.oracle.projects:
        for key in project["api_keys"]:
            if not any(passed(key.get(field), scene.now) for field in ("revoked_at", "expires_at")):
                yield from _of_key(scene, organization, project, key)
        yield from _of_project(scene, organization, project)
        for row in project["collaborators"]:
            yield from _of_row(scene, organization, project, row)
    for organization in scene.oracle.organizations:
        yield from _of_organization(scene, organization)


def _of_key(scene: Scene, organization: Json, project: Json, key: Json) -> Iterator[tuple[bool, str, str]]:
    """Live keys alone. The default key has no end that a change could set; a key that acts as somebody ends with them, whoever made it."""
    oracle, name = scene.oracle, f"api_key:{key['id']}"
    usual, free = key["kind"] != "organization_default", key.get("acts_as") is None
    creator = key.get("created_by")
    if creator is not None and not oracle.knows("user", creator):
        yield usual and free, "key_creator_gone", name
    elif creator is not None and oracle.role_in(organization, project, creator, scene.now)[1] is None:
        yield usual and free, "key_creator_without_access", name
    if key.get("expires_at") is None:
        # One that will be revoked ends after all.
        yield usual and key.get("revoked_at") is None, "key_never_expires", name
    if oracle.maker_is_external(key, organization, project, scene.now):
        yield usual, "key_of_external", name
    if key.get("acts_as") is not None and not oracle.knows("user", key["acts_as"]):
        yield True, "key_user_gone", name
    elif key.get("acts_as") is not None and oracle.role_in(organization, project, key["acts_as"], scene.now)[1] is None:
        # The maker of such a key is that person (section 13).
        yield False, "key_creator_without_access", name


def _of_project(scene: Scene, organization: Json, project: Json) -> Iterator[tuple[bool, str, str]]:
    """Nobody has the strongest role there, whatever gives it. Those who are suspended or external may count or not."""
    strongest, oracle = scene.oracle.policy["project_roles"][0], scene.oracle
    users = [name for kind, name in principals(oracle) if kind == "user"]
    admins = [user for user in users if oracle.role_in(organization, project, user, scene.now)[1] == strongest]
    able = [user for user in admins if not oracle.is_suspended_user(user, organization, scene.now)]
    if not any(member(organization, user, scene.now) is not None for user in able):
        yield not admins, "project_without_admin", f"project:{project['id']}"


def _of_row(scene: Scene, organization: Json, project: Json, row: Json) -> Iterator[tuple[bool, str, str, str]]:
    """Rows of externals, and what has ended. Of a former member the rows count no more, whatever they say."""
    about = (row_name(row), f"project:{project['id']}")
    if ended(row, scene.now):
        yield True, "row_expired", *about
    elif "user" in row and member(organization, row["user"], scene.now) is None:
        former, opened = is_former(organization, row["user"], scene.now), project["allow_external_collaborators"]
        if not opened or former:
            yield not former, "row_without_effect", *about
        if former:
            yield False, "row_expired", *about
        strongest, *weaker = scene.oracle.policy["project_roles"]
        if row["role"] == strongest:
            # Where there is one role alone, nobody could have a weaker one.
            yield opened and not former and bool(weaker), "external_is_admin", *about


def _of_organization(scene: Scene, organization: Json) -> Iterator[tuple[bool, str, *tuple[str, ...]]]:
    """One member alone with the strongest role; groups without anybody who counts; memberships that have ended."""
    strongest, own = scene.oracle.policy["organization_roles"][0]["role"], f"organization:{organization['id']}"
    rows = [member(organization, row["user"], scene.now) for row in organization["members"]]
    admins = [row["user"] for row in rows if row is not None and row["role"] == strongest]
    able = [user for user in admins if not scene.oracle.is_suspended_user(user, organization, scene.now)]
    if min(len(admins), len(able)) <= 1:
        yield len(admins) == 1, "organization_with_one_admin", own
    for row in organization["members"]:
        if ended(row, scene.now):
            yield True, "row_expired", f"user:{row['user']}", own
    for group in organization.get("groups", []):
        about = f"group:{group['id']}"
        if not any(group["id"] in groups_of(organization, row["user"], scene.now) for row in group["members"]):
            yield True, "group_empty", about
        for row in group["members"]:
            if ended(row, scene.now):
                yield True, "row_expired", f"user:{row['user']}", about
            elif is_former(organization, row["user"], scene.now):
                yield False, "row_expired", f"user:{row['user']}", about
