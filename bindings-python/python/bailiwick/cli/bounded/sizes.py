"""The sizes of values when they are written out: indices and views can refer to one large text any number of times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from ..files.limits import RECORD_BYTES
from ..terminal.extras import arrow
from .budget import Budget

NUMBER_BYTES = 8


def split_rows(batch: Any, budget: Budget, *, is_written: bool) -> Iterator[Any]:
    """Splits a batch into parts of bounded size. Raises UnreadableError if a row, or all of them, expand beyond the limits."""
    compute = arrow("pyarrow.compute")
    totals = _sum([_sizes(column) for column in batch.columns], batch.num_rows)
    budget.check_row(_number(compute.max(totals)) or 0)
    ends = compute.cumulative_sum_checked(totals)
    if is_written and batch.num_rows:
        budget.grow(_number(ends[-1]))
    start, before = 0, 0
    while start < batch.num_rows:
        # At least one row.
        end = max(start + 1, bisect_right(ends, before + RECORD_BYTES, key=_number))
        yield batch.slice(start, end - start)
        start, before = end, _number(ends[end - 1])


def _sizes(array: Any) -> Any:
    """The approximate size of each value in bytes."""
    pa, compute, types = arrow(), arrow("pyarrow.compute"), arrow().types
    kind = array.type
    if types.is_dictionary(kind):
        return _known(_sizes(array.dictionary).take(array.indices))
    if types.is_string_view(kind) or types.is_binary_view(kind):
        return _known(_view_lengths(array))
    if types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind) or types.is_large_binary(kind):
        return _known(compute.cast(compute.binary_length(array), pa.int64()))
    if types.is_run_end_encoded(kind):
        return compute.run_end_decode(pa.RunEndEncodedArray.from_arrays(array.run_ends, _sizes(array.values)))
    if types.is_map(kind):
        return _of_ranges(_sum([_sizes(array.keys), _sizes(array.items)], len(array.keys)), array.offsets[:-1], array.offsets[1:])
    if types.is_list(kind) or types.is_large_list(kind):
        return _of_ranges(_sizes(array.values), array.offsets[:-1], array.offsets[1:])
    if types.is_list_view(kind) or types.is_large_list_view(kind):
        return _of_ranges(_sizes(array.values), array.offsets, compute.add_checked(array.offsets, array.sizes))
    if types.is_struct(kind):
        return _sum([_sizes(array.field(number)) for number in range(kind.num_fields)], len(array))
    if kind.num_fields:
        # The largest of the children, whichever a value has.
        parts = [_sizes(array.values if types.is_fixed_size_list(kind) else array.field(number)) for number in range(kind.num_fields)]
        largest = max((_number(compute.max(part)) or 0 for part in parts), default=0)
        return _repeated(largest * getattr(kind, "list_size", 1), len(array))
    return _repeated(NUMBER_BYTES, len(array))


def _of_ranges(sizes: Any, starts: Any, ends: Any) -> Any:
    """The size of each list, given by its start and end. A value may be in many lists."""
    pa, compute = arrow(), arrow("pyarrow.compute")
    sums = pa.concat_arrays([pa.array([0], pa.int64()), compute.cumulative_sum_checked(compute.add(sizes, NUMBER_BYTES))])
    return compute.subtract(sums.take(ends), sums.take(starts))


def _view_lengths(array: Any) -> Any:
    """The lengths of string views: the first of the four numbers of each view."""
    pa, compute = arrow(), arrow("pyarrow.compute")
    numbers = pa.Array.from_buffers(pa.int32(), 4 * (array.offset + len(array)), [None, array.buffers()[1]])
    lengths = compute.list_element(pa.FixedSizeListArray.from_arrays(numbers, 4), 0)[array.offset :]
    return compute.if_else(array.is_valid(), compute.cast(lengths, pa.int64()), 0)


def _sum(parts: list[Any], count: int) -> Any:
    total = _repeated(0, count)
    for part in parts:
        total = arrow("pyarrow.compute").add_checked(total, part)
    return total


def _known(sizes: Any) -> Any:
    return arrow("pyarrow.compute").fill_null(sizes, 0)


def _repeated(number: int, count: int) -> Any:
    pa = arrow()
    return pa.repeat(pa.scalar(number, pa.int64()), count)


def _number(scalar: Any) -> Any:
    return scalar.as_py()
