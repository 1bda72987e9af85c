"""AuthZEN: what only Python can pass in as a request, as JSON or as an option."""

from __future__ import annotations

import json
from collections import OrderedDict, UserDict
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError, authzen_metadata

guard = Bailiwick.from_directory((Path(__file__).parents[1] / "directories/acme.json").read_text("utf-8"))
AT = "2026-02-01T12:00:00Z"
REQUEST: dict[str, Any] = {
    "subject": {"type": "user", "id": "usr_dan"},
    "action": {"name": "instant_cluster.submit_job"},
    "resource": {"type": "instant_cluster", "id": "cl_1"},
}
PERMIT, DENIAL = '{"decision":true}', '{"decision":false}'


def ask(request: Any, api: Any = "access_evaluation", **options: Any) -> str:
    return guard.authzen(api, request, **{"at": AT, **options})


def refuses(code: str, path: str, *given: Any, **options: Any) -> None:
    with pytest.raises(BailiwickError) as raised:
        ask(*given, **options)
    assert isinstance(raised.value, ValueError)
    assert (raised.value.code, raised.value.path) == (code, path), raised.value.message


def having(part: str, **changes: Any) -> dict[str, Any]:
    """The request with other members in one part."""
    return {**REQUEST, part: {**REQUEST[part], **changes}}


def test_a_request_is_a_dict_or_its_json_as_str_or_bytes() -> None:
    text = json.dumps(REQUEST)
    for request in (REQUEST, text, text.encode(), OrderedDict(REQUEST)):
        assert ask(request) == PERMIT
    assert ask(having("subject", id="usr_eve")) == DENIAL
    assert json.loads(ask(REQUEST, reasons=True)) == {"decision": True, "context": {"reason": "project_role", "caveats": []}}


def test_a_request_is_left_as_it_was() -> None:
    request = json.loads(json.dumps(REQUEST))
    ask(request)
    assert request == REQUEST


@pytest.mark.parametrize(
    "value",
    [float("nan"), Decimal(1), object(), {1}, UserDict(REQUEST), range(3), 5, None, [], True],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_request(value: Any) -> None:
    refuses("wrong_type", "", value)
    for part in REQUEST:
        refuses("wrong_type", f"/{part}", {**REQUEST, part: value})
        assert ask({**REQUEST, "evaluations": [{part: value}, {}]}, "access_evaluations") == f'{{"evaluations":[{DENIAL},{PERMIT}]}}'
    if value is not None:
        refuses("wrong_type", "/context", {**REQUEST, "context": value})
        refuses("wrong_type", "/context/surface", {**REQUEST, "context": {"surface": value}})


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal(1), object(), {1}, b"x", UserDict(), 10**400, {"a": float("nan")}], ids=type
)
def test_what_is_ignored_may_be_anything(value: Any) -> None:
    assert ask({**REQUEST, "x": value, "context": {"x": value, "time": value}}) == PERMIT
    assert ask({**having("subject", id="usr_eve", properties=value), "x": value}) == DENIAL


@pytest.mark.parametrize("value", [b"usr_dan", bytearray(b"usr_dan"), 5, None, ["usr_dan"], float("nan")], ids=repr)
def test_an_id_is_str(value: Any) -> None:
    refuses("wrong_type", "/subject/id", having("subject", id=value))
    assert ask(having("resource", id=value) | {"subject": REQUEST["subject"]}, "search_resource") == ask(REQUEST, "search_resource")


@pytest.mark.parametrize("text", ["\ud800", "usr_dan\udfff", "\ud83d x"], ids=ascii)
def test_half_a_character_is_nobody_and_no_crash(text: str) -> None:
    for part, field in (("subject", "id"), ("subject", "type"), ("resource", "id"), ("action", "name")):
        try:
            assert ask(having(part, **{field: text})) == DENIAL
        except BailiwickError as error:
            assert (error.code, error.path) == ("wrong_type", f"/{part}/{field}")
    refuses("invalid_json", "", json.dumps(having("subject", id=text)))
    refuses("wrong_type", "", json.dumps(REQUEST) + text)


def test_keys_that_are_no_str() -> None:
    for key in (5, None, True, b"x", ("a",)):
        try:
            assert ask({**REQUEST, key: 1}) == PERMIT
        except BailiwickError as error:
            assert error.code == "wrong_type"


def test_json_in_bytes_is_utf_8() -> None:
    for data in (b"\xff", json.dumps(REQUEST).encode("utf-16"), b'{"x":"\xc3"}', b"", b"{"):
        refuses("invalid_json", "", data)


def test_an_object_in_itself_is_no_endless_one() -> None:
    ring: dict[str, Any] = dict(REQUEST)
    ring["x"] = ring
    assert ask(ring) == PERMIT
    ring = dict(REQUEST)
    ring["evaluations"] = [ring]
    assert ask(ring, "access_evaluations") == f'{{"evaluations":[{PERMIT}]}}'


def test_options() -> None:
    nothing: dict[str, Any] = {"reasons": None, "trust_context_time": None}
    assert ask(REQUEST, **nothing) == PERMIT
    assert guard.authzen("access_evaluation", {**REQUEST, "context": {"time": AT}}, trust_context_time=True, at=None) == PERMIT
    value: Any
    for value in ("true", 1, 0, [], "", float("nan")):
        refuses("wrong_type", "/reasons", REQUEST, reasons=value)
        refuses("wrong_type", "/trust_context_time", REQUEST, trust_context_time=value)
    for api in ("evaluation", "", None, 5, b"access_evaluation", "access_evaluation\0", "\ud800"):
        refuses("wrong_type", "/api", REQUEST, api)
    with pytest.raises(TypeError):
        guard.authzen("access_evaluation", REQUEST, reason=True)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        guard.authzen("access_evaluation", REQUEST, True)  # type: ignore[call-arg]


def test_instants() -> None:
    key = {**REQUEST, "subject": {"type": "api_key", "id": "key_train"}, "action": {"name": "instant_cluster.read"}}
    end = datetime(2026, 1, 15, tzinfo=UTC)
    assert ask(key, at=end) == DENIAL
    assert ask(key, at=end - timedelta(milliseconds=1)) == PERMIT
    assert ask(key, at=datetime(2026, 1, 15, tzinfo=timezone(timedelta(hours=1)))) == PERMIT
    refuses("invalid_timestamp", "/at", key, at=datetime(2026, 1, 15))
    earlier = {**key, "context": {"time": end - timedelta(seconds=1)}}
    assert ask(earlier, trust_context_time=True) == PERMIT
    assert ask(earlier) == DENIAL
    refuses("invalid_timestamp", "/context/time", {**key, "context": {"time": datetime(2026, 1, 1)}}, trust_context_time=True)
    refuses("wrong_type", "/context/time", {**key, "context": {"time": end.date()}}, trust_context_time=True)


def test_a_page_comes_first_and_a_token_is_text() -> None:
    search = {
        "subject": {"type": "user"},
        "action": {"name": "instant_cluster.read"},
        "resource": REQUEST["resource"],
        "page": {"limit": 2},
    }
    answer = ask(search, "search_subject")
    assert answer.startswith('{"page":{"next_token":"')
    token = json.loads(answer)["page"]["next_token"]
    assert json.loads(ask({**search, "page": {"token": token}}, "search_subject"))["page"]["count"] == 2
    value: Any
    for value in (token.encode(), 5, True, [token]):
        refuses("wrong_type", "/page/token", {**search, "page": {"token": value}}, "search_subject")
    for value in (True, "2", 1.5, float("nan"), float("inf"), Decimal(2), -1):
        refuses("wrong_type", "/page/limit", {**search, "page": {"limit": value}}, "search_subject")
    refuses("limit_exceeded", "/page/limit", {**search, "page": {"limit": 10**400}}, "search_subject")


def test_metadata() -> None:
    assert json.loads(authzen_metadata("https://pdp.example.com"))["policy_decision_point"] == "https://pdp.example.com"
    value: Any
    for value in (None, 5, b"https://pdp.example.com", "https://pdp.example.com/\ud800", "https://pdp.example.com\0", []):
        with pytest.raises(BailiwickError) as raised:
            authzen_metadata(value)
        assert (raised.value.code, raised.value.path) == ("wrong_type", "/base_url")


def test_a_request_has_at_most_ten_thousand_evaluations() -> None:
    assert ask({**REQUEST, "evaluations": [{}] * 10_000}, "access_evaluations").count(PERMIT) == 10_000
    refuses("limit_exceeded", "/evaluations", {**REQUEST, "evaluations": [{}] * 10_001}, "access_evaluations")
