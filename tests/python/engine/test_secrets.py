"""Secrets of API keys, which are shown once and never told."""

from __future__ import annotations

import logging
import pprint
import string
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError, new_api_key, public_key_of

from .world import ADA, AT, addition, digest, guard, load, refuses, removal


def test_a_new_secret() -> None:
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase
    secrets = set()
    for prefix in (None, "bw", "a", "acme", "abcdefgh01234567", "sk-live", "a_b", "a" * 32):
        for _ in range(100):
            secret, of_it = new_api_key(prefix)
            start, _, rest = secret.rpartition("_")
            assert (start, len(rest), of_it) == (prefix or "bw", 49, digest(secret))
            assert set(rest) <= set(digits)
            checksum = zlib.crc32(secret[:-6].encode())
            assert secret[-6:] == "".join(digits[checksum // 62**place % 62] for place in range(5, -1, -1))
            secrets.add(secret)
    assert len(secrets) == 800
    for bad in ("", "A", "bw_", "-bw", "ä", "a b", "a" * 33):
        refuses(partial(new_api_key, bad), "wrong_type", "/prefix")

    engine = load()
    made = new_api_key(prefix="acme")
    engine.apply({"type": "create_api_key", "project": "prj_a", "key": "key_new", "digest": made.digest}, actor=ADA, at=AT)
    found = engine.authenticate(made.secret)
    assert found == {"type": "api_key", "id": "key_new"}
    assert type(found) is dict
    assert engine.is_allowed(found, "file.read", "project:prj_a", at=AT)
    mistyped = made.secret[:-1] + ("x" if made.secret[-1] != "x" else "y")
    assert engine.authenticate(mistyped) is None
    # What is registered is found, whatever its checksum.
    engine.apply({"type": "create_api_key", "project": "prj_a", "key": "key_mistyped", "digest": digest(mistyped)})
    assert engine.authenticate(mistyped) == {"type": "api_key", "id": "key_mistyped"}
    assert engine.authenticate(made.digest) is None
    engine.apply({"type": "revoke_api_key", "key": "key_new"}, at=AT)
    assert engine.check_access(found, "file.read", "project:prj_a", at=AT).reason == "key_revoked"


def test_a_secret_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    made = new_api_key()
    logging.getLogger("life").warning("%s %r %s", made, made, [made])
    shown = [repr(made), str(made), f"{made}", f"{made!r}", repr([{"key": made}]), pprint.pformat({"key": made}), caplog.text]
    assert all(made.secret not in text and made.secret[5:20] not in text and made.digest in text for text in shown)
    assert (made.secret, made.digest) == tuple(made)


def test_no_secret_gets_into_an_error() -> None:
    secret = "bw_s3cret_that_nobody_may_read"
    changes: list[dict[str, Any]] = [
        {"type": "add_member", "organization": "org_acme", "user": "x"},
        {"type": "remove_member", "organization": "org_acme", "user": "x"},
        {"type": "create_project", "organization": "org_acme", "project": "prj_a", "name": "x"},
        addition("x"),
        removal("x"),
        {"type": "create_api_key", "project": "prj_a", "key": "key_ci", "digest": digest("x")},
        {"type": "revoke_api_key", "key": "x"},
        {"type": "regenerate_default_key", "organization": "org_acme", "digest": digest("x")},
        {"type": "add_resource", "project": "prj_a", "resource": "cl_1", "kind": "file"},
        {"type": "remove_resource", "resource": "x"},
    ]
    calls: list[Callable[[], object]] = []
    value: Any
    for value in (secret, f"user:{secret}", f"{secret}\n", [secret], {"type": "user", "id": secret}, secret.encode()):
        for change in changes:
            for field in ("organization", "user", "project", "key", "digest", "resource"):
                if field in change:
                    spoilt = {**change, field: value}
                    calls += [
                        partial(load().apply, spoilt),
                        partial(load().preview, spoilt, actor="user:usr_dan", at=AT),
                    ]
        listed: Any = [value]
        calls += [
            partial(guard.apply, removal("x"), actor=value),
            partial(guard.apply, removal("x"), at=value),
            partial(guard.list_projects, value, limit=0),
            partial(guard.list_projects, ADA, cursor=value),
            partial(guard.authenticate, listed),
            partial(new_api_key, value),
            partial(public_key_of, value),
            partial(guard.to_snapshot, value),
            partial(Bailiwick.from_snapshot, value, value),
            partial(guard.apply_delta, value),
        ]
    failures = 0
    for call in calls:
        try:
            call()
        except BailiwickError as error:
            failures += 1
            assert "s3cret" not in f"{error} {error!r} {error.args} {vars(error)}", error.code
    assert failures > len(calls) * 0.9
