"""Arguments and options that several commands take, each with one meaning everywhere."""

from __future__ import annotations

from typing import Annotated

import typer


def _leave_word(ctx: typer.Context, is_wanted: bool) -> bool:
    # A command may fail before it begins; app.py looks here for how to tell it.
    ctx.find_root().obj = is_wanted
    return is_wanted


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.", callback=_leave_word, is_eager=True)]

Directory = Annotated[
    str, typer.Argument(metavar="DIRECTORY", help="A directory: a JSON document or a snapshot, told apart by content. - is the input.")
]
PublicKey = Annotated[
    list[str] | None,
    typer.Option(
        "--public-key",
        metavar="KEY",
        help="Take only a snapshot with a valid signature of this key: 64 hexadecimal digits, or a file. Given several times, any will do.",
    ),
]
Policy = Annotated[
    str | None,
    typer.Option("--policy", metavar="POLICY", help="Another policy than the directory's: the id of a built-in one, or a file."),
]
SigningKey = Annotated[
    str | None,
    typer.Option(
        "--signing-key",
        metavar="FILE",
        help="Sign with the key in this file. Without it, BAILIWICK_SIGNING_KEY may hold the key in hexadecimal digits.",
    ),
]
Surface = Annotated[str | None, typer.Option("--surface", help="How the product is used. Without it, the policy says by who asks.")]
At = Annotated[str | None, typer.Option("--at", metavar="INSTANT", help="The time that counts, in RFC 3339. Without it, now.")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where it is written. - is the output.")]
MinRevision = Annotated[int | None, typer.Option("--min-revision", help="Deny if the directory is of an earlier revision.")]
MaxAge = Annotated[int | None, typer.Option("--max-age", metavar="SECONDS", help="Deny if the directory was issued longer ago.")]
