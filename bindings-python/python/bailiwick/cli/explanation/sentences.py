"""The rules in words, for people: each outcome of docs/rules.md as one sentence about the question at hand."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class Outcome(NamedTuple):
    """One way in which a rule ends."""

    rule: str
    words: str
    rows: tuple[str, ...]
    """What was looked at; rows.py finds it under these names."""


class Who(Enum):
    """What tells apart the rules that share a reason."""

    IN_ORGANIZATION = auto()
    """Whoever asks about an organization."""
    MEMBER = auto()
    """A member of the organization, who asks about something in one of its projects."""
    OUTSIDER = auto()
    """Anybody else who asks about something in a project: another user, or a key."""


Outcomes = dict[str, Outcome | dict[Who, Outcome]]

ORGANIZATION = ("organization", "member", "action")
EXTERNAL = ("organization", "member", "external rows", "action")
PROJECT = ("project", "resource", "member", "collaborator", "groups", "roles", "action")
OUTSIDE = ("project", "resource", "member", "collaborator", "action")
KEY = ("key", "project", "resource", "key action")
KEY_ON_ORGANIZATION = ("key", "organization", "key action")

_DEFAULT_KEY = Outcome(
    "A24",
    "This API key is the default key of `{organization}`, and only the owner of the organization may touch it.",
    ("resource", "organization"),
)

DECISIONS: Outcomes = {
    "snapshot_stale": Outcome(
        "A1",
        "The directory is too old for this question, or of too early a revision. Then everything is denied.",
        ("freshness",),
    ),
    "unknown_action": Outcome("A2", "No table of the policy has the action `{action}`.", ("policy",)),
    # A principal or a resource that nobody knows may be a secret that was pasted in the wrong place, so it is not repeated.
    "unknown_principal": Outcome("A3", "The directory does not know the principal.", ()),
    "key_revoked": Outcome("A4", "The API key is revoked since `revoked_at`.", ("key",)),
    "key_expired": Outcome("A5", "The API key has expired at `expires_at`.", ("key",)),
    "unknown_resource": Outcome("A6", "The directory does not know a resource of that type and id.", ()),
    "action_not_applicable": Outcome(
        "A7",
        "`{action}` cannot be asked of `{resource}`: the action is for another type of resource.",
        ("resource", "action"),
    ),
    "surface_not_applicable": Outcome(
        "A8",
        "What `{action}` is about does not exist on the surface `{surface}`.",
        ("support",),
    ),
    "principal_suspended": Outcome(
        "A25",
        "`{principal}` is suspended: in the whole directory, in the organization that this is about, or, of a key, the user that it "
        "acts as, its project or its organization. The policy does not allow `{action}` in spite of that.",
        ("suspension", "suspended principal"),
    ),
    "scope_suspended": Outcome(
        "A26",
        "What this is about is in an organization or a project that is suspended, and the policy does not allow `{action}` in spite of "
        "that.",
        ("organization", "project", "suspended scope"),
    ),
    "owner": Outcome("A10", "The policy keeps `{action}` for the owner of `{organization}`, and that is `{principal}`.", ORGANIZATION),
    "owner_only": {
        Who.IN_ORGANIZATION: Outcome(
            "A11",
            "The policy keeps `{action}` for the owner of `{organization}`, and that is somebody else.",
            ORGANIZATION,
        ),
        Who.MEMBER: _DEFAULT_KEY,
        Who.OUTSIDER: _DEFAULT_KEY,
    },
    "organization_role": {
        Who.IN_ORGANIZATION: Outcome(
            "A12",
            "`{principal}` is a member of `{organization}` as `{role}`, and that role has `{action}`.",
            ORGANIZATION,
        ),
        Who.MEMBER: Outcome(
            "A19",
            "The organization role of `{principal}` implies the project role `{role}` in `{project}`. "
            "It is the role that counts for them there, and it has `{action}`.",
            PROJECT,
        ),
    },
    "role_lacks_permission": {
        Who.IN_ORGANIZATION: Outcome(
            "A13",
            "`{principal}` is a member of `{organization}` as `{role}`, and that role does not have `{action}`.",
            ORGANIZATION,
        ),
        Who.MEMBER: Outcome(
            "A19",
            "The role that counts for `{principal}` in `{project}` is `{role}`, and it does not have `{action}`.",
            PROJECT,
        ),
        Who.OUTSIDER: Outcome(
            "A21",
            "`{principal}` is an external collaborator of `{project}` as `{role}`, and that role does not have `{action}`.",
            OUTSIDE,
        ),
    },
    "external_collaborator": {
        Who.IN_ORGANIZATION: Outcome(
            "A14",
            "`{principal}` is no member of `{organization}`, but works in a project of it that allows external collaborators. "
            "The policy gives `{action}` to those.",
            EXTERNAL,
        ),
        Who.OUTSIDER: Outcome(
            "A21",
            "`{principal}` is an external collaborator of `{project}` as `{role}`, and that role has `{action}`.",
            OUTSIDE,
        ),
    },
    "external_no_organization_access": Outcome(
        "A14",
        "`{principal}` is no member of `{organization}`, but works in a project of it that allows external collaborators. "
        "The policy does not give `{action}` to those.",
        EXTERNAL,
    ),
    "external_collaborators_disabled": {
        Who.IN_ORGANIZATION: Outcome(
            "A15",
            "`{principal}` is no member of `{organization}`, and each of its projects that lists them allows no external collaborators.",
            EXTERNAL,
        ),
        Who.OUTSIDER: Outcome(
            "A21",
            "`{principal}` is no member of `{organization}`. Their row in `{project}` has no effect while the project allows no external "
            "collaborators.",
            OUTSIDE,
        ),
    },
    "not_a_member": Outcome(
        "A16",
        "`{principal}` is no member of `{organization}`, and no project of it lists them.",
        ("organization", "member"),
    ),
    "not_for_externals": Outcome(
        "A21",
        "`{principal}` is an external collaborator of `{project}` as `{role}`. That role has `{action}`, but the policy gives it to no "
        "external collaborator.",
        OUTSIDE,
    ),
    "key_out_of_scope": {
        Who.IN_ORGANIZATION: Outcome(
            "A17",
            "The API key does not reach `{organization}` itself: only a key of the organization that reaches all of its projects does.",
            ("key", "organization"),
        ),
        Who.OUTSIDER: Outcome("A22", "The API key does not reach `{project}`.", ("key", "project", "resource")),
    },
    "self": Outcome("A18", "`{principal}` asks about themselves, and `{action}` is for that.", ("action",)),
    "not_self": Outcome("A18", "`{action}` is for a user who asks about themselves, and this is not one.", ("action",)),
    "project_role": Outcome(
        "A19",
        "`{principal}` is a collaborator of `{project}` as `{role}`. It is the role that counts for them there, and it has `{action}`.",
        PROJECT,
    ),
    "group_role": Outcome(
        "A19",
        "A group of `{principal}` is a collaborator of `{project}` as `{role}`. It is the role that counts for them there, and it has "
        "`{action}`.",
        PROJECT,
    ),
    "default_project": Outcome(
        "A19",
        "`{project}` is the default project of `{organization}`, and members like `{principal}` are `{role}` there. "
        "It is the role that counts for them, and it has `{action}`.",
        PROJECT,
    ),
    "not_a_collaborator": {
        Who.MEMBER: Outcome("A19", "`{principal}` is a member of `{organization}`, and nothing gives them a role in `{project}`.", PROJECT),
        Who.OUTSIDER: Outcome(
            "A20",
            "`{principal}` is no member of `{organization}`, and `{project}` does not list them. A row that has ended counts as not there.",
            OUTSIDE,
        ),
    },
    "project_visibility": Outcome(
        "A28",
        "No project role gives `{principal}` the action `{action}` in `{project}`, but the visibility of the project gives it to members "
        "of `{organization}` who are `{role}`.",
        ("project", "member", "visibility"),
    ),
    "api_key_scope": {
        Who.IN_ORGANIZATION: Outcome(
            "A17",
            "The API key reaches all projects of `{organization}`, the policy gives `{action}` to such keys, and the key's own limits, "
            "if it has any, do not exclude it.",
            KEY_ON_ORGANIZATION,
        ),
        Who.OUTSIDER: Outcome(
            "A23",
            "The API key reaches `{project}`, the policy gives `{action}` to keys, and the key's own limits, if it has any, do not "
            "exclude it.",
            KEY,
        ),
    },
    "key_lacks_permission": {
        Who.IN_ORGANIZATION: Outcome(
            "A17",
            "The API key reaches all projects of `{organization}`, and the policy does not give `{action}` to such keys.",
            KEY_ON_ORGANIZATION,
        ),
        Who.OUTSIDER: Outcome("A23", "The API key reaches `{project}`, and the policy does not give `{action}` to keys.", KEY),
    },
    "key_scope_lacks_permission": Outcome(
        "A29",
        "The policy gives `{action}` to keys, but this API key is limited to its own scopes, and none of them has it.",
        ("key", "scopes"),
    ),
    "key_user_lacks_access": Outcome(
        "A30",
        "The API key acts as a user, and may do no more than they may: `{action}` is not allowed to them here, or the directory does not "
        "know them.",
        ("key", "project", "key user", "action"),
    ),
}

CAVEATS = {
    "not_project_aware": "The platform does not keep this kind apart by project here: what is listed may be the whole organization's.",
    "usage_attributed_to_default_project": "Such usage is booked to the default project.",
    "usage_may_leave_organization": "Such usage may be booked to another organization.",
}

INTENDED = ("organization", "project")

BOOKINGS: Outcomes = {
    "predates_projects": Outcome(
        "B1", "`{organization}` had no projects yet when this was used, so its default project gets it.", INTENDED
    ),
    "playground": Outcome("B2", "What is used on the surface `{surface}` is booked to the default project.", ("surface", *INTENDED)),
    "project_scoped": Outcome(
        "B3",
        "The platform keeps `{kind}` on the surface `{surface}` apart by project, so the usage stays where it was meant to go.",
        ("support", *INTENDED),
    ),
    "external_home_organization": {
        Who.OUTSIDER: Outcome(
            "B4",
            "`{principal}` is no member of `{organization}`, and this usage is not kept apart by project. "
            "It may be booked to the organization that they are a member of.",
            ("support", "surface", "member", "home"),
        ),
        Who.MEMBER: Outcome(
            "B5",
            "An external collaborator has made the API key, or it acts as one, and the platform does not keep `{kind}` on the surface "
            "`{surface}` apart by project. The usage may be booked to the organization that they are a member of.",
            ("support", "key", "home"),
        ),
    },
    "default_project_fallback": Outcome(
        "B6",
        "The platform does not keep `{kind}` on the surface `{surface}` apart by project, so the default project gets the usage.",
        ("support", *INTENDED),
    ),
}

REMEDIES = {
    "use_project_api_key": "Used with an API key of the project, such usage is booked to the project.",
    "provision_with_sso": "Once single sign-on has made the collaborator a member, such usage is booked to the organization.",
    "invite_to_organization": "Once the collaborator is invited and a member, such usage is booked to the organization.",
    "await_project_support": "The platform does not keep this kind apart by project anywhere yet.",
}

USAGE_CAVEATS = {
    "unknown_resource": "The resource is not in the directory; the API key or the project decided without it.",
    "principal_without_access": "The user, or the user that the API key acts as, has no role in the intended project: a mistyped project, "
    "or somebody who has left.",
}
