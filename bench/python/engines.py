"""The engines that are measured. To add one, write it a file and name it here."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, cast

from python.candidate import Ready

ROWS = "rows with an effect are its data, worked out beforehand"


class Engine(NamedTuple):
    """One of them. It is imported when it is wanted."""

    module: str
    function: str
    package: str | None
    notes: str
    """What it does not do, or what was done for it beforehand."""

    def imported(self) -> Callable[[Path], Ready]:
        """From a folder's data to an engine that has it."""
        return cast(Callable[[Path], Ready], getattr(import_module(f"python.{self.module}"), self.function))

    def version(self) -> str | None:
        """Of its package."""
        return self.package and version(self.package)


ENGINES = {
    "baseline": Engine("baseline", "baseline", None, "lookups only: no reasons, attribution, changes, listings, clock or input checks"),
    "bailiwick": Engine(
        "bailiwick_wheel",
        "bailiwick",
        None,
        "from strings or dicts, as a caller has them; carries out all rules, with reasons, caveats and attribution",
    ),
    "cedarpy": Engine(
        "cedar",
        "cedar",
        "cedarpy",
        f"{ROWS}; requests are made of ids beforehand too; names the policy that decided, no attribution, listings or staleness",
    ),
    "casbin": Engine(
        "pycasbin",
        "plain",
        "casbin",
        f"{ROWS}; the caller has to know the scope of a resource; no reasons, attribution, listings or staleness",
    ),
    "casbin fast": Engine("pycasbin", "fast", "casbin", "the same with its fast enforcer, which finds rules by the action"),
}
