"""Lists of changes: all or none, each seeing the one before."""

from __future__ import annotations

from change_shapes import change, circumstances
from changes import carried_out
from documents import Json, OracleError


def applied_all(document: Json, built_in: Json, step: Json) -> list[Json]:
    """The documents before and after each change of a step. Paths begin with the position, but for what stands beside the list."""
    if not isinstance(step["changes"], list):
        raise OracleError("wrong_type", "")
    # A fault of shape in the last one comes before what the first one would meet.
    for place, one in enumerate(step["changes"]):
        try:
            change(one)
        except OracleError as error:
            raise OracleError(error.code, f"/{place}{error.path}") from error
    circumstances(step)
    expected = step.get("expected_revision")
    if not step["changes"] and expected not in (None, document["revision"]):
        raise OracleError("revision_conflict", "/expected_revision")
    found = [document]
    for place, one in enumerate(step["changes"]):
        own: Json = {"change": one, "at": step["at"]}
        own |= {"actor": step["actor"]} if "actor" in step else {}
        own |= {"expected_revision": expected} if place == 0 else {}
        try:
            found.append(carried_out(found[-1], built_in, own))
        except OracleError as error:
            beside = error.path == "/expected_revision"
            raise OracleError(error.code, error.path if beside else f"/{place}{error.path}", error.decision) from error
    return found
