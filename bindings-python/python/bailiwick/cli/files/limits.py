"""The limits of what commands read. Honest files are far below; docs/cli.md lists the numbers."""

from __future__ import annotations

from typing import Final

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

DIRECTORY_BYTES: Final = 2 * GIB
"""A directory or a snapshot, which the engine reads."""
DOCUMENT_BYTES: Final = 128 * MIB
"""A file of requests or changes, which is read line by line."""
VALUES: Final = 1_000_000
"""Values in JSON that is read in Python at once: a policy, one line, or a list of requests. Each value takes up to some 250 bytes."""
PREVIEWED: Final = 100_000
"""Changes of one preview, which are held in memory together."""
SECRETS_BYTES: Final = MIB
"""A key, or a file of tokens."""
DEPTH: Final = 32
"""Nesting of objects and lists, as the engine counts it."""
RECORD_BYTES: Final = 16 * MIB
"""One line of JSON Lines, one row of another format, or JSON that is read in Python at once."""
COLUMNS: Final = 10_000
"""Columns of a file of usage, nested ones included."""
CELLS: Final = 32 * MIB
"""Rows times columns of a batch of JSON Lines, where a row of two bytes can have all columns."""
NAME_CHARACTERS: Final = 256
"""Of one name in the path of an error."""
AT_ONCE_BYTES: Final = 4 * GIB
"""The memory for a part of a columnar file: a record batch, or the columns of a row group that are read."""
FREE_AT_ONCE_BYTES: Final = 256 * MIB
RATIO_AT_ONCE: Final = 100
"""If it takes more than FREE_AT_ONCE_BYTES, its size in memory over its size in the file."""
FREE_IN_ALL_BYTES: Final = GIB
RATIO_IN_ALL: Final = 1_024
"""The same for a whole file, which is not in memory at once."""
ROW_BYTES: Final = 16
"""The least size that a row counts as: columns of nulls take no memory, and can claim any number of rows."""
METADATA_BYTES: Final = 64 * MIB
"""The metadata of one Arrow message."""
