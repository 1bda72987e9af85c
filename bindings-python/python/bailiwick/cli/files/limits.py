"""How much a command takes of what it is given. Honest files stay far below; docs/cli.md names the numbers."""

from __future__ import annotations

from typing import Final

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

DIRECTORY_BYTES: Final = 2 * GIB
"""A directory or a snapshot, which the engine reads."""
DOCUMENT_BYTES: Final = 128 * MIB
"""Requests and changes, a line at a time."""
VALUES: Final = 1_000_000
"""Values in JSON that is read in Python, where each takes up to some 250 bytes: a policy, or requests and changes but for those a line."""
SECRETS_BYTES: Final = MIB
"""A key, or a file of tokens."""
DEPTH: Final = 32
"""Objects and lists inside one another, as the engine counts them."""
RECORD_BYTES: Final = 16 * MIB
"""One line of JSON Lines, one row of another format, or JSON that is read in Python at once."""
COLUMNS: Final = 10_000
"""Columns of a file of usage, nested ones included."""
CELLS: Final = 32 * MIB
"""Rows times columns of a batch of JSON Lines, where a row of two bytes has all columns."""
NAME_CHARACTERS: Final = 256
"""Of one name in the path of an error."""
AT_ONCE_BYTES: Final = 4 * GIB
"""What a file of columns may take in memory at once: a record batch, or what is read of a row group."""
FREE_AT_ONCE_BYTES: Final = 256 * MIB
RATIO_AT_ONCE: Final = 100
"""If it takes more than this, it may be so many times as large as it is in the file."""
FREE_IN_ALL_BYTES: Final = GIB
RATIO_IN_ALL: Final = 1_024
"""The same of a whole file, which is not in memory at once."""
ROW_BYTES: Final = 16
"""What a row counts at the least: columns of nothing but nulls have none, and say any number."""
METADATA_BYTES: Final = 64 * MIB
"""One description of columns or of a batch."""
