"""docs/database.md and examples/postgres/README.md, run as they stand there: SQL and Python, one block after the other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick

from .postgres_server import PostgresServer
from .postgres_world import EXAMPLE, SIGNING_KEY, World

pytestmark = pytest.mark.slow

ROOT = EXAMPLE.parents[1]
GUIDE = ROOT / "docs/database.md"
README = EXAMPLE / "README.md"


def blocks(page: Path) -> list[tuple[str, str]]:
    """The blocks of SQL and Python of a page, with the language of each."""
    return re.findall(r"^```(sql|python)\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def world(server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(server, tmp_path / "feed")
    monkeypatch.setenv("DATABASE_URL", made.url)
    monkeypatch.setenv("FEED_STORE", str(made.folder))
    monkeypatch.setenv("FEED_SIGNING_KEY", SIGNING_KEY.hex())
    return made


def test_the_guide_leads_from_the_schema_to_the_edge(world: World) -> None:
    # An empty database: the guide makes its own tables.
    world.run("DROP SCHEMA access CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    found, names = blocks(GUIDE), dict[str, Any]()
    assert [language for language, _ in found] == ["sql", "sql", "sql", "python", "python", "sql", "python", "sql", "python"]
    try:
        for language, text in found:
            if language == "sql":
                world.run(text)
            else:
                exec(compile(text, str(GUIDE), "exec"), names)
    finally:
        for name in ("service", "follower"):
            if name in names:
                names[name].close()


def test_the_service_of_the_guide_is_short() -> None:
    assert len(blocks(GUIDE)[3][1].splitlines()) < 40


def test_the_readme_follows_and_reads_by_psycopg_alone(world: World) -> None:
    (_, following), (_, reading) = blocks(README)
    names: dict[str, Any] = {}
    with world.reconciler():
        exec(compile(following, str(README), "exec"), names)
    exec(compile(reading, str(README), "exec"), names)
    assert Bailiwick.from_tables(names["tables"]()).state == world.fresh().state
    world.run("DELETE FROM resources")
    assert Bailiwick.from_tables(names["tables"]()).state == world.fresh().state


def test_the_readme_names_every_file() -> None:
    named = set(re.findall(r"^\| `([a-z.]+)` \|", README.read_text("utf-8"), re.MULTILINE))
    assert named == {path.name for path in EXAMPLE.iterdir() if path.is_file()} - {"README.md"}
