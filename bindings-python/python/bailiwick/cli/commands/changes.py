"""Changes as arguments: a file of them, or the JSON itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from bailiwick import BailiwickError, ForbiddenError

from ..files.documents import list_of, read_list

Changes = Annotated[
    str,
    typer.Argument(
        metavar="CHANGES",
        help="A file with a JSON object on each line, or one JSON object or list; - for standard input; or the JSON itself.",
    ),
]
Actor = Annotated[
    str | None, typer.Option("--actor", help="Who makes the changes, such as user:usr_ada. Without it, permissions are not checked.")
]


def changes_of(given: str) -> Iterator[list[Any]]:
    """The changes, in parts."""
    if given.lstrip().startswith(("{", "[")):
        # Invalid text gets a proper error later, and does not fail here.
        return list_of(given.encode("utf-8", "surrogatepass"), where="the change")
    return read_list(given)


def located(error: BailiwickError, before: int) -> BailiwickError:
    """An error of a part of the list, with the position in the whole list in its path and its message."""
    found = re.fullmatch(r"/(\d+)(/.*)?", error.path or "")
    if found is None:
        return error
    position = before + int(found[1])
    path, message = f"/{position}{found[2] or ''}", f"change {position + 1}: {error.message}"
    if isinstance(error, ForbiddenError):
        return ForbiddenError(error.code, path, message, error.decision)
    return type(error)(error.code, path, message)
