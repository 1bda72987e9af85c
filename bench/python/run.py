"""Measure decisions, or what it takes to load an engine. Results are JSON on standard output.

PYTHONPATH=bench python -m python.run FOLDER [--engines NAME,…] [--rounds N] measures decisions on the data in a folder; --load NAME what
one engine takes to load, in this process of its own; --start NAME loads it and decides once. --list names the engines, --weigh tells what
each adds to an environment, and --nothing does nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from python.data import questions
from python.engines import ENGINES, Engine
from python.weigh import installed


def resident() -> int:
    """Resident memory in kilobytes, by the operating system's account; 0 where it gives none."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def load(engine: Engine, folder: Path) -> dict[str, float]:
    """What it takes to be ready to answer."""
    make = engine.imported()
    before, clock, cpu = resident(), time.perf_counter(), time.process_time()
    ready = make(folder)
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    taken = max(0, resident() - before)
    del ready
    return {"cpu_ms": cpu * 1e3, "wall_ms": clock * 1e3, "resident_kb": taken}


def start(engine: Engine, folder: Path) -> None:
    """Everything from nothing to one decision."""
    first = questions(folder, "first.json")
    (answer,) = engine.imported()(folder)(first)[0].run(0, 1)
    assert bool(answer) == first[0].allowed


def decide(names: list[str], folder: Path, rounds: int) -> object:
    """Decisions of all of them, in turn."""
    from python.measure import measure

    asked = questions(folder)
    return measure([(name, one) for name in names for one in ENGINES[name].imported()(folder)(asked)], rounds)


def main() -> None:
    """Do one of these."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--nothing", action="store_true")
    parser.add_argument("--weigh", action="store_true")
    parser.add_argument("--load", choices=ENGINES)
    parser.add_argument("--start", choices=ENGINES)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    if options.nothing:
        return
    if options.list:
        listed = [{"engine": name, "version": engine.version(), "notes": engine.notes} for name, engine in ENGINES.items()]
        print(json.dumps({"engines": listed}))
    elif options.weigh:
        packages = {name: engine.package for name, engine in ENGINES.items()} | {"bailiwick": "bailiwick"}
        print(json.dumps({name: {"installed_bytes": installed(package)} for name, package in packages.items() if package}))
    elif options.load:
        print(json.dumps(load(ENGINES[options.load], options.folder)))
    elif options.start:
        start(ENGINES[options.start], options.folder)
    else:
        print(json.dumps(decide(options.engines.split(","), options.folder, options.rounds)))


if __name__ == "__main__":
    main()
