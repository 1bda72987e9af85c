"""What must hold of an explanation of a decision (section 16, `explain`)."""

from __future__ import annotations

from change_shapes import BY_ONESELF
from documents import Json, reference
from facts import PEOPLE, check_facts, without
from listings import principals
from scene import Scene, rule_of
from suggestions import helps, suggestions

FIELDS = ["decision", "rule", "sentence", "facts", "would_allow"]
MOST = 10
# Changes that give somebody a role who has none there, and whose roles those are.
GIVING = {"add_collaborator": "project", "add_member": "organization"}
# Changes that give something to more people than the one who asks.
SWITCHES = ("set_external_collaborators", "set_visibility")


def check_explanation(scene: Scene, request: Json, told: Json) -> None:
    """The whole answer on one request, which has no instant of its own."""
    asked = request | {"at": scene.at}
    assert list(told) == FIELDS, list(told)
    assert told["decision"] == scene.dated.check_access(asked), ("decision", told["decision"])
    assert told["rule"] == rule_of(scene.dated, asked), ("rule", told["rule"], rule_of(scene.dated, asked))
    assert isinstance(told["sentence"], str) and told["sentence"], "a sentence"
    check_facts(scene, told["facts"])
    if told["decision"]["allowed"]:
        assert told["would_allow"] == [], "nothing has to change"
        check_ground(scene, request, told["facts"])
    elif told["rule"] == "A1":
        assert told["would_allow"] == [], "no change makes a directory younger"
    else:
        check_would_allow(scene, request, told["would_allow"])


def check_ground(scene: Scene, request: Json, facts: list[Json]) -> None:
    """What an allowed question rests on: without these rows it is denied."""
    kind, name = reference(request["principal"])
    people = [fact for fact in facts if fact["fact"] in PEOPLE]
    if reference(request["resource"])[0] == "user":
        # On oneself: there has to be such a person, and no more.
        people = [fact for fact in facts if fact["fact"] == "user"]
    key = scene.oracle.key(name) if kind == "api_key" else None
    if key is None or key[2].get("acts_as") is not None:
        assert not without(scene, people).allows(request), ("still allowed without", people)
    if key is not None:
        named = [fact for fact in facts if fact["fact"] == "api_key"]
        assert not without(scene, named).allows(request), ("still allowed without", named)


def check_would_allow(scene: Scene, request: Json, told: list[Json]) -> None:
    """Each change allows the question, whoever is named may make it, and weaker roles come first."""
    changes = [entry["change"] for entry in told]
    assert all(change not in changes[:place] for place, change in enumerate(changes)), ("twice", changes)
    for entry in told:
        assert list(entry) == ["change", "by"], list(entry)
        change, by = entry["change"], entry["by"]
        assert len(by) <= MOST and len(set(by)) == len(by), ("by", by)
        if change["type"] in BY_ONESELF:
            assert by, ("nobody does it for themselves", change)
        else:
            assert helps(scene, request, change), ("does not allow", change)
        for who in by:
            assert helps(scene, request, change, who), ("may not", who, change)
        if len(by) < MOST:
            others = [name for kind, name in principals(scene.oracle) if kind == "user" and f"user:{name}" not in by]
            able = [name for name in others if helps(scene, request, change, f"user:{name}")]
            assert not able, ("may as well", able, change)
    switches = [change["type"] in SWITCHES for change in changes if "role" in change or change["type"] in SWITCHES]
    assert sorted(switches) == switches, ("switches come last", changes)
    _check_roles(scene, request, changes)
    if not changes:
        assert not any(suggestions(scene, request)), ("would allow", next(suggestions(scene, request), None))


def _check_roles(scene: Scene, request: Json, changes: list[Json]) -> None:
    """The weakest role that helps comes first; policies list the strongest first."""
    policy = scene.oracle.policy
    roles = {"project": policy["project_roles"], "organization": [role["role"] for role in policy["organization_roles"]]}
    first: dict[str, str] = {}
    last: dict[str, int] = {}
    for change in changes:
        if change.get("role") is None:
            continue
        bare = repr(sorted((field, value) for field, value in change.items() if field != "role"))
        held = roles["organization" if "organization" in change else "project"]
        strength = held.index(change["role"])
        assert strength < last.get(bare, len(held)), ("a weaker role comes first", change)
        last[bare] = strength
        if first.setdefault(bare, change["role"]) == change["role"] and change["type"] in GIVING:
            for weaker in held[strength + 1 :]:
                assert not helps(scene, request, change | {"role": weaker}), ("a weaker role is enough", change, weaker)
