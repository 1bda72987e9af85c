"""References, instants, and the shapes of requests and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NotRequired, TypeAlias, TypedDict

from ._codes import AttributionReason, Caveat, Certainty, ErrorCode, Reason, Remedy, UsageCaveat

Instant: TypeAlias = str | datetime
"""RFC 3339 text with any offset, or an aware datetime."""


class ReferenceObject(TypedDict):
    """A reference in two parts."""

    type: str
    id: str


Reference: TypeAlias = str | ReferenceObject
"""`type:id`, such as `user:usr_ada`, or the same as a dict."""


class AccessRequest(TypedDict):
    """A question of access: the arguments of `check_access`."""

    principal: Reference
    action: str
    resource: Reference
    surface: NotRequired[str | None]
    at: NotRequired[Instant | None]
    min_revision: NotRequired[int | None]
    max_age_seconds: NotRequired[int | None]


class Usage(TypedDict):
    """Usage that has happened: the arguments of `attribute`."""

    principal: Reference
    kind: str
    surface: NotRequired[str | None]
    project: NotRequired[str | None]
    resource: NotRequired[Reference | None]
    at: NotRequired[Instant | None]


class DecisionDict(TypedDict):
    """What `Decision.to_dict` returns."""

    allowed: bool
    reason: Reason
    role: str | None
    organization: str | None
    project: str | None
    caveats: list[Caveat]
    policy: str
    revision: int


class AttributionDict(TypedDict):
    """What `Attribution.to_dict` returns."""

    organization: str | None
    project: str | None
    intended_organization: str | None
    intended_project: str | None
    matches_intended: bool
    certainty: Certainty | None
    reason: AttributionReason | ErrorCode
    api_key: str | None
    remedies: list[Remedy]
    caveats: list[UsageCaveat]
    policy: str
    revision: int


class QuarantinedOrganization(TypedDict):
    """An organization that was left out, and its first fault. `organization` is its id, or None if it has none."""

    organization: str | None
    code: ErrorCode
    path: str
    message: str


class InspectionDict(TypedDict):
    """What `inspect_snapshot` returns."""

    kind: Literal["snapshot", "delta"]
    format_version: int
    bytes: int
    revision: int
    state: str
    base_revision: int | None
    base_state: str | None
    issued_at: str | None
    max_age_seconds: int | None
    fresh_until: str | None
    policy: str | None
    is_signed: bool
    key_id: str | None
