"""Changes (section 7): each one turns a written document into the next one, or fails.

The tests of each change stand in the order in which their errors are reported, and all
of them before the first edit. What concerns one subject is in a file of its own.
"""

from __future__ import annotations

import authority
import change_shapes
from change_collaborators import CollaboratorChanges
from change_groups import GroupChanges
from change_keys import KeyChanges
from change_members import MemberChanges
from change_organizations import OrganizationChanges
from change_policy import PolicyChanges
from change_puts import PutChanges
from change_resources import ResourceChanges
from change_suspension import SuspensionChanges
from documents import Json, OracleError, effective_policy
from written import written_directory


class Changes(
    MemberChanges,
    OrganizationChanges,
    CollaboratorChanges,
    GroupChanges,
    SuspensionChanges,
    KeyChanges,
    ResourceChanges,
    PutChanges,
    PolicyChanges,
):
    """A method for each type."""


def applied(document: Json, built_in: Json, step: Json) -> Json:
    """The document after the change of a step; the one before it stays as it is."""
    check_shape(step["change"], step)
    return carried_out(document, built_in, step)


def check_shape(change: Json, step: Json) -> None:
    """A fault of shape in the change, then in what stands beside it."""
    change_shapes.change(change)
    change_shapes.circumstances(step)


def carried_out(document: Json, built_in: Json, step: Json) -> Json:
    """The same, of a step whose shape is right."""
    draft = Changes(document, effective_policy(document, built_in), step)
    if draft.actor is not None:
        authority.authorise(draft.oracle, draft.change, draft.actor, step["at"])
    elif draft.change["type"] in change_shapes.BY_ONESELF:
        # Nobody joins or leaves for somebody else, and the platform is nobody.
        raise OracleError("wrong_type", "/actor")
    if step.get("expected_revision") not in (None, draft.document["revision"]):
        raise OracleError("revision_conflict", "/expected_revision")
    getattr(draft, draft.change["type"])()
    draft.document["revision"] += 1
    # Whichever way led there, it is written as if it had been loaded.
    return written_directory(draft.document, built_in)
