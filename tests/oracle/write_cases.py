"""Write random cases, with the oracle's answers, as a suite that every runner can read.

python tests/oracle/write_cases.py FOLDER [--seeds N] [--change-seeds N] [--first SEED] [--rules] [--impacts]
python tests/oracle/write_cases.py --coverage
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import coverage
from documents import BUILT_IN, Json, OracleError, effective_policy
from oracle import Oracle
from random_authzen import random_authzen
from random_changes import random_changes
from random_documents import random_documents
from random_requests import Case, random_case
from scene import ruled


def cases_of(seed: int, built_in: Json, rules: bool = False) -> Json:
    """One suite file: a random directory, its questions, and the oracle's answers; on request also the rules that they rest on."""
    generated = random_case(seed)
    directory = generated["directory"]
    oracle = Oracle(directory, effective_policy(directory, built_in))
    cases: list[Json] = []

    def case(call: str, number: int, question: Json) -> None:
        entry: Json = {"note": f"{seed}/{call}/{number}", "call": call, "input": question}
        try:
            if call == "rule":
                entry["answer"] = ruled(oracle, question)
            elif call == "attribute":
                entry["answer"] = oracle.attribute(question)
            else:
                decision = oracle.check_access(question)
                entry["answer"] = decision["allowed"] if call == "is_allowed" else decision
        except OracleError as error:
            entry["error"] = {"code": error.code, "path": error.path}
        cases.append(entry)

    for number, request in enumerate(generated["requests"]):
        case("check_access", number, request)
        case("is_allowed", number, request)
    for number, usage in enumerate(generated["usages"]):
        case("attribute", number, usage)
    for number, asked in enumerate([*generated["requests"], *generated["usages"]] if rules else []):
        case("rule", number, asked)
    return {"topic": f"random directory {seed}", "directory": directory, "cases": cases}


def authzen_of(seed: int, built_in: Json) -> Json:
    """One suite file: a random directory, and what an AuthZEN decision point on it is asked."""
    case = Case(random.Random(f"authzen {seed}"))
    directory = case.directory()
    oracle = Oracle(directory, effective_policy(directory, built_in))
    return {"topic": f"random AuthZEN {seed}", "directory": directory, "cases": random_authzen(case, oracle, seed)}


def write(folder: Path, suites: Iterator[tuple[str, Json]]) -> dict[str, int]:
    """Writes files one by one; how many cases each of them has."""
    counts: dict[str, int] = {}
    for name, suite in suites:
        (folder / name).write_text(json.dumps(suite, ensure_ascii=False), "utf-8")
        counts[name] = len(suite["cases"])
    return counts


def main() -> None:
    """Write the files and their index, or tell what the changes reach."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--seeds", type=int, default=200, help="directories with questions")
    parser.add_argument(
        "--change-seeds", type=int, default=60, help="directories with sequences of changes, and as many with AuthZEN and with faults"
    )
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--rules", action="store_true", help="ask by which rule each question of a directory is decided, too")
    parser.add_argument("--impacts", action="store_true", help="ask for impacts between changes, too")
    parser.add_argument("--coverage", action="store_true", help="write nothing, and fail if a row of the rules never occurs")
    arguments = parser.parse_args()
    built_in = json.loads(BUILT_IN.read_text("utf-8"))
    of_questions = range(arguments.first, arguments.first + arguments.seeds)
    of_changes = range(arguments.first, arguments.first + arguments.change_seeds)
    if arguments.coverage:
        questions = [cases_of(seed, built_in) for seed in of_questions] + [random_documents(seed, built_in) for seed in of_changes]
        sys.exit(not coverage.report([random_changes(seed, built_in) for seed in of_changes], questions))
    if arguments.folder is None:
        parser.error("a folder is missing")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    rules, impacts = arguments.rules, arguments.impacts
    counts = write(arguments.folder, ((f"random-{seed}.json", cases_of(seed, built_in, rules)) for seed in of_questions))
    sequences = write(arguments.folder, ((f"changes-{seed}.json", random_changes(seed, built_in, insight=impacts)) for seed in of_changes))
    authzen = write(arguments.folder, ((f"authzen-{seed}.json", authzen_of(seed, built_in)) for seed in of_changes))
    documents = write(arguments.folder, ((f"documents-{seed}.json", random_documents(seed, built_in)) for seed in of_changes))
    (arguments.folder / "index.json").write_text(json.dumps({"files": counts | sequences | authzen | documents}), "utf-8")
    print(f"wrote {sum(counts.values())} random cases on {len(counts)} directories")
    print(f"wrote {sum(sequences.values())} random sequences of changes on {len(sequences)} directories")
    print(f"wrote {sum(authzen.values())} random AuthZEN cases on {len(authzen)} directories")
    print(f"wrote {sum(documents.values())} random documents, most of them with a fault")


if __name__ == "__main__":
    main()
