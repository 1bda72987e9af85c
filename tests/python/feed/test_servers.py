"""A feed in an object store, and behind a server of files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bailiwick.feed import ConflictError, Publisher
from engine.world import load
from obstore.store import S3Store

from .servers import has_nginx, nginx, s3
from .test_feed import GOING, SEED, follower, joining, publisher


def test_a_bucket_has_one_publisher_at_a_time() -> None:
    with s3() as options:
        central, edge = publisher(S3Store(**options)), follower(S3Store(**options))
        central.publish()
        edge.refresh()
        guard = edge.wait(0)
        other = Publisher.resume(S3Store(**options), load, signing_key=SEED, max_age_seconds=60)
        for number in range(3):
            other.guard.apply(joining(f"usr_{number}"))
            assert other.publish().steps == 1
            assert edge.refresh()
        assert guard.state == other.guard.state
        central.guard.apply(GOING)
        with pytest.raises(ConflictError):
            central.publish()
        edge.refresh()
        assert guard.state == other.guard.state
        late = follower(S3Store(**options))
        late.refresh()
        assert late.wait(0).state == other.guard.state
    errors: list[Exception] = []
    lost = follower(S3Store(**{**options, "retry_config": {"max_retries": 0}}), errors)
    lost.refresh()
    assert isinstance(errors[0], OSError)
    assert "secret" not in str(errors[0])


@pytest.mark.skipif(not has_nginx() and "CI" not in os.environ, reason="nginx is not installed: apt-get install nginx-light")
def test_a_folder_behind_nginx(tmp_path: Path) -> None:
    folder, place = tmp_path / "feed", tmp_path / "nginx"
    place.mkdir()
    central = publisher(folder)
    central.publish()
    with nginx(folder, place) as url:
        edge = follower(url)
        assert edge.refresh()
        edge.refresh()
        central.guard.apply(GOING)
        central.publish()
        assert edge.refresh()
        assert edge.wait(0).state == central.guard.state
    statuses = [line.split('"')[2].split()[0] for line in (place / "access.log").read_text().splitlines()]
    assert statuses == ["200", "200", "304", "200", "200"]
