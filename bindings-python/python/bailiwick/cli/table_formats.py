"""In which formats tables are read and written, and how a file says which one it is in."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Any

import typer

from .extras import need
from .inputs import named


class Format(StrEnum):
    """How a table is written in a file."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    ARROW = "arrow"


EXTENSIONS = {
    ".parquet": Format.PARQUET,
    ".csv": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".arrow": Format.ARROW,
}
NAMES = {Format.PARQUET: "Parquet", Format.CSV: "CSV", Format.JSONL: "JSON Lines", Format.ARROW: "Arrow"}


def format_of(path: str, chosen: Format | None) -> Format:
    """The format of a file: the one that was chosen, or what its name says."""
    found = chosen or EXTENSIONS.get(os.path.splitext(path)[1].lower())
    if found is None:
        known = ", ".join(EXTENSIONS)
        raise typer.BadParameter(f"the name of {named(path)} does not say its format ({known}); --input-format and --output-format do")
    return found


def arrow(module: str = "pyarrow") -> Any:
    """Arrow, which reads and writes tables."""
    return need(module, task="a file of usage", extra="cli")
