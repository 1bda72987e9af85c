"""Bailiwick in ASGI web frameworks: an AuthZEN decision point as an application, and checks that protect routes.

`authzen_app` needs only the standard library. `Protect`, `Check`, `Refused` and `answer_refused` need Starlette, alone or with FastAPI
(`pip install "bailiwick[asgi]"`), which is imported when one of them is used.
"""

from typing import TYPE_CHECKING, Any

from ._authzen import AuthzenApp, authzen_app
from ._decision_log import DecisionEntry, OnDecision
from ._head import Headers, RequestHead
from ._verdict import Authenticate

if TYPE_CHECKING:
    from ._protect import Check, Protect
    from ._refused import Refused, answer_refused

__all__ = [
    "Authenticate",
    "AuthzenApp",
    "Check",
    "DecisionEntry",
    "Headers",
    "OnDecision",
    "Protect",
    "Refused",
    "RequestHead",
    "answer_refused",
    "authzen_app",
]

_WITH_STARLETTE = {"Check": "_protect", "Protect": "_protect", "Refused": "_refused", "answer_refused": "_refused"}


def __getattr__(name: str) -> Any:
    if name not in _WITH_STARLETTE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_WITH_STARLETTE[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
