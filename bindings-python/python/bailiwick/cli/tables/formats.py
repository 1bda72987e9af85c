"""The formats of tables, and how the name of a file shows its format."""

from __future__ import annotations

import os
from enum import StrEnum

import typer

from ..files.input import STANDARD, display_name
from ..terminal.console import visible


class Format(StrEnum):
    """The format of a table in a file."""

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


COMPRESSED = (".gz", ".zst")
"""Extensions of compression, which may follow that of a text format for input."""


def input_format_of(path: str, chosen: Format | None) -> Format:
    """The format of an input file: the chosen one, or by its name."""
    name, extension = os.path.splitext(path)
    found = chosen or _format_named(path)
    if found is None and extension.lower() in COMPRESSED:
        inner = _format_named(name)
        found = inner if inner in {Format.CSV, Format.JSONL} else None
    if found is None:
        known = f"{', '.join(EXTENSIONS)}, for text also with {' or '.join(COMPRESSED)}"
        raise typer.BadParameter(f"the name of the input, {display_name(path)}, does not show its format ({known}); set --input-format")
    return found


def output_format_of(path: str, chosen: Format | None) -> Format:
    """The same for an output file."""
    found = chosen or _format_named(path)
    if found is None:
        where = "standard output" if path == STANDARD else f"`{visible(path)}`"
        known = ", ".join(EXTENSIONS)
        raise typer.BadParameter(f"the name of the output, {where}, does not show its format ({known}); set --output-format")
    return found


def _format_named(path: str) -> Format | None:
    return EXTENSIONS.get(os.path.splitext(path)[1].lower())
