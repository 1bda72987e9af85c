"""`bailiwick test`: a file of questions with their expected answers, against a directory or a policy."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.text import Text

from bailiwick import Bailiwick, InvalidInputError

from ..expectations.cases import Expectations, read_expectations
from ..expectations.outcomes import Failure, failure_of
from ..files.directories import load, policy_from
from ..files.documents import read_document
from ..files.input import STANDARD, one_standard_input
from ..terminal.console import BAD, FAINT, GOOD, STRONG, count, print_json, shortened, show, visible
from ..terminal.exits import Exit
from ..terminal.progress import working
from .options import AsJson, Policy, PublicKey

File = Annotated[str, typer.Argument(metavar="EXPECTATIONS", help="Questions with their expected answers, as JSON. - is standard input.")]
Tested = Annotated[
    str | None, typer.Argument(metavar="DIRECTORY", help="The directory that is asked, in place of the one that the file names.")
]
MOST_SHOWN = 50


def test(
    expectations: File,
    directory: Tested = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Ask questions, and compare the answers with those that are expected. Ends with 1 if one differs.

    With --policy, a new policy is held to the expectations of the old one.
    """
    one_standard_input(expectations, directory)
    file = read_expectations(read_document(expectations, path=""))
    with working("testing"):
        guard = _engine(file, expectations, directory, policy, public_key)
        failures = [failure for case in file.cases if (failure := failure_of(guard, case)) is not None]
    total, failed = len(file.cases), len(failures)
    if as_json:
        print_json({"cases": total, "passed": total - failed, "failed": failed, "failures": [one.to_dict() for one in failures]})
    elif failures:
        more = [f"and {count(failed - MOST_SHOWN, 'more failure')}; --json has them all"] if failed > MOST_SHOWN else []
        # One piece for each failure: printing a piece takes longer than making it.
        told = [Text("\n").join(_rendered(one)) for one in failures[:MOST_SHOWN]]
        show(*told, *more, Text(f"✗ {failed:,} of {count(total, 'expectation')} failed", f"bold {BAD}"))
    else:
        show(Text(f"✓ {count(total, 'expectation')} passed", GOOD))
    if failures:
        raise typer.Exit(Exit.NO)


def _engine(file: Expectations, expectations: str, directory: str | None, policy: str | None, public_key: list[str] | None) -> Bailiwick:
    """The directory of the command line or of the file, under the policy of the command line or of the file."""
    if directory is None and file.directory is None:
        raise typer.BadParameter("which directory? Name one after the file, or in it as `directory`")
    if directory is not None or isinstance(file.directory, str):
        # A name in a file is beside that file.
        beside = "" if expectations == STANDARD else os.path.dirname(expectations)
        guard = load(directory if directory is not None else os.path.join(beside, file.directory), public_key=public_key)
    else:
        guard = Bailiwick.from_directory(file.directory)
    wanted: Any = policy_from(policy)
    if wanted is None and isinstance(file.policy, str):
        wanted = policy_from(os.path.join(os.path.dirname(expectations), file.policy) if file.policy.endswith(".json") else file.policy)
    elif wanted is None:
        wanted = file.policy
    if wanted is not None and not isinstance(wanted, (str, dict)):
        raise InvalidInputError("wrong_type", "/policy", "a policy is an id or an object")
    return guard if wanted is None else guard.with_policy(wanted)


def _rendered(failure: Failure) -> Iterator[Text]:
    case = failure.case
    yield Text.assemble(("✗ ", f"bold {BAD}"), (visible(shortened(case.note)) or f"case {case.number}", STRONG))
    yield Text.assemble(("  asked     ", FAINT), f"{case.call} {_written(case.given)}")
    for one in failure.differences:
        name = f"{one.name} " if one.name else ""
        yield Text.assemble(("  expected  ", FAINT), visible(name), (_written(one.expected), GOOD))
        yield Text.assemble(("  actual    ", FAINT), visible(name), (_written(one.actual), BAD))
    if failure.sentence is not None:
        yield Text.assemble(("  because   ", FAINT), f"{failure.rule}: {visible(failure.sentence)}")
    yield Text()


def _written(value: Any) -> str:
    return visible(shortened(json.dumps(value, ensure_ascii=False)))
