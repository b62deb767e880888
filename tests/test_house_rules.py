"""What a linter does not know of: how long things may be, and that the map of the package is whole."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import broadsheet

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "broadsheet"
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def _modules() -> list[Path]:
    ours = [path for folder in ("src", "tests", "bench") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in ours if path.parent.name != "migrations"]


def _too_long(path: Path) -> Iterator[str]:
    text = path.read_text()
    if (length := text.count("\n")) > LONGEST_FILE:
        yield f"{path.relative_to(ROOT)}: {length} lines"
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION:
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines"


def test_files_and_functions_are_short() -> None:
    too_long = [line for path in _modules() for line in _too_long(path)]

    assert not too_long, "split by topic:\n" + "\n".join(too_long)


def test_every_module_says_what_it_is() -> None:
    told_by_its_tests = ROOT / "tests"  # whose names are sentences
    modules = [path for path in _modules() if not path.is_relative_to(told_by_its_tests)]
    trees = {path: ast.parse(path.read_text()) for path in modules}

    silent = [path for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)]

    assert not silent


def test_the_package_docstring_names_every_step_from_the_ground_up() -> None:
    steps = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    steps |= {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    checks = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [line.replace("broadsheet.", "").split(" | ") for line in reversed(checks[0]["layers"])]

    named = re.findall(r"^(\w+) {2,}\S", broadsheet.__doc__ or "", re.MULTILINE)

    assert set(named) == steps
    assert named == [step for layer in layers for step in layer]


def test_what_is_left_to_do_has_an_issue_number() -> None:
    mark = re.compile(r"#.*\b(?:TODO|FIXME|XXX)\b(?!\(#\d+\))")
    this = Path(__file__)

    left = [path for path in _modules() if path != this and mark.search(path.read_text())]

    assert not left
