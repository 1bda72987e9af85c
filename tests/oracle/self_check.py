"""The oracle checked against itself: what must hold for every sequence of changes.

python tests/oracle/self_check.py [--seeds N]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from itertools import chain
from typing import Any

import impact
import preview
import quarantine
import reconcile
from document_faults import check_directory
from documents import BUILT_IN, Json, actions_by_table, effective_policy
from entries import altered
from guard import Guard
from insight_check import check_explanations, check_findings, check_impact, check_reviews, check_usages, random_world
from insight_mistakes import check_mistakes, mistake_names
from insight_reference import Reference
from laws import check_laws, check_neighbourhood
from listings import items, principals
from oracle import Oracle
from random_changes import AT, random_changes
from random_pairs import random_pair
from random_requests import random_case
from written import written_directory

# Of the random worlds of section 16, and of those in which mistakes are made.
WORLDS, MISTAKEN = 24, 6
# Every rule that an explanation can name: A9 and A27 decide nothing by themselves.
RULES = {f"A{n}" for n in range(1, 31)} - {"A9", "A27"} | {f"B{n}" for n in range(1, 7)}
# Of each seed, fewer than the engines are compared with: every step is looked at here.
SEQUENCES = 4


def check_listings(oracle: Oracle, at: str) -> None:
    """`list_projects` has exactly the projects that some role or key reaches; the others have what `check_access` allows."""
    actions = list(chain.from_iterable(actions_by_table(oracle.policy).values()))
    project_actions = actions_by_table(oracle.policy)["project"] + actions_by_table(oracle.policy)["kind"]
    closed = {"not_a_collaborator", "external_collaborators_disabled", "key_out_of_scope", "principal_suspended", "scope_suspended"}
    closed |= {"snapshot_stale", "key_revoked", "key_expired"}
    # Without a role that counts, a visibility may allow something, and a suspension may leave something.
    spared = {name for names in oracle.policy.get("suspended_actions", {}).values() for name in names}
    spared |= {name for one in oracle.policy.get("visibilities", []) for row in one.get("actions", []) for name in row["actions"]}
    for kind, name in principals(oracle):
        principal = {"type": kind, "id": name}
        reached = items(oracle, "list_projects", {"principal": principal, "at": at})
        by_action = {a: items(oracle, "list_projects", {"principal": principal, "action": a, "at": at}) for a in project_actions[::9]}
        for _, project in oracle.projects:
            asked = {"principal": principal, "resource": f"project:{project['id']}", "at": at}
            decisions = [oracle.check_access(asked | {"action": action}) for action in project_actions]
            told = {decision["reason"] for decision in decisions} - {"surface_not_applicable"}
            if project["id"] in reached:
                assert not told & closed, (asked, told)
            allowed = [action for action, decision in zip(project_actions, decisions, strict=True) if decision["allowed"]]
            assert project["id"] in reached or set(allowed) <= spared, (asked, allowed)
            assert items(oracle, "list_actions", asked) == sorted(allowed)
            assert all((project["id"] in found) == (action in allowed) for action, found in by_action.items()), asked
    for action in actions[::7]:
        for resource in [f"project:{oracle.projects[0][1]['id']}", f"organization:{oracle.organizations[0]['id']}"]:
            for who in items(oracle, "list_principals", {"action": action, "resource": resource, "at": at}):
                assert oracle.check_access({"principal": who, "action": action, "resource": resource, "at": at})["allowed"]
                reached = items(oracle, "list_resources", {"principal": who, "action": action, "at": at})
                assert all(oracle.check_access({"principal": who, "action": action, "resource": r, "at": at})["allowed"] for r in reached)


def check_preview(before: Oracle, after: Oracle, step: Json, at: str) -> None:
    """The few kinds and surfaces, and the few actions, that a preview asks about show as much as all of them."""
    told = preview.effects(before, after, [step["change"]], at, None)
    brief = impact.impact(before, after, at)
    usages, actions = impact.usages_alike, impact.actions
    try:
        impact.usages_alike = lambda before, after: [[one] for alike in usages(before, after) for one in alike]
        impact.actions = lambda before, after: [[name] for names in actions(before, after) for name in names]
        impact.SHORT_CUT = False
        assert told == preview.effects(before, after, [step["change"]], at, None)
        assert brief == impact.impact(before, after, at)
    finally:
        impact.usages_alike = usages
        impact.actions = actions
        impact.SHORT_CUT = True


def check_reconcile(before: Json, document: Json, built_in: Json) -> None:
    """Every state can be turned into every other one by changes, and again there are none."""
    after, _ = reconcile.target_state(before, document, built_in)
    changes = reconcile.some_changes(before, after, built_in)
    reached = reconcile.followed(before, changes, built_in)
    assert reconcile.bare(reached) == reconcile.bare(after), altered(reached, after)
    again, _ = reconcile.target_state(reached, document, built_in)
    assert not altered(reached, again) and not reconcile.some_changes(reached, again, built_in)


def check_quarantine(document: Json, built_in: Json) -> None:
    """What is whole is left as it is; what has a fault goes, and nothing else."""
    assert quarantine.sound_part(document, built_in) == (document, [])
    for place, organization in enumerate(document["organizations"]):
        spoiled = json.loads(json.dumps(document))
        spoiled["organizations"][place]["owner"] = "nobody at all"
        rest = [other for other in document["organizations"] if other is not organization]
        homes = {entry.get("organization") for entry in document.get("users", [])}
        if organization["id"] not in homes:
            sound, left_out = quarantine.sound_part(spoiled, built_in)
            assert sound["organizations"] == rest
            assert left_out == [{"organization": organization["id"], "code": "owner_not_admin", "path": f"/organizations/{place}/owner"}]
        # A copy of one under another name claims everything that it has, and evicts nobody.
        thief = json.loads(json.dumps(organization)) | {"id": "a thief"}
        doubled = document | {"organizations": [thief, *document["organizations"]]}
        sound, left_out = quarantine.sound_part(doubled, built_in, written_directory(document, built_in))
        assert sound["organizations"] == document["organizations"] and [one["organization"] for one in left_out] == ["a thief"]


def check_sequence(suite: Json, case: Json, built_in: Json) -> tuple[int, Oracle]:
    """One sequence, step by step; how many changes were applied, and where they led."""
    check_directory(suite["directory"], built_in, None)
    guard = Guard(suite["directory"], built_in, suite["at"])
    applied = 0
    for step, wanted in zip(case["input"]["steps"], case["answer"], strict=True):
        before: Any = guard.document
        text = json.dumps(before)
        assert guard.do(step) == wanted
        assert json.dumps(before) == text, "a document that was changed is a new one"
        failed = isinstance(wanted, dict) and "error" in wanted
        assert guard.document is before or not failed, "what fails changes nothing"
        if step["do"] == "apply" and "revision" in wanted:
            applied += 1
            assert guard.document == written_directory(guard.document, built_in)
            assert json.dumps(guard.document) == json.dumps(written_directory(guard.document, built_in)), "fields in their order"
            # What the contract demands of a directory (section 2) holds after every change.
            check_directory(guard.document, built_in, None)
            if applied % 9 == 0:
                check_preview(Oracle(before, effective_policy(before, built_in)), guard.oracle, step, suite["at"])
    return applied, guard.oracle


def check_insight(seeds: int, built_in: Json) -> Counter[str]:
    """A small engine passes the checks of section 16, and no mistake of it does; how often each mistake was made, and each rule told."""
    found: Counter[str] = Counter()
    for seed in range(seeds):
        world = random_world(seed, built_in)
        engines = [Reference(document, built_in, AT) for document in (world.document, world.other)]
        scene, target = (engine.scene for engine in engines)
        told = [*check_explanations(engines[0], scene, world.requests, 1), *check_usages(engines[0], scene, world.usages)]
        found.update(answer["rule"] for answer in told)
        check_impact(engines[0], engines[1], scene, target)
        check_reviews(engines[0], scene)
        check_findings(engines[0], scene)
        if seed < MISTAKEN:
            found += check_mistakes(engines[0], engines[1], scene, target, world)
    return found


def main() -> None:
    """Run all checks on the sequences of some seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=12)
    built_in = json.loads(BUILT_IN.read_text("utf-8"))
    applied = 0
    for seed in range(parser.parse_args().seeds):
        suite = random_changes(seed, built_in, SEQUENCES)
        assert json.dumps(suite) == json.dumps(random_changes(seed, built_in, SEQUENCES)), "the same seed gives the same file"
        assert len({case["note"] for case in suite["cases"]}) == len(suite["cases"])
        led = [check_sequence(suite, case, built_in) for case in suite["cases"]]
        applied += sum(count for count, _ in led)
        # Everything is asked there, so of one sequence alone.
        check_listings(led[-1][1], suite["at"])
        case = random_case(seed)
        directory = case["directory"]
        check_directory(directory, built_in, None)
        check_laws(directory, effective_policy(directory, built_in), case["requests"])
        check_listings(Oracle(directory, effective_policy(directory, built_in)), suite["at"])
        check_quarantine(directory, built_in)
        other = written_directory(random_case(seed + 1)["directory"], built_in)
        pairs = [
            (written_directory(directory, built_in) | {"revision": 0}, other),
            *(random_pair(seed * 9 + n, built_in) for n in range(9)),
        ]
        for before, document in pairs:
            check_reconcile(before, document, built_in)
    for seed in range(100, 160):
        case = random_case(seed)
        check_laws(case["directory"], effective_policy(case["directory"], built_in), case["requests"])
    told = check_insight(WORLDS, built_in)
    missing = RULES - set(told) | {name for name in mistake_names() if not told[name]}
    assert not missing, ("never told or made", missing)
    asked = check_neighbourhood(5, 72)
    print(f"{asked} questions in neighbourhoods: nothing outside changes an answer")
    print(f"{applied} applied changes: documents, previews and listings are as they must be")


if __name__ == "__main__":
    main()
