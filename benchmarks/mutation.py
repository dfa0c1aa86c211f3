"""How many faults, put into the code one by one, the tests find.

    python -m benchmarks.mutation ROOM   # mutate the modules of a room; adds to mutation.csv

A mutant is the package with one expression or statement turned wrong: a comparison into its
neighbour or its opposite, an operator into another, `and` into `or`, a condition into its negation,
a number into the next one, a truth value into the other, what is returned into nothing, an
assignment or a call left out. Texts of messages, docstrings and annotations are left alone. Of each
module EACH mutants are drawn at random (SEED); a place is drawn first, then one of its mutants. A
mutant is found when a test fails, or does not end in LIMIT seconds: the module's own tests and
examples, then the FILES test files of its room that name most of what it defines. Each runs in a
process of its own, split from one that has loaded the libraries, so that nothing is written.
"""

import argparse
import ast
import csv
import importlib.machinery
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

from benchmarks.lines import ROOT
from tests.test_mirror import ELSEWHERE, defined

HERE = Path(__file__).parent
TABLE = HERE / "mutation.csv"
ROOMS = ("inference", "keywords", "text", "tone", "topicmodels")
EACH, SEED, LIMIT = 3, 17, 120
LOADED = ("matplotlib.pyplot", "pandas", "pytest", "scipy.stats", "sklearn.decomposition", "regex")
# Without pytest's own loader of modules named like tests, which would not load a mutant.
QUIET = ("-x", "-q", "-p", "no:cacheprovider", "--assert=plain")
NOTHING = 5  # pytest's word for no test at all
FILES = 3  # further test files of the room that run where a module's own tests find nothing
COLUMNS = ["room", "module", "line", "mutant", "found", "by", "seconds"]
COMPARED: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.GtE], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.In: [ast.NotIn],
    ast.NotIn: [ast.In], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is],
}  # fmt: skip
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.MatMult: ast.Mult,
}  # fmt: skip


def mutants_of(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield what may stand in place of a node, and what was done."""
    if isinstance(node, ast.Compare):
        for other in COMPARED[type(node.ops[0])]:
            new = ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)
            yield new, f"{type(node.ops[0]).__name__} -> {other.__name__}"
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        other_op = COUNTED[type(node.op)]
        if not any(isinstance(side, ast.JoinedStr) for side in (node.left, node.right)):
            new_op = ast.BinOp(node.left, other_op(), node.right)
            yield new_op, f"{type(node.op).__name__} -> {other_op.__name__}"
    elif isinstance(node, ast.BoolOp):
        turned = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        said = f"{type(node.op).__name__} -> {type(turned).__name__}"
        yield ast.BoolOp(turned, node.values), said
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield node.operand, f"without {type(node.op).__name__}"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value), f"{node.value} -> {not node.value}"
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        value = node.value + 1 if isinstance(node.value, int) else node.value * 2 + 1
        yield ast.Constant(value), f"{node.value} -> {value}"
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body), "branches swapped"
    elif isinstance(node, ast.If | ast.While):
        negated = ast.UnaryOp(ast.Not(), node.test)
        yield type(node)(negated, node.body, node.orelse), "condition negated"
    elif isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield ast.Return(ast.Constant(None)), "returns nothing"
    elif isinstance(node, ast.AugAssign) or _is_call(node):
        yield ast.Pass(), "left out"
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield ast.comprehension(node.target, node.iter, [], node.is_async), "without its condition"


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def places(tree: ast.Module) -> list[tuple[ast.AST, str, int | None, ast.AST]]:
    """Return every place of a module that has mutants: its parent, the field, where in it."""
    found: list[tuple[ast.AST, str, int | None, ast.AST]] = []

    def visit(node: ast.AST) -> None:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params"):
                continue
            many = value if isinstance(value, list) else [value]
            for place, child in enumerate(many):
                if not isinstance(child, ast.AST) or _left_alone(child):
                    continue
                if next(mutants_of(child), None):
                    found.append((node, name, place if isinstance(value, list) else None, child))
                visit(child)

    visit(tree)
    return found


def _left_alone(node: ast.AST) -> bool:
    """Tell what is no behaviour: imports, f-strings, type aliases, what only type checkers read."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def drawn(path: Path, each: int, seed: int) -> list[tuple[CodeType, int, str]]:
    """Return mutants of a module, drawn at random: their code, the line, what was done."""
    source = path.read_text(encoding="utf-8")
    rng = random.Random(f"{seed} {path.relative_to(ROOT).as_posix()}")
    order = list(range(len(places(ast.parse(source)))))
    rng.shuffle(order)
    chosen = []
    for place in order[:each]:
        tree = ast.parse(source)
        parent, name, index, child = places(tree)[place]
        new, said = rng.choice(list(mutants_of(child)))
        if index is None:
            setattr(parent, name, new)
        else:
            getattr(parent, name)[index] = new
        line = getattr(child, "lineno", getattr(parent, "lineno", 0))
        shown = ast.unparse(child).split("\n")[0][:60]
        code = compile(ast.fix_missing_locations(tree), str(path), "exec")
        chosen.append((code, line, f"{said}: {shown}"))
    return chosen


def tests_of(room: str, name: str) -> list[list[str]]:
    """Return what is run for a mutant of a module, step by step: its own tests, then its room's."""
    module = f"{room}/{name}.py"
    own = ROOT / "tests" / room / f"test_{name}.py"
    if not own.is_file():
        own = ROOT / "tests" / ELSEWHERE.get(module, f"{room}/test_{name}.py")
    examples = str(ROOT / "analysis" / module)
    others = [path for path in sorted((ROOT / "tests" / room).glob("test_*.py")) if path != own]
    wanted = re.compile(rf"\b{name}\b|\b(?:{'|'.join(defined(Path(module)) or {name})})\b")
    near = {path: len(wanted.findall(path.read_text(encoding="utf-8"))) for path in others}
    chosen = sorted((path for path in others if near[path]), key=lambda path: -near[path])
    first = [str(own)] if own.is_file() else []
    return [
        first,
        ["-o", "python_functions=test_*", examples],
        *([str(path)] for path in chosen[:FILES]),
    ]


def is_found(path: Path, code: CodeType, steps: list[list[str]]) -> str:
    """Run the steps with a mutant in place of its module; return the test that finds it, or ''."""
    for step in filter(None, steps):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.setsid()
            os.close(reading)
            _run(path, code, step, writing)
        os.close(writing)
        said, late = _await(child, reading)
        if late:
            return "not ended in time"
        if said:
            return said
    return ""


def _await(child: int, reading: int) -> tuple[str, bool]:
    """Return what a child says, and whether it had to be ended."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if os.waitpid(child, os.WNOHANG)[0]:
            with os.fdopen(reading, encoding="utf-8") as pipe:
                return pipe.read(), False
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    return "", True


class _First:
    """Keeps the first test that failed."""

    failed = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid} (cannot be loaded)"


def _run(path: Path, code: CodeType, tests: list[str], writing: int) -> None:
    """Run tests with a mutant, say which failed, and end the process."""
    import pytest

    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: Any, name: str) -> CodeType | None:
        return code if Path(loader.path) == path else original(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    first = _First()
    try:
        status = int(pytest.main([*QUIET, *tests], [first]))
    except BaseException as problem:  # a mutant may raise anything, at any time
        status, first.failed = 1, repr(problem)[:80]
    if status not in (0, NOTHING) and not first.failed:
        first.failed = f"pytest ended with {status}"
    os.write(writing, (first.failed if status not in (0, NOTHING) else "").encode())
    os._exit(0)


def modules_of(room: str) -> list[Path]:
    """Return the modules of a room."""
    return sorted((ROOT / "analysis" / room).glob("[!_]*.py"))


def mutate(room: str, each: int, seed: int, names: list[str]) -> list[dict[str, object]]:
    """Try mutants of every module of a room, or of those named."""
    rows: list[dict[str, object]] = []
    for path in modules_of(room):
        if names and path.stem not in names:
            continue
        steps = tests_of(room, path.stem)
        whole = compile(path.read_text(encoding="utf-8"), str(path), "exec")
        if by := is_found(path, whole, steps):
            print(f"{path.name}: {by} fails without any fault, so that nothing can be said.")
            continue
        for code, line, said in drawn(path, each, seed):
            start = time.monotonic()
            module = f"{room}/{path.name}"
            by = is_found(path, code, steps)
            seconds = round(time.monotonic() - start, 1)
            values = (room, module, line, said, "no" if not by else "yes", by, seconds)
            rows.append(dict(zip(COLUMNS, values, strict=True)))
            print(*values[1:6], sep="  ", flush=True)
    return rows


def write(rows: list[dict[str, object]]) -> None:
    """Put rows in place of those of the same modules."""
    kept = []
    if TABLE.is_file():
        with TABLE.open(encoding="utf-8", newline="") as file:
            kept = [
                r for r in csv.DictReader(file) if r["module"] not in {n["module"] for n in rows}
            ]
    every = sorted([*kept, *rows], key=lambda row: (row["room"], row["module"], int(row["line"])))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rooms", nargs="*", help=" ".join(ROOMS))
    parser.add_argument("--modules", nargs="+", default=[], help="only these of a room")
    parser.add_argument("--each", type=int, default=EACH, help="mutants of a module")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    sys.path.insert(0, str(ROOT))
    for name in LOADED:
        importlib.import_module(name)
    for room in options.rooms or ROOMS:
        write(mutate(room, options.each, options.seed, options.modules))


if __name__ == "__main__":
    main()
