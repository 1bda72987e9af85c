"""How pytest-xdist shares the tests out, and where the runner of the shared suite is.

A file of tests stays in one process, and so does the folder of clusters, whose tests share one Spark session.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Tests read the cases as the runner of the shared suite does.
sys.path.insert(0, str(Path(__file__).parents[1]))

CLUSTER = "tests/python/cluster"
# What takes longest begins first, or one process would be busy with it when the others are done.
FIRST = (CLUSTER, "tests/python/cli/test_process.py")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """As `--dist loadfile`, but the folder of clusters counts as one file. Without `-n` there is no scheduler."""
    scheduler: Any = LoadScopeScheduling(config, log)
    scheduler._split_scope = lambda nodeid: CLUSTER if nodeid.startswith(CLUSTER) else nodeid.split("::", 1)[0]
    return scheduler


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the files that take longest to the front."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
