"""Decimals without rounding, whatever context the caller has set."""

from __future__ import annotations

import decimal
from decimal import Decimal

# Sums of any number of rows are exact.
EXACT = decimal.Context(prec=200, traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow])


def tidy(cost: Decimal) -> Decimal:
    """The same number without zeros at the end of its fraction."""
    least = cost.normalize(EXACT)
    return least.quantize(Decimal(1), context=EXACT) if int(least.as_tuple().exponent) > 0 else least


def minus(one: Decimal, other: Decimal) -> Decimal:
    """A difference."""
    return tidy(EXACT.subtract(one, other))


def descending(cost: Decimal | None) -> Decimal:
    """A key to sort by: the most expensive first, credits by their size."""
    # Operators would round by the caller's context.
    return (cost or Decimal(0)).copy_abs().copy_negate()


def plain(cost: Decimal) -> str:
    """An amount as text: all its digits, no exponent."""
    return f"{cost:f}"
