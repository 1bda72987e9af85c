"""`reconcile`: what a directory is afterwards, how many changes may lead there, and that changes can lead there at all.

Which changes an engine takes is its own choice, so this says what must hold of them.
"""

from __future__ import annotations

from changes import applied
from document_faults import check_directory
from documents import AGE, Json, find
from entries import altered
from quarantine import sound_part
from written import DIRECTORY, in_order, state, written_directory

AT = "2026-03-01T12:00:00Z"


def target_state(before: Json, document: Json, built_in: Json, quarantine: bool = False) -> tuple[Json, list[Json]]:
    """The directory afterwards, but for its revision; and what is in quarantine, of which the last good state stays."""
    left_out: list[Json] = []
    if quarantine:
        document, left_out = sound_part(document, built_in, before)
        names = {one["organization"] for one in left_out}
        kept = [one for one in before["organizations"] if one["id"] in names]
        names = {organization["id"] for organization in document["organizations"]}
        document = document | {"organizations": document["organizations"] + [one for one in kept if one["id"] not in names]}
    check_directory(document, built_in, None)
    age = {field: document[field] if document.get(field) is not None else before.get(field) for field in AGE}
    after = in_order(written_directory(document, built_in) | age | {"revision": before["revision"]}, DIRECTORY)
    return after, left_out


def most_changes(before: Json, after: Json, built_in: Json) -> int:
    """As many as entries differ; under a policy that what is there does not fit, organizations are removed and put."""
    bound = len(altered(before, after))
    if before["policy"] != after["policy"]:
        bound += len(before["organizations"]) + len(after["organizations"])
    return bound


def check_changes(before: Json, document: Json, changes: list[Json], built_in: Json) -> None:
    """What must hold of the changes that an engine took. It is asked of its answer to `dry_run` as well."""
    after, _ = target_state(before, document, built_in)
    assert len(changes) <= most_changes(before, after, built_in), (len(changes), altered(before, after))
    assert bool(changes) == (bare(before) != bare(after)), "none where nothing differs"
    reached = followed(before, changes, built_in)
    assert bare(reached) == bare(after), altered(reached, after)
    assert reached["revision"] == before["revision"] + len(changes)


def bare(document: Json) -> Json:
    """The state: neither its age nor its revision."""
    return {field: value for field, value in state(document).items() if field != "revision"}


def followed(before: Json, changes: list[Json], built_in: Json) -> Json:
    """The directory after a list of changes by the platform."""
    for change in changes:
        before = applied(before, built_in, {"change": change, "at": AT})
    return before


def some_changes(before: Json, after: Json, built_in: Json) -> list[Json]:
    """Changes that lead from any directory to any other: few sorts, and not few of them. That there are such is the goal of section 15."""
    moves = before["policy"] != after["policy"]
    differing = [o for o in before["organizations"] if moves or find(after["organizations"], "id", o["id"]) != o]
    found: list[Json] = [{"type": "remove_organization", "organization": organization["id"]} for organization in differing]
    now = followed(before, found, built_in)
    users = {entry["id"] for entry in now["users"]}
    known = {row["entry"]["user"] for row in altered({**after, "users": [], "organizations": []}, after) if "user" in row["entry"]}
    known |= {entry["id"] for entry in after["users"]}
    found += [{"type": "remove_user", "user": user} for user in sorted(users - known)]
    # What an entry says of a home could stand in the way.
    found += [{"type": "put_user", "user": {"id": user}} for user in sorted(users & known) if _entry(now, user) != _entry(after, user)]
    if moves:
        found.append({"type": "set_policy", "policy": after["policy"]})
    for organization in after["organizations"]:
        if find(now["organizations"], "id", organization["id"]) is None:
            found.append({"type": "put_organization", "organization": organization})
    now = followed(before, found, built_in)
    found += [{"type": "put_user", "user": entry} for entry in after["users"] if _entry(now, entry["id"]) != entry]
    return found


def _entry(document: Json, user: str) -> Json | None:
    return find(document["users"], "id", user)
