"""Pairs of directories for `reconcile`, and a check of the changes that an engine takes from one to the other.

python tests/oracle/random_pairs.py --write N > pairs.jsonl      # {"before", "document"} a line
python tests/oracle/random_pairs.py < answers.jsonl              # the same lines, each with the engine's "changes"
"""

from __future__ import annotations

import argparse
import json
import random
import sys

import reconcile
from documents import BUILT_IN, Json
from guard import Guard
from random_changes import AT, Sequence, known_secrets
from random_requests import Case
from written import written_directory


def random_pair(seed: int, built_in: Json) -> tuple[Json, Json]:
    """A directory and one that some changes led to, few or many, or another one altogether; in either direction."""
    rng = random.Random(f"pair {seed}")
    case = Case(rng)
    directory = case.directory()
    directory["revision"] = min(directory.get("revision", 0), 2**52)
    start = Guard(directory, built_in, AT)
    sequence = Sequence(case, Guard(directory, built_in, AT), known_secrets(rng, directory))
    for _ in range(rng.choice([1, 2, 8, 60])):
        sequence.change()
    pair = [start.document, sequence.guard.document]
    if rng.random() < 0.2:
        pair[1] = written_directory(Case(rng).directory(), built_in)
    rng.shuffle(pair)
    # The last revision that there is cannot be changed.
    return pair[0] | {"revision": min(pair[0]["revision"], 2**52)}, pair[1]


def main() -> None:
    """Write pairs, or check what an engine made of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=int, metavar="N", help="write this many pairs")
    arguments = parser.parse_args()
    built_in = json.loads(BUILT_IN.read_text("utf-8"))
    if arguments.write is not None:
        for seed in range(arguments.write):
            before, document = random_pair(seed, built_in)
            print(json.dumps({"before": before, "document": document}, ensure_ascii=False))
        return
    checked = 0
    for line in sys.stdin:
        told = json.loads(line)
        reconcile.check_changes(written_directory(told["before"], built_in), told["document"], told["changes"], built_in)
        checked += 1
    print(f"{checked} reconciles: as few changes as must be, and the document's state")


if __name__ == "__main__":
    main()
