"""The words and shapes of requests and answers, for annotations.

The lists of words are the core's; a test compares them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NotRequired, Protocol, TypeAlias, TypedDict

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
    "duplicate_digest",
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
    "unknown_change",
    "forbidden",
    "revision_conflict",
    "not_found",
    "already_exists",
    "owner_protected",
    "default_project_protected",
    "external_collaborators_disabled",
    "not_a_member",
    "membership_managed_by_sso",
    "exceeds_own_role",
    "key_expired",
    "already_revoked",
    "snapshot_corrupt",
    "snapshot_version",
    "signature_missing",
    "signature_invalid",
    "issued_in_future",
    "delta_gap",
    "delta_fork",
    "cursor_invalid",
    "cursor_mismatch",
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

AllowReason: TypeAlias = Literal[
    "owner",
    "organization_role",
    "external_collaborator",
    "self",
    "project_role",
    "default_project",
    "api_key_scope",
]
"""Why a decision allows."""

DenyReason: TypeAlias = Literal[
    "snapshot_stale",
    "unknown_action",
    "unknown_principal",
    "key_revoked",
    "key_expired",
    "unknown_resource",
    "action_not_applicable",
    "surface_not_applicable",
    "owner_only",
    "role_lacks_permission",
    "external_no_organization_access",
    "external_collaborators_disabled",
    "not_a_member",
    "key_out_of_scope",
    "not_self",
    "not_a_collaborator",
    "key_lacks_permission",
]
"""Why a decision denies."""

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
"""What gets such usage booked to the intended organization, and to the intended project where the kind is supported on the api surface."""

UsageCaveat: TypeAlias = Literal["unknown_resource", "principal_without_access"]
"""What to know about usage that is attributed all the same."""

AuthzenApi: TypeAlias = Literal[
    "access_evaluation",
    "access_evaluations",
    "search_subject",
    "search_resource",
    "search_action",
]
"""The calls of the AuthZEN Authorization API."""

ChangeType: TypeAlias = Literal[
    "add_member",
    "remove_member",
    "set_member_role",
    "create_project",
    "set_external_collaborators",
    "add_collaborator",
    "remove_collaborator",
    "set_collaborator_role",
    "create_api_key",
    "revoke_api_key",
    "expire_api_key",
    "regenerate_default_key",
    "add_resource",
    "remove_resource",
]
"""What a change does."""

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


class AddMember(TypedDict):
    """C1: a user becomes a member."""

    type: Literal["add_member"]
    organization: str
    user: str
    email: NotRequired[str | None]
    role: NotRequired[str | None]


class RemoveMember(TypedDict):
    """C2: a member leaves, with every collaborator row in the organization."""

    type: Literal["remove_member"]
    organization: str
    user: str


class SetMemberRole(TypedDict):
    """C3: a member gets another organization role."""

    type: Literal["set_member_role"]
    organization: str
    user: str
    role: str


class CreateProject(TypedDict):
    """C4: an organization gets another project."""

    type: Literal["create_project"]
    organization: str
    project: str
    name: str


class SetExternalCollaborators(TypedDict):
    """C5: a project opens to external collaborators, or closes."""

    type: Literal["set_external_collaborators"]
    project: str
    allowed: bool


class AddCollaborator(TypedDict):
    """C6: a user becomes a collaborator."""

    type: Literal["add_collaborator"]
    project: str
    user: str
    role: NotRequired[str | None]


class RemoveCollaborator(TypedDict):
    """C7: a collaborator leaves a project."""

    type: Literal["remove_collaborator"]
    project: str
    user: str


class SetCollaboratorRole(TypedDict):
    """C8: a collaborator gets another project role."""

    type: Literal["set_collaborator_role"]
    project: str
    user: str
    role: str


class CreateApiKey(TypedDict):
    """C9: a project gets another API key. `digest` is `sha256:` and 64 hexadecimal digits, never the secret.

    With `created_by` and `created_at` the platform says whose key it is and since when; for an actor it is theirs, and made now.
    """

    type: Literal["create_api_key"]
    project: str
    key: str
    digest: str
    name: NotRequired[str | None]
    expires_at: NotRequired[Instant | None]
    created_by: NotRequired[str | None]
    created_at: NotRequired[Instant | None]


class RevokeApiKey(TypedDict):
    """C10: an API key stops for ever."""

    type: Literal["revoke_api_key"]
    key: str


class ExpireApiKey(TypedDict):
    """C11: an API key gets an end, another one, or none."""

    type: Literal["expire_api_key"]
    key: str
    expires_at: Instant | None


class RegenerateDefaultKey(TypedDict):
    """C12: the organization default key gets another secret."""

    type: Literal["regenerate_default_key"]
    organization: str
    digest: str


class AddResource(TypedDict):
    """A project gets another resource."""

    type: Literal["add_resource"]
    project: str
    resource: str
    kind: str
    name: NotRequired[str | None]


class RemoveResource(TypedDict):
    """A resource goes. `resource` is an id or a reference."""

    type: Literal["remove_resource"]
    resource: Reference


Change: TypeAlias = (
    AddMember
    | RemoveMember
    | SetMemberRole
    | CreateProject
    | SetExternalCollaborators
    | AddCollaborator
    | RemoveCollaborator
    | SetCollaboratorRole
    | CreateApiKey
    | RevokeApiKey
    | ExpireApiKey
    | RegenerateDefaultKey
    | AddResource
    | RemoveResource
)
"""A change: the argument of `apply` and `preview`. Fields hold ids."""


class ArrowStream(Protocol):
    """A table or stream with the Arrow PyCapsule interface: of pyarrow, polars, DuckDB, pandas from 3 on, and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule with a stream of batches."""
        ...


class ArrowArray(Protocol):
    """A batch with the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Capsules with a schema and an array."""
        ...


ArrowTable: TypeAlias = ArrowStream | ArrowArray
"""What attribute_table and check_table take."""
AnswerColumns: TypeAlias = Literal["bailiwick", "focus-1.4", "focus-1.5-draft"]
"""How attribute_table calls its answers."""
TimeUnit: TypeAlias = Literal["s", "ms", "us", "ns"]
"""What the numbers in a column of instants count."""
