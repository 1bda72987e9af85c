"""Caveats and remedies in words, for people."""

from __future__ import annotations

CAVEATS = {
    "not_project_aware": "The platform does not scope this kind to projects here: what is listed may be the whole organization's.",
    "usage_attributed_to_default_project": "Such usage is booked to the default project.",
    "usage_may_leave_organization": "Such usage may be booked to another organization.",
}

REMEDIES = {
    "use_project_api_key": "use an API key of the project",
    "provision_with_sso": "make the collaborator a member through single sign-on",
    "invite_to_organization": "invite the collaborator into the organization",
    "await_project_support": "wait until the platform scopes this kind to projects",
}

USAGE_CAVEATS = {
    "unknown_resource": "The resource is not in the directory; the API key or the project decided without it.",
    "principal_without_access": "The user, or the user that the API key acts as, has no role in the intended project: a mistyped project, "
    "or somebody who has left.",
}
