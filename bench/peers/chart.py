"""The results as a chart: nanoseconds a decision, of everybody, in the two larger sizes, on a logarithmic scale."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Any
from xml.sax.saxutils import escape

SIZES = ("middle", "large")
TITLES = {"rust": "Rust", "node": "Node.js", "python": "Python"}
WIDTH, LEFT, RIGHT, ROW, HEAD = 820, 250, 90, 20, 34
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f }
.language { font-weight: 600; font-size: 13px }
.own { font-weight: 600 }
.faint { fill: #6e7781; font-size: 11px }
.grid { stroke: #d0d7de; stroke-width: 1 }
.span { stroke-width: 3; stroke: #afb8c1 }
.dot { fill: #8c959f; stroke: #8c959f; stroke-width: 2 }
.is-own .span { stroke: #54aeff } .is-own .dot { fill: #0969da; stroke: #0969da }
.large { fill: #ffffff }
.is-own .large { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #3d444d } .span { stroke: #656c76 }
  .dot { fill: #9198a1; stroke: #9198a1 } .is-own .span { stroke: #1f6feb } .is-own .dot { fill: #58a6ff; stroke: #58a6ff }
  .large, .is-own .large { fill: #0d1117 }
}
"""


def rows(results: Any, language: str) -> dict[tuple[str, str], dict[str, float]]:
    """Engine and call, to nanoseconds by size. Attribution is no decision."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for size in SIZES:
        for row in results["tables"].get(f"{language}, {size}", {"rows": []})["rows"]:
            if not row["operation"].startswith("attribute"):
                found.setdefault((row["engine"], row["operation"]), {})[size] = row["mixed"]["median_ns"]
    return found


def chart(results: Any) -> str:
    """The whole drawing."""
    measured = {language: found for language in TITLES if (found := rows(results, language))}
    values = [value for found in measured.values() for row in found.values() for value in row.values()] or [1.0]
    low, high = floor(log10(min(values))), ceil(log10(max(values)))

    def x(value: float) -> float:
        return LEFT + (log10(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    height = 2 * HEAD + sum(HEAD + ROW * len(found) for found in measured.values())
    parts = [f'<line class="grid" x1="{x(10**p):.1f}" x2="{x(10**p):.1f}" y1="{HEAD}" y2="{height - HEAD}"/>' for p in range(low, high + 1)]
    parts += [
        f'<text class="faint" x="{x(10**p):.1f}" y="{height - 16}" text-anchor="middle">{label(p)}</text>' for p in range(low, high + 1)
    ]
    parts.append('<text class="faint" x="12" y="20">Time of a decision, mixed requests, logarithmic; less is better.</text>')
    parts.append(f'<g transform="translate({WIDTH - 330} 16)">{legend()}</g>')
    y = HEAD
    for language, found in measured.items():
        y += HEAD
        parts.append(f'<text class="language" x="12" y="{y - 8}">{TITLES[language]}</text>')
        for (engine, operation), row in found.items():
            y += ROW
            own = engine == "bailiwick"
            parts.append(f'<g class="{"is-own" if own else ""}" transform="translate(0 {y - ROW / 2})">')
            name = f"{engine} · {operation}"
            parts.append(f'<text class="{"own" if own else ""}" x="{LEFT - 12}" y="4" text-anchor="end">{escape(name)}</text>')
            places = [x(value) for value in row.values()]
            parts.append(f'<line class="span" x1="{min(places):.1f}" x2="{max(places):.1f}" y1="0" y2="0"/>')
            parts += [f'<circle class="dot {size}" cx="{x(value):.1f}" cy="0" r="4.5"/>' for size, value in reversed(row.items())]
            parts.append(
                f'<text class="faint" x="{max(places) + 10:.1f}" y="4">{" · ".join(told(value) for value in row.values())}</text></g>'
            )
    body = "\n".join(parts)
    title = "Nanoseconds a decision of Bailiwick, of hand-written baselines and of other engines"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">'
        f"<title>{title}</title><style>{STYLE}</style>\n{body}\n</svg>\n"
    )


def legend() -> str:
    """What the dots are."""
    return (
        '<circle class="dot middle" cx="0" cy="0" r="4.5"/><text class="faint" x="10" y="4">20,000 resources</text>'
        '<circle class="dot large" cx="130" cy="0" r="4.5"/><text class="faint" x="140" y="4">500,000 resources</text>'
    )


def label(power: int) -> str:
    """A power of ten nanoseconds, as one says it."""
    unit, shift = max(((u, s) for u, s in (("ns", 0), ("µs", 3), ("ms", 6), ("s", 9)) if s <= power), key=lambda pair: pair[1])
    return f"{10 ** (power - shift)} {unit}"


def told(nanoseconds: float) -> str:
    """A time with two or three figures."""
    for unit, size in (("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.0f} ns"
