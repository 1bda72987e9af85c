"""Files of expectations: read and checked for mistakes, since a case that cannot fail is worse than none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bailiwick import InvalidInputError

REQUEST = {"principal", "action", "resource", "surface", "at", "min_revision", "max_age_seconds"}
USAGE = {"principal", "kind", "surface", "project", "resource", "at"}
PAGE = {"at", "limit", "cursor"}
CALLS: dict[str, tuple[set[str], set[str]]] = {
    "check_access": ({"principal", "action", "resource"}, REQUEST),
    "is_allowed": ({"principal", "action", "resource"}, REQUEST),
    "explain": ({"principal", "action", "resource"}, REQUEST),
    "attribute": ({"principal", "kind"}, USAGE),
    "explain_usage": ({"principal", "kind"}, USAGE),
    "list_projects": ({"principal"}, {"principal", "action"} | PAGE),
    "list_resources": ({"principal", "action"}, {"principal", "action", "kind", "project", "surface"} | PAGE),
    "list_principals": ({"action", "resource"}, {"action", "resource", "surface"} | PAGE),
    "list_actions": ({"principal", "resource"}, {"principal", "resource", "surface", "at"}),
}
"""The methods of the engine that a case may call: the members that its input must have, and may have."""
OF_A_FILE = {"topic", "directory", "policy", "at", "cases"}
OF_A_CASE = {"note", "rules", "call", "input", "answer", "error"}


@dataclass(frozen=True)
class Expectation:
    """One question and its expected outcome: an answer, or an error with its code."""

    number: int
    note: str
    call: str
    given: dict[str, Any]
    outcome: Any
    is_error: bool


@dataclass(frozen=True)
class Expectations:
    """A file of them. `directory` and `policy` are as they stand in the file."""

    directory: Any
    policy: Any
    cases: list[Expectation]


def read_expectations(document: Any) -> Expectations:
    """The expectations in a document. Raises `wrong_type`, `missing_field` and `unknown_field`."""
    file = _object(document, "", OF_A_FILE, ["cases"])
    cases = file["cases"]
    if not isinstance(cases, list):
        raise InvalidInputError("wrong_type", "/cases", "the cases are a list")
    if not cases:
        raise InvalidInputError("missing_field", "/cases", "there is no case, so that nothing would be tested")
    return Expectations(file.get("directory"), file.get("policy"), list(_cases(cases, file.get("at"))))


def _cases(cases: list[Any], at: Any) -> Iterator[Expectation]:
    for number, one in enumerate(cases):
        path = f"/cases/{number}"
        case = _object(one, path, OF_A_CASE, ["input"])
        given = case["input"]
        call = case.get("call", "attribute" if isinstance(given, dict) and "kind" in given and "action" not in given else "check_access")
        if not isinstance(call, str) or call not in CALLS:
            raise InvalidInputError("wrong_type", f"{path}/call", f"a case calls one of: {', '.join(CALLS)}")
        required, known = CALLS[call]
        given = _object(given, f"{path}/input", known, sorted(required))
        if ("answer" in case) == ("error" in case):
            raise InvalidInputError("missing_field", path, "a case has either an `answer` or an `error`")
        outcome = case.get("answer", case.get("error"))
        if outcome in ({}, None):
            raise InvalidInputError("missing_field", f"{path}/{'answer' if 'answer' in case else 'error'}", "nothing is expected here")
        if "at" not in given and at is not None:
            given = {**given, "at": at}
        yield Expectation(number, str(case.get("note", "")), call, given, outcome, "error" in case)


def _object(value: Any, path: str, known: set[str], required: list[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInputError("wrong_type", path, "expected an object")
    for name in required:
        if name not in value:
            raise InvalidInputError("missing_field", path, f"the field `{name}` is missing")
    for name in value:
        if name not in known:
            raise InvalidInputError("unknown_field", f"{path}/{name}", f"there is no field `{name}` here")
    return value
