"""Packages that only some commands need."""

from __future__ import annotations

import importlib
from typing import Any

from .exits import Exit


class NotInstalledError(Exception):
    """A package that this command needs is not installed."""

    exit = Exit.NOT_INSTALLED

    def __init__(self, task: str, package: str, extra: str) -> None:
        super().__init__(f'{task} needs {package}, which is not installed: pip install "bailiwick[{extra}]"')


def need(module: str, *, task: str, extra: str) -> Any:
    """Import a module. Raises NotInstalledError, which says how to install it."""
    package = module.split(".")[0]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != package:
            raise
        raise NotInstalledError(task, package, extra) from error


def arrow(module: str = "pyarrow") -> Any:
    """Import pyarrow or one of its modules."""
    return need(module, task="a file of usage", extra="cli")
