"""Write the other engines' data beside a directory.

PYTHONPATH=bench python -m rules.write FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rules import casbin, cedar, rego
from rules.rows import rows

POLICY = Path(__file__).parents[2] / "core" / "policies" / "projects-2026-02.json"


def main() -> None:
    """Write one file for each engine."""
    folder = Path(sys.argv[1])
    found = rows(json.loads((folder / "directory.json").read_text("utf-8")), json.loads(POLICY.read_text("utf-8")))
    # One entity a line, for those who want some of them.
    (folder / "cedar.json").write_text("[\n" + ",\n".join(json.dumps(one) for one in cedar.entities(found)) + "\n]\n")
    (folder / "casbin.csv").write_text("".join(f"{line}\n" for line in casbin.lines(found)))
    (folder / "casbin_fast.csv").write_text("".join(f"{line}\n" for line in casbin.fast_lines(found)))
    (folder / "rego.json").write_text(json.dumps(rego.data(found)))
    (folder / "casl.json").write_text(json.dumps(found._asdict()))


if __name__ == "__main__":
    main()
