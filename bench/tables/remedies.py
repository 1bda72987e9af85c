"""The remedies of a kind on a surface, of every case in one text: so that joins have only to choose one."""

from __future__ import annotations

from typing import NamedTuple

from tables.names import KindName


class KindRow(NamedTuple):
    """A kind on a surface, with the remedies of every case in one text."""

    kind: str
    surface: str
    books_to_default_project: bool
    supported: bool
    by_api_key: bool
    remedies_before: str
    remedies_inside: str
    remedies_by_sso: str
    remedies_by_invitation: str


def kind_row(kind: KindName) -> KindRow:
    """Remedies for usage before there were projects, of a member, and of externals who would be invited so or so."""
    key = "use_project_api_key" if kind.helps_by_key else ""
    wait = "await_project_support" if kind.awaits_support else ""
    texts = [
        " ".join(filter(None, remedies))
        for remedies in ([wait], [key, wait], [key, "provision_with_sso", wait], [key, "invite_to_organization", wait])
    ]
    return KindRow(kind.kind, kind.surface, kind.books_to_default_project, kind.supported, kind.by_api_key, *texts)
