"""The rows that name people and groups, as they stand at an instant: one that has ended is not there (A27)."""

from __future__ import annotations

from documents import Json, find, passed


def ended(row: Json, at: int) -> bool:
    """A27: a row is over from its `expires_at` on."""
    return passed(row.get("expires_at"), at)


def member(organization: Json, user: str | None, at: int) -> Json | None:
    """The row of a user who is a member."""
    row = find(organization["members"], "user", user)
    return None if row is None or ended(row, at) else row


def is_former(organization: Json, user: str | None, at: int) -> bool:
    """A27: whose membership has ended is nobody there, whatever else names them."""
    row = find(organization["members"], "user", user)
    return row is not None and ended(row, at)


def member_role(organization: Json, user: str | None, at: int) -> str | None:
    """The organization role of a user who is a member."""
    row = member(organization, user, at)
    return None if row is None else row["role"]


def own_row(organization: Json, project: Json, user: str | None, at: int) -> Json | None:
    """A user's own collaborator row in a project."""
    row = find(project.get("collaborators", []), "user", user)
    return None if row is None or ended(row, at) or is_former(organization, user, at) else row


def row_role(organization: Json, project: Json, user: str | None, at: int) -> str | None:
    """The role in that row."""
    row = own_row(organization, project, user, at)
    return None if row is None else row["role"]


def groups_of(organization: Json, user: str | None, at: int) -> list[str]:
    """The groups that a member is in."""
    if member(organization, user, at) is None:
        return []
    groups = [(group["id"], find(group["members"], "user", user)) for group in organization.get("groups", [])]
    return [name for name, row in groups if row is not None and not ended(row, at)]


def group_roles(organization: Json, project: Json, user: str | None, at: int) -> list[str]:
    """The roles in the rows of a member's groups in a project."""
    groups = groups_of(organization, user, at)
    rows = [row for row in project.get("collaborators", []) if row.get("group") in groups]
    return [row["role"] for row in rows if not ended(row, at)]


def named_users(document: Json) -> set[str]:
    """Everybody whom some row names, ended or not."""
    found: set[str] = set()
    for organization in document["organizations"]:
        lists = [organization["members"], *(group["members"] for group in organization.get("groups", []))]
        lists += [project.get("collaborators", []) for project in organization["projects"]]
        found |= {row["user"] for rows in lists for row in rows if "user" in row}
    return found
