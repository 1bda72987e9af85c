"""Arguments and options that several commands have. Each has one meaning everywhere."""

from __future__ import annotations

from typing import Annotated

import typer


def _remember_json(ctx: typer.Context, is_wanted: bool) -> bool:
    # A command can fail before it begins; app.py reads this to print the error.
    ctx.find_root().obj = is_wanted
    return is_wanted


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.", callback=_remember_json, is_eager=True)]

Directory = Annotated[
    str,
    typer.Argument(metavar="DIRECTORY", help="A directory: a JSON document or a snapshot, recognized by its content. - is standard input."),
]
PublicKey = Annotated[
    list[str] | None,
    typer.Option(
        "--public-key",
        metavar="KEY",
        help="Accept only a snapshot signed by this key: 64 hexadecimal digits, or a file. Repeat it to accept several keys.",
    ),
]
Policy = Annotated[
    str | None,
    typer.Option("--policy", metavar="POLICY", help="A policy in place of the directory's: the id of a built-in one, or a file."),
]
SigningKey = Annotated[
    str | None,
    typer.Option(
        "--signing-key",
        metavar="FILE",
        help="Sign with the key in this file. Without it, BAILIWICK_SIGNING_KEY may hold the key in hexadecimal digits.",
    ),
]
Surface = Annotated[
    str | None,
    typer.Option("--surface", help="The surface on which the product is used. Without it, the policy's default for the type of principal."),
]
At = Annotated[str | None, typer.Option("--at", metavar="INSTANT", help="The time of the question, in RFC 3339. Without it, now.")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The file to write. - is standard output.")]
WrittenDirectory = Annotated[
    str | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="A document if the name ends with .json, or for - (standard output); else a snapshot."
    ),
]
MinRevision = Annotated[int | None, typer.Option("--min-revision", help="Deny if the directory is of an earlier revision.")]
MaxAge = Annotated[int | None, typer.Option("--max-age", metavar="SECONDS", help="Deny if the directory was issued longer ago.")]
