"""All people around one question, in each of its surroundings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, product
from typing import NamedTuple

from documents import Json
from neighbourhood_policy import FUTURE, PAST, POLICY, PRESENT, TOGETHER, batches, case_of, questions


class Surrounding(NamedTuple):
    """What all questions of a file share."""

    combination: str
    visibility: str
    switch: bool
    suspended: str
    default: bool


SURROUNDINGS = [
    Surrounding(*choice)
    for choice in product(
        ["strongest", "union", "most_specific"],
        ["hidden", "shown", "open"],
        [False, True],
        ["nothing", "project", "organization", "later"],
        [False, True],
    )
]

# What can be said of one person. A row is its role and its end.
MEMBERS: list[Json | None] = [None]
MEMBERS += [{"role": role} | state for role in ("lead", "staff") for state in ({}, {"expires_at": PRESENT}, {"suspended_at": PRESENT})]
MEMBERS += [{"role": "staff", "expires_at": FUTURE, "suspended_at": FUTURE}]
ELSEWHERE: list[Json | None] = [None, {"role": "lead"}, {"role": "lead", "suspended_at": PAST}]
ENTRIES: list[Json | None] = [None, {"suspended_at": PRESENT}]
GROUPS: list[tuple[str, Json] | None] = [None]
GROUPS += [(group, end) for group in ("g_none", "g_weak", "g_mid", "g_strong", "g_ended") for end in ({}, {"expires_at": PRESENT})]
ROWS: list[Json | None] = [None, {"role": "weak"}, {"role": "mid"}, {"role": "strong"}, {"role": "strong", "expires_at": PRESENT}]


class Person(NamedTuple):
    """One choice of each."""

    member: Json | None
    elsewhere: Json | None
    entry: Json | None
    group: tuple[str, Json] | None
    row: Json | None


def people() -> Iterator[Person]:
    """All people but owners: who is no member is in no group."""
    for choice in product(MEMBERS, ELSEWHERE, ENTRIES, GROUPS, ROWS):
        person = Person(*choice)
        if person.member is not None or person.group is None:
            yield person


def owners() -> Iterator[Person]:
    """All owners: their own row says nothing else."""
    yield from (Person({"role": "lead"}, *choice) for choice in product(ELSEWHERE, ENTRIES, GROUPS, ROWS))


def policy_of(surrounding: Surrounding, several: bool) -> Json:
    """The policy with what a surrounding says of it."""
    return POLICY | {"role_combination": surrounding.combination, "multiple_organizations": several}


def organization_of(surrounding: Surrounding, number: str, owner: str) -> Json:
    """The organization that is asked about, with the project that is, and perhaps another one that is the default."""
    project: Json = {"id": f"p{number}", "visibility": surrounding.visibility, "allow_external_collaborators": surrounding.switch}
    rows = [{"group": f"g_{role}{number}", "role": role} for role in ("weak", "mid", "strong")]
    project["collaborators"] = [*rows, {"group": f"g_ended{number}", "role": "strong", "expires_at": PRESENT}]
    projects = [project | {"default": surrounding.default}]
    if not surrounding.default:
        projects.append({"id": f"q{number}", "default": True})
    groups = [{"id": f"{name}{number}", "members": []} for name in ("g_none", "g_weak", "g_mid", "g_strong", "g_ended")]
    organization: Json = {"id": f"o{number}", "owner": owner, "members": [], "groups": groups, "projects": projects}
    if surrounding.suspended == "project":
        projects[0]["suspended_at"] = PRESENT
    elif surrounding.suspended == "organization":
        organization["suspended_at"] = PRESENT
    elif surrounding.suspended == "later":
        organization["suspended_at"] = projects[0]["suspended_at"] = FUTURE
    return organization


def settle(document: Json, organization: Json, name: str, person: Person, number: str = "") -> None:
    """Writes a person into a directory."""
    if person.member is not None:
        organization["members"].append({"user": name} | person.member)
    if person.entry is not None:
        document["users"].append({"id": name} | person.entry)
    if person.elsewhere is not None:
        document["organizations"][0]["members"].append({"user": name} | person.elsewhere)
    if person.group is not None:
        group = next(group for group in organization["groups"] if group["id"] == f"{person.group[0]}{number}")
        group["members"].append({"user": name} | person.group[1])
    if person.row is not None:
        organization["projects"][0]["collaborators"].append({"user": name} | person.row)


def base(surrounding: Surrounding, several: bool, noisy: bool) -> Json:
    """A directory with another organization, in which unrelated things stand or not."""
    elsewhere: Json = {
        "id": "x",
        "owner": "x_own",
        "members": [{"user": "x_own", "role": "lead"}],
        "projects": [{"id": "xp", "default": True}],
    }
    if noisy:
        elsewhere |= {"suspended_at": PAST, "groups": [{"id": "g_x", "members": [{"user": "x_own"}]}]}
        keys = [{"id": "x_key", "projects": "all"}]
        elsewhere["projects"][0] |= {
            "visibility": "open",
            "suspended_at": PAST,
            "api_keys": keys,
            "collaborators": [{"group": "g_x", "role": "strong"}],
        }
        elsewhere["projects"].append(
            {"id": "xq", "collaborators": [{"user": "x_own", "role": "weak"}], "resources": [{"id": "t", "kind": "thing"}]}
        )
    return {"format": "bailiwick/1", "policy": policy_of(surrounding, several), "users": [], "organizations": [elsewhere]}


def noise_inside(organization: Json, number: str) -> None:
    """Unrelated things in the organization itself: other people, another project, its rows and keys."""
    organization["members"].append({"user": f"n_member{number}", "role": "staff", "suspended_at": PAST})
    organization["groups"].append({"id": f"g_noise{number}", "members": [{"user": f"n_member{number}"}]})
    rows = [{"group": f"g_strong{number}", "role": "weak"}, {"group": f"g_noise{number}", "role": "strong"}]
    another = {"id": f"n{number}", "visibility": "open", "allow_external_collaborators": False, "suspended_at": PAST, "collaborators": rows}
    organization["projects"].append(another | {"api_keys": [{"id": f"n_key{number}", "acts_as": f"n_member{number}"}]})
    organization["projects"][0]["collaborators"].append({"group": f"g_noise{number}", "role": "mid"})


def user_cases(surrounding: Surrounding, noisy_ones: int = 0) -> Iterator[Json]:
    """Crowds of people in one organization, and organizations whose owners differ; every second directory has unrelated things."""
    numbers = count()
    for several in (False, True):
        crowds = batches((one for one in people() if (one.elsewhere is not None) == several), TOGETHER)
        for number, crowd in zip(numbers, crowds, strict=False):
            yield case_of(f"people {number}", *_crowd(surrounding, several, crowd, noisy=number % 2 == noisy_ones))
        rows = batches((one for one in owners() if (one.elsewhere is not None) == several), TOGETHER // 4)
        for number, row in zip(numbers, rows, strict=False):
            yield case_of(f"owners {number}", *_owners(surrounding, several, row, noisy=number % 2 == noisy_ones))


def _crowd(surrounding: Surrounding, several: bool, crowd: list[Person], noisy: bool) -> tuple[Json, list[Json]]:
    document = base(surrounding, several, noisy)
    organization = organization_of(surrounding, "", "own")
    organization["members"].append({"user": "own", "role": "lead"})
    document["organizations"].append(organization)
    asked: list[Json] = []
    for place, person in enumerate(crowd):
        settle(document, organization, f"u{place}", person)
        asked += questions(f"user:u{place}")
    if noisy:
        noise_inside(organization, "")
    return document, asked


def _owners(surrounding: Surrounding, several: bool, row: list[Person], noisy: bool) -> tuple[Json, list[Json]]:
    document = base(surrounding, several, noisy)
    asked: list[Json] = []
    for place, person in enumerate(row):
        number = str(place)
        organization = organization_of(surrounding, number, f"u{place}")
        document["organizations"].append(organization)
        settle(document, organization, f"u{place}", person, number)
        asked += questions(f"user:u{place}", number)
        if noisy:
            noise_inside(organization, number)
    return document, asked
