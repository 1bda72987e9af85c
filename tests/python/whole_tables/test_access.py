"""check_table decides as check_many does, and denies every row that is no proper question."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import BailiwickError

from whole_tables import scene

COLUMNS = ["allowed", "reason", "role", "organization", "project", "caveats"]
guard = scene.engine()


@pytest.mark.parametrize("data_type", scene.text_types(), ids=str)
def test_every_row_is_decided_as_by_check_access(data_type: pa.DataType) -> None:
    rows = scene.questions(random.Random(str(data_type)), 150)
    answers = guard.check_table(scene.table(rows, data_type))
    assert answers.column_names == COLUMNS
    for row, answer in zip(rows, answers.to_pyarrow().to_pylist(), strict=True):
        asked = {**row, "at": pa.scalar(row["at"], pa.timestamp("ms", "UTC")).as_py()}
        try:
            [decision] = guard.check_many([asked])
            assert answer == {name: value for name, value in decision.to_dict().items() if name in COLUMNS}, row
        except BailiwickError as error:
            nothing: dict[str, Any] = {"role": None, "organization": None, "project": None, "caveats": []}
            assert answer == {"allowed": False, "reason": error.code, **nothing}, row


def test_the_result_tells_how_many_rows_there_are_for_each_reason() -> None:
    rows = scene.questions(random.Random(1), 4_000)
    answers = guard.check_table(scene.table(rows, pa.string()), dictionaries=False)
    column = answers.to_pyarrow().column("reason")
    assert answers.counts == {one["values"]: one["counts"] for one in column.value_counts().to_pylist()}
    assert 0 < answers.unattributed < 4_000


def test_words_of_rules_and_of_errors_are_one_word_in_the_dictionary() -> None:
    rows = scene.questions(random.Random(2), 50)
    words = guard.check_table(scene.table(rows, pa.string())).to_pyarrow().column("reason").chunk(0).dictionary.to_pylist()
    assert len(words) == len(set(words))
    assert "unknown_principal" in words


def test_terms_hold_for_every_row() -> None:
    rows = scene.questions(random.Random(3), 20)
    good = [row for row in rows if not isinstance(row["principal"], type(None))][:1]
    table = scene.table(good, pa.string())
    answers = guard.check_table(table, min_revision=guard.revision + 1).to_pyarrow().to_pylist()
    assert [row["allowed"] for row in answers] == [False]
    bad: list[tuple[dict[str, Any], str]] = [
        ({"min_revision": -1}, "wrong_type"),
        ({"max_age_seconds": "1"}, "wrong_type"),
        ({"min_revision": 2**60}, "limit_exceeded"),
    ]
    for wrong, code in bad:
        with pytest.raises(BailiwickError) as raised:
            guard.check_table(table, **wrong)
        assert (raised.value.code, raised.value.path) == (code, "/" + next(iter(wrong)))


def test_every_row_that_is_allowed_says_who_allowed_it() -> None:
    rows = scene.questions(random.Random(4), 20_000)
    answers = guard.check_table(scene.table(rows, pa.string())).to_pyarrow().to_pylist()
    allowed = [row for row in answers if row["allowed"]]
    assert len(allowed) > 100
    assert {row["reason"] for row in allowed} <= {
        "owner",
        "organization_role",
        "external_collaborator",
        "self",
        "project_role",
        "default_project",
        "api_key_scope",
    }
