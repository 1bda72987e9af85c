"""Every test leaves the shared engine in order."""

from collections.abc import Iterator

import pytest

from .world import guard, works


@pytest.fixture(autouse=True)
def still_works() -> Iterator[None]:
    yield
    works(guard)
