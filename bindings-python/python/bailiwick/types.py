"""The words and shapes of requests and answers, for annotations.

The lists of words are the core's; a test compares them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NotRequired, TypeAlias, TypedDict

ErrorCode: TypeAlias = Literal[
    "invalid_json",
    "unsupported_format",
    "missing_field",
    "unknown_field",
    "wrong_type",
    "invalid_id",
    "invalid_timestamp",
    "invalid_digest",
    "duplicate_id",
    "unknown_reference",
    "unknown_role",
    "unknown_kind",
    "unknown_policy",
    "unknown_action",
    "unknown_surface",
    "missing_default_project",
    "multiple_default_projects",
    "multi_project_disabled",
    "owner_not_admin",
    "user_in_two_organizations",
    "user_not_member",
    "default_key_misplaced",
    "default_key_not_revocable",
    "limit_exceeded",
    "invalid_reference",
    "unknown_principal",
    "unknown_project",
    "unknown_resource",
    "kind_mismatch",
    "project_mismatch",
    "project_required",
]
"""What is wrong with an input."""

Reason: TypeAlias = Literal[
    "snapshot_stale",
    "unknown_action",
    "unknown_principal",
    "key_revoked",
    "key_expired",
    "unknown_resource",
    "action_not_applicable",
    "surface_not_applicable",
    "owner",
    "owner_only",
    "organization_role",
    "role_lacks_permission",
    "external_collaborator",
    "external_no_organization_access",
    "external_collaborators_disabled",
    "not_a_member",
    "key_out_of_scope",
    "self",
    "not_self",
    "project_role",
    "default_project",
    "not_a_collaborator",
    "api_key_scope",
    "key_lacks_permission",
]
"""Why a decision is what it is."""

Caveat: TypeAlias = Literal[
    "not_project_aware",
    "usage_attributed_to_default_project",
    "usage_may_leave_organization",
]
"""What to know about an allowed action on a kind that is not scoped to projects."""

AttributionReason: TypeAlias = Literal[
    "predates_projects",
    "playground",
    "project_scoped",
    "external_home_organization",
    "default_project_fallback",
]
"""The rule by which usage is booked."""

Certainty: TypeAlias = Literal["certain", "possible"]
"""How sure a booking is."""

Remedy: TypeAlias = Literal[
    "use_project_api_key",
    "provision_with_sso",
    "invite_to_organization",
    "await_project_support",
]
"""What would bring usage to where it was intended."""

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
    policy: str
    revision: int
