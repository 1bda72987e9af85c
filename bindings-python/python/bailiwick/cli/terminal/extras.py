"""Packages that only some commands need."""

from __future__ import annotations

import importlib
from typing import Any

from .exits import Exit


class NotInstalledError(Exception):
    """A package is absent that this command needs."""

    exit = Exit.NOT_INSTALLED

    def __init__(self, task: str, package: str, extra: str) -> None:
        super().__init__(f'{task} needs {package}, which is not installed: pip install "bailiwick[{extra}]"')


def need(module: str, *, task: str, extra: str) -> Any:
    """A module, or one sentence that says how to install it."""
    package = module.split(".")[0]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != package:
            raise
        raise NotInstalledError(task, package, extra) from error


def arrow(module: str = "pyarrow") -> Any:
    """Arrow, which reads and writes tables."""
    return need(module, task="a file of usage", extra="cli")
