"""The command line `bailiwick`. docs/cli.md says what each command does and what its exit codes mean."""

from __future__ import annotations

import sys

from .terminal.exits import Exit

WITHOUT_EXTRA = 'the command line needs packages that are not installed: pip install "bailiwick[cli]"'


def main() -> None:
    """Run the command line and end the process.

    The libraries of the command line are optional. If they are missing, print one sentence that says how to install them.
    """
    try:
        from .app import run
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in {"typer", "rich"}:
            raise
        print(WITHOUT_EXTRA, file=sys.stderr)
        sys.exit(Exit.NOT_INSTALLED)
    run()
