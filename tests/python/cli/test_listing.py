"""`list`: everything that is allowed, over all pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from bailiwick import Bailiwick
from bailiwick.cli.commands import listing

from .conftest import ACME, AGEING, AT, Run


@pytest.fixture(autouse=True, params=[1, 2, listing.PAGE])
def _pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of every size give the same list."""
    monkeypatch.setattr(listing, "PAGE", request.param)


def test_every_listing_is_the_engines(run: Run) -> None:
    guard = Bailiwick.from_directory(ACME.read_bytes())
    at = AT[1]
    dan, key_ci, file = "user:usr_dan", "api_key:key_ci", "file.read"
    for arguments, page in (
        (("projects", ACME, dan), guard.list_projects(dan, at=at)),
        (("projects", ACME, dan, "--action", "project_settings.write"), guard.list_projects(dan, action="project_settings.write", at=at)),
        (("resources", ACME, dan, "storage.read"), guard.list_resources(dan, "storage.read", at=at)),
        (("resources", ACME, key_ci, "api_key.read", "--kind", "api_key"), guard.list_resources(key_ci, "api_key.read", at=at)),
        (("principals", ACME, file, "project:prj_a"), guard.list_principals(file, "project:prj_a", at=at)),
        (("actions", ACME, dan, "project:prj_a"), guard.list_actions(dan, "project:prj_a", at=at)),
    ):
        assert run("list", *arguments, *AT, "--json").json == page.to_dict()
        assert run("list", *arguments, *AT).out.splitlines() == page.items


def test_a_limit_cuts_the_list_and_says_so(run: Run) -> None:
    whole = run("list", "principals", ACME, "file.read", "project:prj_a", *AT).out.splitlines()
    ended = run("list", "principals", ACME, "file.read", "project:prj_a", *AT, "--limit", 3)
    assert (ended.code, ended.out.splitlines(), ended.err) == (0, whole[:3], "there are more\n")
    cut = run("list", "principals", ACME, "file.read", "project:prj_a", *AT, "--limit", 3, "--json").json
    assert (cut["items"], cut["next_cursor"] is not None) == (whole[:3], True)
    exact = run("list", "principals", ACME, "file.read", "project:prj_a", *AT, "--limit", len(whole))
    assert (exact.out.splitlines(), exact.err) == (whole, "")


def test_filters(run: Run) -> None:
    every = run("list", "resources", ACME, "user:usr_ada", "instant_cluster.read", *AT).out.splitlines()
    assert every == ["instant_cluster:cl_1", "instant_cluster:cl_3"]
    assert run("list", "resources", ACME, "user:usr_ada", "instant_cluster.read", *AT, "--project", "prj_b").out == "instant_cluster:cl_3\n"
    assert run("list", "resources", ACME, "user:usr_ada", "instant_cluster.read", *AT, "--kind", "file").out == ""


def test_an_empty_list_of_a_directory_that_is_too_old_says_why(run: Run) -> None:
    for as_json in ((), ("--json",)):
        assert "is stale" in run("list", "projects", AGEING, "user:usr_ada", *as_json).err
    assert run("list", "projects", ACME, "user:nobody", *AT).err == ""


def test_bad_input(run: Run, tmp_path: Path) -> None:
    assert run("list", "projects", ACME, "usr_ada", "--json").error["code"] == "invalid_reference"
    assert run("list", "projects", ACME, "user:usr_ada", "--limit", 0).code == 2
    assert run("list", "projects", tmp_path / "none", "user:usr_ada").code == 3
