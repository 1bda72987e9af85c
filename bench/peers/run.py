"""Bailiwick beside baselines written by hand and beside other engines, in three languages and three sizes.

PYTHONPATH=bench python -m peers.run [--language NAME …] [--size NAME …] [--rounds N] [--only-decisions] [--chart FILE]

Prints tables, and writes target/bench/results.json and a chart. What was measured before and is not now stays in the results.
"""

from __future__ import annotations

import argparse
import json
import platform
from itertools import chain
from pathlib import Path
from typing import Any

from peers.chart import chart
from peers.child import ROOT, run
from peers.languages import LANGUAGES, SIZES
from peers.loading import loaded, started
from peers.table import console, show, show_costs

RESULTS = ROOT / "target/bench/results.json"


def measure(language: str, size: str, rounds: int, decisions_only: bool, before: Any) -> Any:
    """One table: what it takes to load, then the decisions of all who could."""
    command = LANGUAGES[language]
    engines = run([*command, "--list"]).answer["engines"]
    console.print(f"[bold]{language}, {size}[/bold]: loading")
    loads = before.get("loads", {}) if decisions_only else {}
    for engine in engines if not loads else []:
        loads[engine["engine"]] = loaded(language, size, engine["engine"])
    able = [engine for engine in engines if "exceeded" not in loads[engine["engine"]]]
    groups = [[one["engine"] for one in able if not one.get("apart")], *([one["engine"]] for one in able if one.get("apart"))]
    console.print(f"[bold]{language}, {size}[/bold]: {rounds} rounds of decisions")
    decided = [run([*command, SIZES[size], "--engines", ",".join(names), "--rounds", str(rounds)]).answer["rows"] for names in groups]
    rows = sorted(chain.from_iterable(decided), key=lambda row: list(loads).index(row["engine"]))
    return {"engines": engines, "loads": loads, "rows": rows}


def main() -> None:
    """Measure what was asked for, and tell it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--size", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only-decisions", action="store_true", help="loading and starting are as they were")
    parser.add_argument("--chart", type=Path, default=ROOT / "target/bench/performance.svg")
    options = parser.parse_args()
    results: Any = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {"tables": {}, "starts": {}, "weights": {}}
    results["machine"] = {"system": platform.platform(), "processor": processor(), "python": platform.python_version()}
    for language in options.language:
        for size in options.size:
            name = f"{language}, {size}"
            results["tables"][name] = measure(language, size, options.rounds, options.only_decisions, results["tables"].get(name, {}))
            RESULTS.write_text(json.dumps(results, indent=1))
            show(language, size, results["tables"][name])
        if not options.only_decisions:
            results["starts"][language] = started(language)
            results["weights"][language] = run([*LANGUAGES[language], "--weigh"]).answer if language != "rust" else {}
            RESULTS.write_text(json.dumps(results, indent=1))
        show_costs(language, results)
    options.chart.write_text(chart(results))
    console.print(f"results in {RESULTS.relative_to(ROOT)}, a chart in {options.chart}")


def processor() -> str:
    """Its name, where the operating system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())


if __name__ == "__main__":
    main()
