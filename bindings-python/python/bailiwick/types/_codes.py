"""The closed lists of words, as literal types. They are the core's; a test compares them."""

from __future__ import annotations

from typing import Literal, TypeAlias

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
    "unknown_visibility",
    "unknown_scope",
    "unknown_group",
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
    "before_history",
    "invalid_order",
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
    "principal_suspended",
    "scope_suspended",
    "owner",
    "owner_only",
    "organization_role",
    "role_lacks_permission",
    "external_collaborator",
    "external_no_organization_access",
    "external_collaborators_disabled",
    "not_for_externals",
    "not_a_member",
    "key_out_of_scope",
    "self",
    "not_self",
    "project_role",
    "group_role",
    "default_project",
    "not_a_collaborator",
    "project_visibility",
    "api_key_scope",
    "key_lacks_permission",
    "key_scope_lacks_permission",
    "key_user_lacks_access",
]
"""Why a decision is what it is."""

AllowReason: TypeAlias = Literal[
    "owner",
    "organization_role",
    "external_collaborator",
    "self",
    "project_role",
    "group_role",
    "default_project",
    "project_visibility",
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
    "principal_suspended",
    "scope_suspended",
    "owner_only",
    "role_lacks_permission",
    "external_no_organization_access",
    "external_collaborators_disabled",
    "not_for_externals",
    "not_a_member",
    "key_out_of_scope",
    "not_self",
    "not_a_collaborator",
    "key_lacks_permission",
    "key_scope_lacks_permission",
    "key_user_lacks_access",
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
"""How certain a booking is."""

Remedy: TypeAlias = Literal[
    "use_project_api_key",
    "provision_with_sso",
    "invite_to_organization",
    "await_project_support",
]
"""How to get such usage booked to the intended organization, and to the intended project if the kind is supported on the api surface."""

UsageCaveat: TypeAlias = Literal["unknown_resource", "principal_without_access"]
"""What to know about usage that is attributed despite a problem."""

Rule: TypeAlias = Literal[
    "A1",
    "A2",
    "A3",
    "A4",
    "A5",
    "A6",
    "A7",
    "A8",
    "A10",
    "A11",
    "A12",
    "A13",
    "A14",
    "A15",
    "A16",
    "A17",
    "A18",
    "A19",
    "A20",
    "A21",
    "A22",
    "A23",
    "A24",
    "A25",
    "A26",
    "A28",
    "A29",
    "A30",
    "B1",
    "B2",
    "B3",
    "B4",
    "B5",
    "B6",
    "C20",
]
"""A rule of docs/rules.md: `A` for access, `B` for bookings."""

FindingCode: TypeAlias = Literal[
    "external_is_admin",
    "group_empty",
    "key_creator_gone",
    "key_creator_without_access",
    "key_never_expires",
    "key_of_external",
    "key_user_gone",
    "organization_with_one_admin",
    "project_without_admin",
    "row_expired",
    "row_without_effect",
]
"""What is risky or useless in a directory."""

Severity: TypeAlias = Literal["high", "medium", "low"]
"""How much a finding matters."""

ReviewSource: TypeAlias = Literal[
    "api_key_scope",
    "default_project",
    "external_collaborator",
    "group_role",
    "member",
    "organization_role",
    "owner",
    "project_role",
    "project_visibility",
]
"""Why a principal has something in a project, or in the organization itself."""

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
    "drop_member",
    "remove_user",
    "set_default_project",
    "move_project",
    "remove_organization",
    "update_organization",
    "transfer_ownership",
    "remove_project",
    "update_project",
    "set_visibility",
    "move_resource",
    "suspend",
    "resume",
    "join_project",
    "leave_project",
    "add_group",
    "remove_group",
    "add_group_member",
    "remove_group_member",
    "update_api_key",
    "remove_api_key",
    "update_resource",
    "put_organization",
    "put_project",
    "put_user",
    "put_member",
    "put_group",
    "put_collaborator",
    "put_api_key",
    "put_resource",
    "set_policy",
]
"""What a change does."""

AnswerColumns: TypeAlias = Literal["bailiwick", "focus-1.4", "focus-1.5-draft"]
"""The names of attribute_table's answers."""
TimeUnit: TypeAlias = Literal["s", "ms", "us", "ns"]
"""The unit of numbers in a column of instants."""
