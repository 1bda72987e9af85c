"""Draws docs/growth.svg from the figures in target/bench/growth.json: what a call costs, and what a whole directory costs, by its size.

PYTHONPATH=bench python -m growth.chart

Both scales are logarithmic. Readable on light and on dark pages: the picture follows the reader's preference.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tables.names import Json

ROOT = Path(__file__).parents[2]
WIDTH, HEIGHT = 930, 420
LEFT, TOP, PANEL, LOW, GAP = 62, 64, 290, 360, 172
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-size: 14px; font-weight: 600 } .dim { fill: #57606a }
.grid { stroke: #d0d7de; stroke-width: 1 } .line { fill: none; stroke-width: 2 } .dot { stroke: none }
.c0 { --c: #0969da } .c1 { --c: #bc4c00 } .c2 { --c: #1a7f37 } .c3 { --c: #8250df }
.line { stroke: var(--c) } .dot, text.name { fill: var(--c) }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .dim { fill: #9198a1 } .grid { stroke: #3d444d }
.c0 { --c: #58a6ff } .c1 { --c: #f0883e } .c2 { --c: #3fb950 } .c3 { --c: #bc8cff }
text.name { fill: var(--c) } }
"""


class Curve(NamedTuple):
    """A figure in all sizes, in the unit of its panel."""

    name: str
    figure: str
    factor: float = 1.0


class Panel(NamedTuple):
    """Curves that share a scale."""

    title: str
    least: int
    """The power of ten where the scale begins."""
    most: int
    words: Callable[[int], str]
    curves: list[Curve]


def nanoseconds(power: int) -> str:
    """A power of ten of them in words."""
    return ["1 ns", "10 ns", "100 ns", "1 µs", "10 µs", "100 µs"][power]


def milliseconds(power: int) -> str:
    """A power of ten of them in words."""
    return {-1: "0.1 ms", 0: "1 ms", 1: "10 ms", 2: "100 ms", 3: "1 s", 4: "10 s", 5: "100 s"}[power]


PANELS = [
    Panel(
        "One call",
        1,
        5,
        nanoseconds,
        [
            Curve("list_resources, a page", "list_resources, a page of 100 µs", 1e3),
            Curve("apply", "apply, median µs", 1e3),
            Curve("is_allowed, anywhere", "is_allowed, mixed ns"),
            Curve("is_allowed, again", "is_allowed, hot ns"),
        ],
    ),
    Panel(
        "The whole directory",
        -1,
        5,
        milliseconds,
        [
            Curve("load JSON", "load JSON ms"),
            Curve("a delta, made", "a delta of ten changes, made ms"),
            Curve("load a snapshot", "load snapshot ms"),
        ],
    ),
]


def drawn(panel: Panel, left: float, sizes: list[Json]) -> list[str]:
    """A panel with its curves, each named where it ends."""
    powers = [math.log10(size["resources"]) for size in sizes]

    def x(power: float) -> float:
        return left + (power - powers[0]) / (powers[-1] - powers[0]) * PANEL

    def y(value: float) -> float:
        return LOW - (math.log10(value) - panel.least) / (panel.most - panel.least) * (LOW - TOP)

    parts = [f'<text class="title" x="{left}" y="{TOP - 22}">{panel.title}</text>']
    for power in range(panel.least, panel.most + 1):
        at = y(10.0**power)
        parts.append(f'<path class="grid" d="M{left} {at:.1f}h{PANEL}"/>')
        parts.append(f'<text class="dim" x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{panel.words(power)}</text>')
    parts += [f'<text class="dim" x="{x(power):.1f}" y="{LOW + 20}" text-anchor="middle">{label(power)}</text>' for power in powers]
    taken: list[float] = []
    for number, curve in enumerate(panel.curves):
        points = [(x(power), y(size[curve.figure] * curve.factor)) for power, size in zip(powers, sizes, strict=True)]
        parts.append(f'<path class="line c{number}" d="M{" L".join(f"{a:.1f} {b:.1f}" for a, b in points)}"/>')
        parts += [f'<circle class="dot c{number}" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in points]
        # Curves are listed from the highest down, and names keep off each other.
        height = max([points[-1][1] + 4, *(other + 15 for other in taken)])
        taken.append(height)
        parts.append(f'<text class="name c{number}" x="{points[-1][0] + 9:.1f}" y="{height:.1f}">{curve.name}</text>')
    return parts


def label(power: float) -> str:
    """A size in words."""
    size = round(10**power)
    return f"{size // 1_000_000} M" if size >= 1_000_000 else f"{size // 1_000} k"


def main() -> None:
    """Draw what was measured last."""
    sizes: list[Json] = json.loads((ROOT / "target/bench/growth.json").read_text("utf-8"))["directory"]
    if len(sizes) < 2:
        print("growth: one size makes no curve, so none is drawn")
        return
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t"><title id="t">']
    parts.append("What calls and whole directories cost, from a thousand to ten million resources</title>")
    parts.append(f"<style>{STYLE}</style>")
    for number, panel in enumerate(PANELS):
        parts += drawn(panel, LEFT + number * (PANEL + GAP), sizes)
    words = "Resources in the directory. Time of one processor; both scales are logarithmic."
    parts.append(f'<text class="dim" x="{LEFT}" y="{HEIGHT - 10}">{words}</text>')
    (ROOT / "docs/growth.svg").write_text("\n".join([*parts, "</svg>\n"]), "utf-8")


if __name__ == "__main__":
    main()
