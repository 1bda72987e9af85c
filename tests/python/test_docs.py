"""What `help()` shows: everything public says what it is and how it is called, and every example is true."""

from __future__ import annotations

import dataclasses
import doctest
import inspect
import pydoc
import re
import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import bailiwick
import bailiwick.types
import pytest

Names = dict[str, Any]


def members(cls: type) -> Iterator[tuple[str, Any]]:
    """The methods and properties that a class of this package adds. (Fields of dataclasses and tuples are told by the class.)"""
    # Sorted, since the order of an extension's members differs from process to process.
    for name in sorted(vars(cls)):
        member = getattr(cls, name)
        if not name.startswith("_") and (callable(member) or inspect.isgetsetdescriptor(member)):
            yield f"{cls.__name__}.{name}", member


def public(module: ModuleType, names: list[str]) -> Names:
    """A module and what it has, by name."""
    found: Names = {module.__name__: module}
    for name in names:
        thing = getattr(module, name)
        if inspect.isclass(thing):
            found |= {name: thing, **dict(members(thing))}
        elif callable(thing):
            found[name] = thing
    return found


SHAPES = [name for name, thing in vars(bailiwick.types).items() if typing.is_typeddict(thing)]
PUBLIC = {**public(bailiwick, bailiwick.__all__), **public(bailiwick.types, SHAPES)}
CALLS = {name: thing for name, thing in PUBLIC.items() if inspect.isroutine(thing)}


def text_of(thing: Any) -> str:
    """A docstring; of a class its own, and neither its base's nor what `dataclass` writes."""
    text = (vars(thing) if inspect.isclass(thing) else {"__doc__": thing.__doc__}).get("__doc__")
    assert isinstance(text, str), "it has no docstring"
    return inspect.cleandoc(text)


def test_everything_public_is_found() -> None:
    assert {"bailiwick", "Bailiwick.check_access", "Decision.reason", "Page.to_dict", "new_api_key", "AddMember"} <= PUBLIC.keys()
    assert len(SHAPES) >= 19
    for cls in (bailiwick.Bailiwick, bailiwick.Decision, bailiwick.Attribution):
        assert {f"{cls.__name__}.{name}" for name in dir(cls) if not name.startswith("_")} <= PUBLIC.keys()


@pytest.mark.parametrize("name", PUBLIC)
def test_it_says_what_it_is(name: str) -> None:
    first = text_of(PUBLIC[name]).split("\n\n")[0]
    assert len(first) > 15
    assert first.endswith("."), first


@pytest.mark.parametrize("name", [name for name, thing in PUBLIC.items() if inspect.isclass(thing) and name not in SHAPES])
def test_a_class_tells_its_fields(name: str) -> None:
    cls = PUBLIC[name]
    text, fields = text_of(cls), [*inspect.get_annotations(cls), *getattr(cls, "_fields", ())]
    if dataclasses.is_dataclass(cls):
        fields += [field.name for field in dataclasses.fields(cls)]
    for field in fields:
        assert f"`{field}`" in text, field


@pytest.mark.parametrize("name", CALLS)
def test_it_says_how_it_is_called(name: str) -> None:
    assert "(...)" not in str(inspect.signature(CALLS[name]))


def test_a_value_says_how_it_is_made() -> None:
    for cls in (bailiwick.Decision, bailiwick.Attribution):
        assert tuple(inspect.signature(cls).parameters) == cls.__match_args__


def shown(thing: Any) -> str:
    """What `help()` prints, without the blanks and lines by which releases of Python differ."""
    return re.sub(r"[\s|]", "", pydoc.plain(pydoc.render_doc(thing)))


def test_help_shows_it() -> None:
    engine = shown(bailiwick.Bailiwick)
    for part in (
        "check_access(self, /, principal, action, resource, *, surface=None, at=None, min_revision=None, max_age_seconds=None)",
        "from_snapshot(data, public_key=Ellipsis, *, public_keys=Ellipsis, at=None)",
        "may do an action on a resource, and why (rules A1 to A30)",
        "When the directory was issued",
    ):
        assert part.replace(" ", "") in engine, part
    assert "What to know about an allowed action".replace(" ", "") in shown(bailiwick.Decision)


def test_calls_say_with_which_codes_they_fail() -> None:
    for name, call in CALLS.items():
        text = text_of(call)
        assert ".to_di" in name or name == "Timeline.log" or "Raises " in text or "errors are as for list_projects" in text, name
        told = re.findall(r"BailiwickError(?: as \w+, and)? `(\w+)`", text)
        assert set(told) <= set(typing.get_args(bailiwick.types.ErrorCode)), name


def run(name: str, text: str, names: Names) -> Names:
    """Runs the examples of a docstring, and returns the names that there are then."""
    # Not by doctest's own finder, for which examples cannot go on from others.
    test = doctest.DocTest(doctest.DocTestParser().get_examples(text), names, name, None, 0, text)
    told: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(test, out=told.append, clear_globs=False)
    assert test.examples
    assert not runner.failures, "".join(told)
    return test.globs


def world() -> Names:
    """What the examples go on from: the package, and what its own docstring has made."""
    names = {name: getattr(bailiwick, name) for name in bailiwick.__all__}
    return run("bailiwick", text_of(bailiwick), names)


@pytest.mark.parametrize("name", [name for name, thing in PUBLIC.items() if ">>>" in text_of(thing)])
def test_its_examples_are_true(name: str) -> None:
    run(name, text_of(PUBLIC[name]), world())


def test_every_call_of_the_engine_has_an_example() -> None:
    examples = " ".join(text_of(thing) for thing in PUBLIC.values())
    for name in CALLS:
        if name.startswith("Bailiwick."):
            assert re.search(rf">>> .*{name.removeprefix('Bailiwick')}\(", examples), name


def test_an_example_that_is_wrong_is_found() -> None:
    with pytest.raises(AssertionError, match=r"Expected:\n +7\n"):
        run("wrong", ">>> guard.revision\n7\n", world())
