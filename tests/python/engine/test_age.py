"""How long an engine answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bailiwick import Bailiwick

from .world import ADA, load


@pytest.mark.parametrize(
    ("issued_at", "max_age_seconds", "wanted"),
    [
        ("2026-02-01T12:00:00Z", 300, "2026-02-01T12:05:00Z"),
        ("2026-02-01T13:00:00.5+01:00", 0, "2026-02-01T12:00:00.5Z"),
        ("2026-02-01T12:00:00Z", None, None),
        (None, 300, None),
        ("9999-12-31T23:59:59Z", 1, None),
        ("2026-02-01T12:00:00Z", 2**53 - 1, None),
    ],
)
def test_an_engine_says_how_long_it_answers(issued_at: str | None, max_age_seconds: int | None, wanted: str | None) -> None:
    engine = Bailiwick.from_directory({**load().to_directory(), "issued_at": issued_at, "max_age_seconds": max_age_seconds})
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) if wanted is None else datetime.fromisoformat(wanted)
    assert engine.fresh_until == wanted == Bailiwick.from_snapshot(engine.to_snapshot(), at=end).fresh_until
    question = (ADA, "billing.read", "organization:org_acme")
    assert engine.check_access(*question, at=end).reason != "snapshot_stale"
    if wanted is not None:
        assert engine.check_access(*question, at=end + timedelta(milliseconds=1)).reason == "snapshot_stale"
