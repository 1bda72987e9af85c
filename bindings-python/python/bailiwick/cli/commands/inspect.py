"""`bailiwick inspect`: the contents of a snapshot, a delta or a directory document."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bailiwick import Bailiwick, BailiwickError, inspect_snapshot

from ..files.directories import is_snapshot, load_bytes
from ..files.input import read
from ..files.limits import DIRECTORY_BYTES
from ..files.signing import public_keys_from
from ..terminal.console import count, facts, mark, print_json, show, table, warn
from ..terminal.exits import Exit
from ..terminal.freshness import fresh_until, is_in_future
from .options import AsJson, PublicKey

File = Annotated[str, typer.Argument(metavar="FILE", help="A snapshot, a delta or a directory document. - is standard input.")]

COUNTED = ("members", "projects", "collaborators", "api_keys", "resources")


def inspect(file: File, public_key: PublicKey = None, as_json: AsJson = False) -> None:
    """Show the contents of a snapshot: its revision, age, policy and organizations; and with --public-key, whether its signature is valid.

    Without --public-key the signature is not verified. With it, the command ends with 1 unless the signature is valid.
    """
    data = read(file, most=DIRECTORY_BYTES)
    found = inspect_snapshot(data) if is_snapshot(data) else None
    report: dict[str, Any] = dict(found) if found else {"kind": "document", "bytes": len(data)}
    verdict = _verdict(data, found, public_keys_from(public_key)) if public_key else None
    if found is None or found["kind"] == "snapshot":
        # A snapshot that was issued in the future is shown as well.
        guard = Bailiwick.from_snapshot(data, at=found["issued_at"]) if found else load_bytes(data)
        report |= {"revision": guard.revision, "policy": guard.policy, "issued_at": guard.issued_at, "fresh_until": guard.fresh_until}
        report["organizations"] = _organizations(guard)
    report["signature"] = verdict
    if as_json:
        print_json(report)
    else:
        _show(report)
    if is_in_future(report["issued_at"]):
        warn("it was issued in the future; loading it is refused (issued_in_future)")
    if verdict not in {None, "valid"}:
        raise typer.Exit(Exit.NO)


def _verdict(data: bytes, found: Any, keys: tuple[bytes, ...]) -> str:
    """Whether one of the keys verifies the signature: `valid`, or the code of what is wrong."""
    if found is None:
        return "signature_missing"
    at = found["issued_at"]
    try:
        if found["kind"] == "delta":
            # An empty directory, to which the delta does not apply. Its signature is verified before that is noticed.
            Bailiwick.from_directory({"format": "bailiwick/1", "organizations": []}).apply_delta(data, public_keys=keys, at=at)
        else:
            Bailiwick.from_snapshot(data, public_keys=keys, at=at)
    except BailiwickError as error:
        if error.code.startswith("signature"):
            return error.code
        if not error.code.startswith("delta"):
            raise
    return "valid"


def _organizations(guard: Bailiwick) -> list[dict[str, Any]]:
    """The counts of each organization."""
    rows = []
    for organization in guard.to_directory()["organizations"]:
        projects = organization["projects"]
        sizes = {"members": len(organization["members"]), "projects": len(projects)}
        sizes |= {name: sum(len(project[name]) for project in projects) for name in COUNTED[2:]}
        rows.append({"id": organization["id"], "name": organization.get("name"), "owner": organization["owner"], **sizes})
    return rows


def _show(report: dict[str, Any]) -> None:
    organizations = report.get("organizations")
    shown = [(name.replace("_", " "), value) for name, value in report.items() if name not in {"organizations", "signature", "bytes"}]
    if report["kind"] != "delta":
        # A delta sets the age of the directory that it is applied to; it has no age itself.
        shown = [(name, fresh_until(value) if name == "fresh until" else value) for name, value in shown]
    verdict = report["signature"]
    if verdict is not None:
        shown.append(("signature", mark(verdict == "valid", "valid", verdict)))
    elif report.get("is_signed"):
        shown.append(("signature", "not verified: use --public-key"))
    size = ("size", count(report["bytes"], "byte"))
    if organizations is None:
        show(facts([*shown, size]))
        return
    columns = ("id", "name", "owner", *COUNTED)
    rows = [[f"{row[name]:,}" if name in COUNTED else row[name] for name in columns] for row in organizations]
    heads = [name.replace("_", " ") for name in columns]
    show(facts([*shown, size]), table(["organization", *heads[1:]], rows, right=heads[3:]))
