"""`bailiwick keys`: secrets of API keys, and the keys that sign snapshots."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from bailiwick import new_api_key, public_key_of

from ..files.atomic_output import output_file
from ..files.input import STANDARD
from ..files.signing import KEY_BYTES, SIGNING_KEY_VARIABLE, signing_key_from
from ..terminal.console import facts, print_json, show
from .options import AsJson

keys: typer.Typer = typer.Typer(help="Create secrets of API keys, and keys that sign snapshots.", no_args_is_help=True)

Prefix = Annotated[
    str | None, typer.Option("--prefix", help="The prefix of the secret: 1 to 32 of a to z, 0 to 9 and, inside, - and _. Without it, bw.")
]


@keys.command()
def new(prefix: Prefix = None, as_json: AsJson = False) -> None:
    """Create the secret of an API key. It is printed only now: the directory gets the digest, and the secret is not stored."""
    made = new_api_key(prefix)
    if as_json:
        print_json({"secret": made.secret, "digest": made.digest})
    else:
        show(facts([("secret", made.secret), ("digest", made.digest)]))


@keys.command()
def signing(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file for the key. Only its owner can read it.")], as_json: AsJson = False
) -> None:
    """Create a key that signs snapshots, in a new file, and print its public key. An existing file is not overwritten."""
    if file == "-":
        raise typer.BadParameter("a signing key is not printed; name a file")
    seed = os.urandom(KEY_BYTES)
    with output_file(file, mode=0o600, is_new=True) as out:
        out.write(seed.hex().encode() + b"\n")
    _print(file, seed, as_json)


@keys.command()
def public(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help=f"A file with a signing key. Without it, {SIGNING_KEY_VARIABLE} holds the key.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", "--output", "-o", metavar="FILE", help="Write the public key to this file, in the form that --public-key reads."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the public key of a signing key, or write it to a file."""
    seed = signing_key_from(file)
    if seed is None:
        raise typer.BadParameter(f"name the file of a signing key, or set {SIGNING_KEY_VARIABLE}")
    if out is not None:
        if file is not None and out != STANDARD and os.path.realpath(out) == os.path.realpath(file):
            raise typer.BadParameter("the public key would overwrite the signing key")
        with output_file(out) as written:
            written.write(public_key_of(seed).hex().encode() + b"\n")
        if out == STANDARD:
            return
    _print(file, seed, as_json)


def _print(file: str | None, seed: bytes, as_json: bool) -> None:
    public_key = public_key_of(seed).hex()
    if as_json:
        print_json({"signing_key_file": file, "public_key": public_key})
    else:
        show(facts([("signing key", file), ("public key", public_key)]))
