"""`validate`: every fault with its line, and nothing shown that may be a secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bailiwick import find_faults, new_api_key

from .conftest import ACME, ROOT, Run

DOCUMENT = """{
  "format": "bailiwick/1",
  "organizations": [{
    "id": "org_acme", "owner": "usr_ada",
    "members": [
      {"user": "usr_ada", "role": "admin"},
      {"user": "usr_bob", "role": "chief"}
    ],
    "projects": [
      {"id": "prj_default", "default": true, "collaborators": [{"user": "usr_bob", "role": "boss"}]}
    ]
  }]
}
"""


def test_a_valid_document(run: Run) -> None:
    ended = run("validate", ACME)
    assert (ended.code, ended.out) == (0, f"✓ `{ACME}` is valid\n")
    assert run("validate", ACME, "--json").json == {"valid": True, "count": 0, "faults": []}
    assert run("validate", ROOT / "core/policies/projects-2026-02.json").code == 0


def test_a_byte_order_mark_moves_no_column(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    shown = []
    for mark in ("", "\ufeff"):
        path.write_text(mark + '{"format": 1}', "utf-8")
        shown.append(run("validate", path).out)
        assert "^" in shown[0]
        path.write_text(mark + DOCUMENT, "utf-8")
        shown.append(run("validate", path).out)
        path.write_text(mark + ACME.read_text("utf-8"), "utf-8")
        assert run("check", path, "user:usr_ada", "file.read", "project:prj_a").code == 0
    assert shown[:2] == shown[2:]


def test_every_fault_is_shown_at_its_place(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    path.write_text(DOCUMENT)
    ended = run("validate", path)
    assert ended.code == 1
    assert (
        ended.out
        == f"""\
unknown_role: {find_faults(DOCUMENT)[0].message}
  --> {path}:7:35  /organizations/0/members/1/role
  |
7 |       {{"user": "usr_bob", "role": "chief"}}
  |                                   ^

unknown_role: {find_faults(DOCUMENT)[1].message}
  --> {path}:10:92  /organizations/0/projects/0/collaborators/0/role
   |
10 |       {{"id": "prj_default", "default": true, "collaborators": [{{"user": "usr_bob", "role": "boss"}}]}}
   |                                                                                            ^

✗ 2 faults
"""
    )


def test_json_is_the_engines_list(run: Run) -> None:
    ended = run("validate", "-", "--json", given=DOCUMENT)
    assert (ended.code, ended.json["valid"], ended.json["count"]) == (1, False, 2)
    assert ended.json["faults"] == [fault.to_dict() for fault in find_faults(DOCUMENT)]


def test_a_limit(run: Run) -> None:
    ended = run("validate", "-", "--limit", 1, given=DOCUMENT)
    assert (ended.out.count("-->"), ended.out.endswith("✗ 2 faults, 1 of them not shown (--limit)\n")) == (1, True)
    cut = run("validate", "-", "--limit", 1, "--json", given=DOCUMENT).json
    assert (cut["count"], len(cut["faults"])) == (2, 1)


@pytest.mark.parametrize("text", ["", "{", '{"a": 1,}', '{"format": "bailiwick/1", "format": "bailiwick/1"}', "[]", "null", "{}"])
def test_no_document_at_all(run: Run, text: str) -> None:
    ended = run("validate", "-", given=text)
    assert (ended.code, "\n✗ " in ended.out) == (1, True)


def test_bytes_that_are_no_text(run: Run) -> None:
    assert run("validate", "-", given=b'{"format": "\xff"}').code == 1


def test_one_long_line_is_cut_around_the_fault(run: Run) -> None:
    text = json.dumps(json.loads(DOCUMENT), separators=(",", ":"))
    lines = run("validate", "-", given=text).out.splitlines()
    shown, sign = lines[3], lines[4]
    assert len(shown) < 130
    assert shown[sign.index("^") :].startswith('"chief"')


def test_wide_signs_and_tabs_do_not_move_the_sign(run: Run) -> None:
    from rich.cells import cell_len

    text = DOCUMENT.replace("usr_bob", "山田太郎").replace('      {"user"', '\t{"user"')
    lines = run("validate", "-", given=text).out.splitlines()
    shown, sign = lines[3], lines[4]
    assert cell_len(shown[: shown.index('"chief"')]) == sign.index("^")


def one_key(**fields: Any) -> str:
    document = json.loads(DOCUMENT.replace("chief", "member").replace("boss", "member"))
    document["organizations"][0]["projects"][0]["api_keys"] = [{"id": "key", **fields}]
    return json.dumps(document)


def test_secrets_are_redacted(run: Run) -> None:
    secret = new_api_key().secret
    for text in (
        one_key(digest=secret),
        one_key(digest="short-secret"),
        one_key(secret=secret),
        one_key(secret="hunter2"),
        one_key(pin=8315551),
        one_key(name=5, digest=secret),
        one_key(id=secret + "\u0000"),
        one_key(kind=secret),
        one_key(secret="hunter2\\"),
    ):
        ended = run("validate", "-", given=text)
        assert ended.code == 1, text
        for hidden in (secret, "short-secret", "hunter2", "8315551"):
            assert hidden not in ended.out + ended.err
        lines = ended.out.splitlines()
        assert "^" in lines[4]


def test_nothing_in_a_document_steers_the_terminal(run: Run) -> None:
    text = DOCUMENT.replace("chief", "\x1b[31mchief\u202e\x9b")
    out = run("validate", "-", given=text).out
    assert not any(sign in out for sign in "\x1b\u202e\x9b")


def test_another_policy(run: Run, tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text("{")
    assert run("validate", ACME, "--policy", policy, "--json").error["path"] == "/policy"
    policy.write_text((ROOT / "core/policies/projects-2026-02.json").read_text().replace('"member"', '"guest"'))
    faults = run("validate", ACME, "--policy", policy, "--json").json["faults"]
    assert {fault["code"] for fault in faults} == {"unknown_role"}


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert run("validate", tmp_path / "none").code == 3
