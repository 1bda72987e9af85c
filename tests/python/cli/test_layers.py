"""The folders of the command line are layers: an import goes down only, and modules that import each other are not allowed either."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import bailiwick.cli

ROOT = Path(bailiwick.cli.__file__).parent
# From the top down. A folder may import itself and those after it.
LAYERS = ["commands", "server", "tables", "bounded", "files", "terminal"]


def imports_of(path: Path) -> list[Path]:
    """The modules of the command line that a module imports."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1]
            module = base.joinpath(*(node.module or "").split("."))
            found.append(module.with_suffix(".py") if module.with_suffix(".py").exists() else module / "__init__.py")
    return [module for module in found if module.is_relative_to(ROOT)]


def test_imports_go_down() -> None:
    graph = {path: imports_of(path) for path in ROOT.rglob("*.py")}
    assert {path.parent.name for path in graph if path.parent != ROOT} == set(LAYERS)
    for path, modules in graph.items():
        for module in modules:
            if path.parent != ROOT:
                assert module.parent != ROOT, f"{path} imports {module}"
                assert LAYERS.index(path.parent.name) <= LAYERS.index(module.parent.name), f"{path} imports {module}"
    assert sum(map(len, graph.values())) > 100
    # Raises CycleError.
    list(TopologicalSorter(graph).static_order())
