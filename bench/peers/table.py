"""The results as tables."""

from __future__ import annotations

from typing import Any

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

console = Console(width=150, highlight=False)


def show(language: str, size: str, measured: Any) -> None:
    """The decisions of each engine beside the baseline's, and what it took to load."""
    baselines = [row for row in measured["rows"] if row["engine"].startswith("baseline")]
    table = Table(title=f"{language}, {size}", box=MARKDOWN)
    table.add_column("engine")
    table.add_column("call")
    for name in ("hot", "mixed"):
        table.add_column(f"{name}, ns", justify="right")
        for baseline in baselines:
            table.add_column(f"× {baseline['engine']}", justify="right")
    for name in ("load, ms", "memory, MB", "checked"):
        table.add_column(name, justify="right")
    for row in measured["rows"]:
        cells = [row["engine"], row["operation"]]
        for name in ("hot", "mixed"):
            median = row[name]["median_ns"]
            cells += [f"{median:,.0f}", *(f"{median / baseline[name]['median_ns']:.2f}" for baseline in baselines)]
        load = measured["loads"].get(row["engine"])
        cells += [f"{load['cpu_ms']:,.0f}", f"{load['resident_kb'] / 1e3:,.0f}"] if load else ["", ""]
        table.add_row(*cells, f"{row['checked']:,}")
    for engine, load in measured["loads"].items():
        if "exceeded" in load:
            table.add_row(engine, f"loading took {load['exceeded']}")
    console.print(table)


def show_costs(language: str, results: Any) -> None:
    """What each adds to a program, and what it does not do."""
    engines = next(measured["engines"] for name, measured in results["tables"].items() if name.startswith(f"{language}, "))
    starts, weights = results["starts"].get(language, {}), results["weights"].get(language, {})
    table = Table(title=f"{language}: what an engine adds", box=MARKDOWN)
    table.add_column("engine")
    table.add_column("version")
    for name in ("start, ms", "installed, MB", "gzipped, kB"):
        table.add_column(name, justify="right")
    table.add_column("notes")
    for engine in engines:
        name = engine["engine"]
        weight = weights.get(name, {})
        sizes = [f"{weight[key] / unit:,.1f}" if key in weight else "" for key, unit in (("installed_bytes", 1e6), ("gzip_bytes", 1e3))]
        start = f"{starts[name]:,.0f}" if name in starts else ""
        table.add_row(name, engine.get("version") or "", start, *sizes, engine["notes"])
    console.print(table)
