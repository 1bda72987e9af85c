"""Timelines on random directories and changes, held against the oracle: each row by the state that was in force at its instant."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import Bailiwick, BailiwickError, Timeline, compare_attributions
from bailiwick.journal import Journal

# Behind everything else, since its modules have short names.
sys.path.append(str(Path(__file__).parents[1] / "oracle"))

from documents import BUILT_IN, milliseconds
from guard import Guard
from insight_check import _plain
from oracle import Oracle
from random_changes import AT
from random_puts import PutMaker
from random_requests import Case

FIRST = json.loads(BUILT_IN.read_text("utf-8"))
HOUR = 3_600_000
NAMES = ("principal", "kind", "surface", "project", "resource")
Row = dict[str, Any]


def instant(at: int) -> str:
    text: str = pa.scalar(at, pa.timestamp("ms", "UTC")).as_py().isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


class Past:
    """A random past: the timeline, and what the oracle says was in force from when."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"time {seed}")
        case = Case(self.rng)
        document = {field: value for field, value in case.directory().items() if field not in ("issued_at", "max_age_seconds")}
        document["revision"] = min(document.get("revision", 0), 2**52)
        self.usages = [
            usage for usage in (_plain(case.usage()) for _ in range(60)) if all(isinstance(usage.get(name, ""), str) for name in NAMES)
        ]
        guard = Guard(document, FIRST, AT)
        self.beginning = milliseconds(AT) - 24 * HOUR
        self.first = Bailiwick.from_directory(document).to_snapshot()
        self.timeline = Timeline.from_snapshot(self.first, beginning=instant(self.beginning))
        self.states: list[tuple[int, Oracle]] = [(self.beginning, guard.oracle)]
        self.made: list[tuple[Row, str]] = []
        maker = PutMaker(case, guard, [])
        last = self.beginning
        for _ in range(40):
            at = last + self.rng.choice([0, 1, HOUR, HOUR // 3, -1, -4_999, -5_000, -HOUR])
            change = maker.change()
            found = self._apply(change, instant(at))
            if at <= last - 5_000:
                assert found == "invalid_order"
                continue
            # Less than that counts as the last instant.
            told = guard.do({"do": "apply", "change": change, "at": instant(max(last, at))})
            assert found == (told["error"]["code"] if "error" in told else told["revision"]), change
            if "error" not in told:
                last = max(last, at)
                self.states.append((last, guard.oracle))
                self.made.append((change, instant(at)))

    def _apply(self, change: Row, at: str) -> Any:
        try:
            return self.timeline.apply(change, at=at)
        except BailiwickError as error:
            return error.code

    def rows(self, count: int) -> list[Row]:
        """Usage at all sorts of moments: those of changes, just before them, and any other."""
        moments = [at + shift for at, _ in self.states for shift in (-1, 0, 1)]
        moments += [self.rng.randrange(self.beginning - HOUR, moments[-1] + HOUR) for _ in range(20)]
        return [{**self.rng.choice(self.usages), "at": self.rng.choice(moments)} for _ in range(count)]

    def expected(self, row: Row) -> Row | None:
        """What the oracle says of a row; None before the beginning."""
        in_force = [oracle for since, oracle in self.states if since <= row["at"]]
        if not in_force:
            return None
        ((answer,), _) = in_force[-1].attribute_many([{**row, "at": instant(row["at"])}])
        return {field: value for field, value in answer.items() if field != "policy"}


def table(rows: list[Row]) -> pa.Table:
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in NAMES}
    return pa.table({**columns, "at": pa.array([row["at"] for row in rows], pa.timestamp("ms", "UTC"))})


@pytest.mark.parametrize("seed", range(16))
def test_each_row_is_booked_as_the_oracle_says(seed: int, tmp_path: Path) -> None:
    past = Past(seed)
    rows = past.rows(500)
    answers = past.timeline.attribute_table(table(rows)).to_pyarrow().to_pylist()
    for row, answer in zip(rows, answers, strict=True):
        wanted = past.expected(row)
        if wanted is None:
            assert (answer["reason"], answer["revision"], answer["organization"]) == ("before_history", None, None)
        else:
            assert answer == wanted, row
    # A journal of the same changes says the same.
    with Journal.create(tmp_path / "journal", past.first, beginning=instant(past.beginning)) as journal:
        for change, at in past.made:
            journal.apply(change, at=at)
    again = Journal.read(tmp_path / "journal").attribute_table(table(rows))
    assert again.to_pyarrow().to_pylist() == answers
    assert compare_attributions(again, past.timeline.attribute_table(table(rows))).moves == []


def test_the_pasts_are_worth_it() -> None:
    """Changes of policy are among them, and most rows can be attributed."""
    pasts = [Past(seed) for seed in range(6)]
    kinds = {change["type"] for past in pasts for change, _ in past.made}
    assert len(kinds) > 15
    answers = [row for past in pasts for row in past.timeline.attribute_table(table(past.rows(200))).to_pylist()]
    assert sum(row["organization"] is not None for row in answers) > len(answers) / 10
    assert len({row["reason"] for row in answers}) > 8
    assert len({row["revision"] for row in answers}) > 40
