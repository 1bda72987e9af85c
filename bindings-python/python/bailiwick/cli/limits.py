"""How much a command takes of what it is given. Honest files stay far below; docs/cli.md names the numbers."""

from __future__ import annotations

from typing import Final

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

DIRECTORY_BYTES: Final = 2 * GIB
"""A directory or a snapshot, which the engine reads."""
DOCUMENT_BYTES: Final = 256 * MIB
"""Requests, changes and policies, which are read in Python and take several times their size."""
SECRETS_BYTES: Final = MIB
"""A key, or a file of tokens."""
DEPTH: Final = 32
"""Objects and lists inside one another, as the engine counts them."""
RECORD_BYTES: Final = 16 * MIB
"""One line of JSON Lines, or one row of CSV."""
COLUMNS: Final = 10_000
"""Columns of a file of usage, nested ones included."""
SHOWN_CHARACTERS: Final = 1_000
"""Of one value in a table for people."""
SHOWN_ROWS: Final = 1_000
"""Of a table for people, which takes a millisecond a row."""
CELLS: Final = 32 * MIB
"""Rows times columns of a batch of JSON Lines, where a row of two bytes has all columns."""
NAME_CHARACTERS: Final = 256
"""Of one name in the path of an error."""
