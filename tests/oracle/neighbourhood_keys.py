"""All keys around one question: where they stand, what they reach, their scopes, and users of every class of verdict that they act as."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from documents import Json
from neighbourhood_policy import FUTURE, PAST, POLICY, PRESENT, TOGETHER, batches, case_of, questions


class Surrounding(NamedTuple):
    """What all questions of a file share."""

    visibility: str
    switch: bool
    suspended: str


SURROUNDINGS = [
    Surrounding(*choice) for choice in product(["hidden", "shown"], [False, True], ["nothing", "project", "own", "organization", "later"])
]
PLACES = ("p", "q", "x")
REACHES = ("own", "further", "all")
SCOPES: list[list[str] | None] = [None, [], ["some"], ["other"], ["other", "some"]]
STATES: list[Json] = [{}, {"revoked_at": PRESENT}, {"expires_at": PRESENT}, {"expires_at": FUTURE, "revoked_at": FUTURE}]
# A user for each verdict that a key can meet, by what is said of them.
USERS: dict[str, dict[str, Json]] = {
    "lead": {"member": {"role": "lead"}},
    "lead_strong": {"member": {"role": "lead"}, "row": {"role": "strong"}},
    "staff": {"member": {"role": "staff"}},
    "staff_weak": {"member": {"role": "staff"}, "row": {"role": "weak"}},
    "staff_grouped": {"member": {"role": "staff"}, "group": {}},
    "outside": {"row": {"role": "strong"}},
    "outside_ended": {"row": {"role": "strong", "expires_at": PRESENT}},
    "ended": {"member": {"role": "lead", "expires_at": PRESENT}, "row": {"role": "strong"}, "group": {}},
    "ending": {"member": {"role": "lead", "expires_at": FUTURE}, "row": {"role": "strong"}},
    "idle": {"member": {"role": "lead", "suspended_at": PRESENT}, "row": {"role": "strong"}},
    "barred": {"member": {"role": "lead"}, "row": {"role": "strong"}, "entry": {"suspended_at": PRESENT}},
    "outside_barred": {"row": {"role": "strong"}, "entry": {"suspended_at": PAST}},
}
ACTORS: list[str | None] = [None, "own", "nobody", *USERS]


class Key(NamedTuple):
    """One choice of each."""

    place: str
    reach: str
    scopes: list[str] | None
    acts_as: str | None
    state: Json


def keys() -> Iterator[Key]:
    """All keys."""
    yield from (Key(*choice) for choice in product(PLACES, REACHES, SCOPES, ACTORS, STATES))


def key_cases(surrounding: Surrounding) -> Iterator[Json]:
    """Batches of keys."""
    for number, some in enumerate(batches(keys(), TOGETHER)):
        yield case_of(f"keys {number}", *_batch(surrounding, some, noisy=number % 2 == 1))


def _batch(surrounding: Surrounding, some: list[Key], noisy: bool) -> tuple[Json, list[Json]]:
    document = _directory(surrounding, noisy)
    _, organization = document["organizations"]
    projects = {"p": organization["projects"][0], "q": organization["projects"][1], "x": document["organizations"][0]["projects"][0]}
    further = {"p": ["q"], "q": ["p"], "x": ["xq"]}
    asked: list[Json] = []
    for number, key in enumerate(some):
        entry: Json = {"id": f"k{number}", "created_by": "own"} | key.state
        if key.scopes is not None:
            entry["scopes"] = key.scopes
        if key.acts_as is not None:
            entry["acts_as"] = key.acts_as
        if key.reach != "own":
            entry["projects"] = "all" if key.reach == "all" else further[key.place]
        projects[key.place]["api_keys"].append(entry)
        asked += questions(f"api_key:k{number}")
    return document, asked


def _directory(surrounding: Surrounding, noisy: bool) -> Json:
    asked: Json = {"id": "p", "visibility": surrounding.visibility, "allow_external_collaborators": surrounding.switch}
    asked |= {"collaborators": [{"group": "g", "role": "mid"}], "api_keys": []}
    default: Json = {"id": "q", "default": True, "api_keys": []}
    organization: Json = {"id": "o", "owner": "own", "members": [{"user": "own", "role": "lead"}], "groups": [{"id": "g", "members": []}]}
    organization["projects"] = [asked, default]
    elsewhere: Json = {"id": "x", "owner": "x_own", "members": [{"user": "x_own", "role": "lead"}]}
    elsewhere["projects"] = [{"id": "xp", "default": True, "api_keys": []}, {"id": "xq"}]
    document: Json = {"format": "bailiwick/1", "policy": POLICY, "users": [], "organizations": [elsewhere, organization]}
    for name, said in USERS.items():
        if "member" in said:
            organization["members"].append({"user": name} | said["member"])
        if "group" in said:
            organization["groups"][0]["members"].append({"user": name})
        if "row" in said:
            asked["collaborators"].append({"user": name} | said["row"])
        if "entry" in said:
            document["users"].append({"id": name} | said["entry"])
    suspended = {"nothing": [], "project": [asked], "own": [default], "organization": [organization], "later": []}
    for entry in suspended[surrounding.suspended]:
        entry["suspended_at"] = PRESENT
    if surrounding.suspended == "later":
        for entry in (asked, default, organization, elsewhere):
            entry["suspended_at"] = FUTURE
    if noisy:
        rows = [{"user": name, "role": "strong"} for name in USERS]
        organization["projects"].append({"id": "n", "visibility": "open", "suspended_at": PAST, "collaborators": rows})
        document["users"].append({"id": "n_user", "email": "n@n.test", "suspended_at": PAST})
        elsewhere["projects"][1] |= {"collaborators": rows[:2], "suspended_at": PAST}
    return document
