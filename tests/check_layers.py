"""The layers of the core: an import goes down, and no files import each other in a circle. Tests are left out."""

import re
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

# From the ground up. `docs/architecture.md` shows the same list.
LAYERS = [
    ["collections", "catalogue"],
    ["input"],
    ["wire"],
    ["policy"],
    ["directory"],
    ["access", "authentication"],
    ["attribution", "listing"],
    ["change", "columns", "authzen"],
    ["snapshot", "reconcile"],
    ["insight", "timeline", "feed"],
    ["boundary"],
]
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
SOURCE = Path(__file__).resolve().parent.parent / "core" / "src"


def paths(text: str) -> list[str]:
    """Every path that a file imports, nested braces written out, and every one that it names in place."""
    code = re.sub(r"//.*", "", text.partition("#[cfg(test)]\nmod tests")[0])
    imported = re.findall(r"^\s*(?:pub(?:\([a-z]+\))? )?use ([^;]+);", code, re.MULTILINE)
    named = re.findall(r"\b(?:crate|super)(?:::\w+)+", re.sub(r"\buse [^;]+;", "", code))
    return named + [path for statement in imported for path in expand("".join(statement.split()))]


def expand(path: str) -> list[str]:
    """`a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`."""
    head, brace, rest = path.partition("{")
    if not brace:
        return [path]
    items, depth = [""], 0
    for character in rest.removesuffix("}"):
        depth += (character == "{") - (character == "}")
        items += [""] if character == "," and depth == 0 else []
        items[-1] += "" if character == "," and depth == 0 else character
    return [head + inner for item in items if item for inner in expand(item)]


def imported(file: Path, path: str) -> Path | None:
    """The file that a path leads to, if it is one of the core's."""
    steps = path.split("::")
    folder = file.parent
    if steps[0] == "crate":
        folder, steps = SOURCE, steps[1:]
    elif steps[0] == "super":
        folder = folder if file.name != "mod.rs" else folder.parent
        while (steps := steps[1:])[:1] == ["super"]:
            folder = folder.parent
    elif file.name not in ("mod.rs", "lib.rs") or not ((folder / f"{steps[0]}.rs").exists() or (folder / steps[0]).is_dir()):
        return None
    for step in steps:
        if (folder / f"{step}.rs").exists():
            return folder / f"{step}.rs"
        if not (folder / step).is_dir():
            found = folder / ("lib.rs" if folder == SOURCE else "mod.rs")
            return reexported(found, step) or found
        folder = folder / step
    return folder / ("lib.rs" if folder == SOURCE else "mod.rs")


def reexported(file: Path, name: str) -> Path | None:
    """The file from which another one passes a name on."""
    statements = re.findall(r"^pub(?:\([^)]+\))? use ([^;]+);", file.read_text(), re.MULTILINE)
    path = next((path for statement in statements for path in expand("".join(statement.split())) if path.split("::")[-1] == name), None)
    return None if path is None else imported(file, path)


def layer(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".rs")


def main() -> int:
    files = sorted(file for file in SOURCE.rglob("*.rs") if file.name != "tests.rs")
    imports = {file: {found for path in paths(file.read_text()) if (found := imported(file, path))} - {file} for file in files}
    faults = [f"{name} is in no layer of {Path(__file__).name}" for name in sorted({layer(file) for file in files} - {*HEIGHT, "lib"})]
    for file, targets in imports.items():
        for target in sorted(targets):
            above, below = layer(file), layer(target)
            if above != "lib" and above != below and HEIGHT.get(below, len(LAYERS)) >= HEIGHT.get(above, -1):
                faults.append(f"{file.relative_to(SOURCE)} imports {target.relative_to(SOURCE)}, which is not below it")
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        faults.append("a circle: " + " → ".join(str(file.relative_to(SOURCE)) for file in reversed(error.args[1])))
    print("\n".join(faults) or f"layers: {len(files)} files, {sum(map(len, imports.values()))} imports, each goes down")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
