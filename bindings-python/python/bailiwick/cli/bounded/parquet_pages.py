"""The pages of a Parquet file, whose headers say how much memory they take.

Arrow's reader trusts the headers of pages over the footer. So they are checked before it reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from .budget import Budget
from .thrift import read_struct

# Field numbers of a page's header, and in the description of each type of page.
TYPE, UNCOMPRESSED, COMPRESSED = 1, 2, 3
DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_2 = 0, 2, 3
DESCRIPTION = {DATA_PAGE: 5, DICTIONARY_PAGE: 7, DATA_PAGE_2: 8}
VALUES = 1
ENCODING = {DATA_PAGE: 2, DATA_PAGE_2: 4}
DELTA_BYTE_ARRAY = 7
"""An encoding of texts by prefixes of the previous one: one byte can repeat as much text as the page has."""
COPIES = 4
"""How many copies of a page are in memory while it is read: compressed, decompressed, its values, and these again while they grow."""
HEADER_BYTES, LARGEST_HEADER = 1 << 10, 16 << 20
NUMBER_BYTES = 8


@dataclass(frozen=True)
class Page:
    """The header of a page."""

    kind: int
    size: int
    values: int
    encoding: int | None


def check_row_group(file: Any, group: int, names: list[str], pages: IO[bytes], budget: Budget) -> int:
    """Checks the pages of a row group's columns. Returns how many bytes a row may take while it is read.

    Raises UnreadableError, and ValueError for invalid pages.
    """
    read = made = row = 0
    wanted = set(names)
    for number in range(file.metadata.num_columns):
        leaf = file.schema.column(number)
        if leaf.path.split(".")[0] not in wanted:
            continue
        chunk = file.metadata.row_group(group).column(number)
        largest = repeated = 0
        for page in _pages(chunk, pages):
            if page.kind in DESCRIPTION:
                # At least one value is this large: that is known before the page is read.
                budget.check_row(page.size // max(page.values, 1))
            if page.kind == DICTIONARY_PAGE:
                made += page.size
                continue
            # In a column of lists, one row may have all values.
            largest = max(largest, page.size, page.values * NUMBER_BYTES if leaf.max_repetition_level else 0)
            if page.encoding == DELTA_BYTE_ARRAY:
                repeated = max(repeated, page.size)
        read += chunk.total_compressed_size
        made += largest
        row += max(repeated, leaf.length)
    budget.spend(read, COPIES * made)
    return row


def _pages(chunk: Any, file: IO[bytes]) -> Iterator[Page]:
    """The pages of a column, in the order of Arrow's reader."""
    start = chunk.data_page_offset
    if chunk.has_dictionary_page and 0 < chunk.dictionary_page_offset < start:
        start = chunk.dictionary_page_offset
    left = chunk.num_values
    end = start + chunk.total_compressed_size
    while left > 0 and start < end:
        header, length = _header(file, start)
        kind, size, compressed = (_number(header, field) for field in (TYPE, UNCOMPRESSED, COMPRESSED))
        description = header.get(DESCRIPTION.get(kind, 0), {})
        values = _number(description, VALUES) if description else 0
        if min(size, compressed, values) < 0:
            raise ValueError("a page of a negative size")
        if kind in ENCODING:
            left -= values
        yield Page(kind, size, values, description.get(ENCODING.get(kind, 0)))
        start += length + compressed


def _number(fields: dict[int, Any], field: int) -> int:
    number = fields.get(field)
    if not isinstance(number, int):
        raise ValueError("a page's header lacks a number")
    return number


def _header(file: IO[bytes], start: int) -> tuple[dict[int, Any], int]:
    """A page's header and its length. Headers are short, unless they have statistics of long texts."""
    size = HEADER_BYTES
    while True:
        file.seek(start)
        data = file.read(size)
        try:
            return read_struct(data)
        except IndexError:
            if len(data) < size or size >= LARGEST_HEADER:
                raise ValueError("a page's header does not end") from None
            size *= 4
