"""How many faults, put into the code one by one, the tests find.

    python -m benchmarks.mutation ROOM   # mutate the modules of a room; adds to mutation.csv

A mutant is the package with one expression or statement turned wrong: a comparison into its
neighbour or its opposite, an operator into another, `and` into `or`, a condition into its negation,
a number into the next one, a truth value into the other, what is returned into nothing, an
assignment or a call left out. Texts of messages, docstrings and annotations are left alone. Of each
module EACH mutants are drawn at random (SEED); a place is drawn first, then one of its mutants. A
mutant is found when a test fails, or takes more than LIMIT seconds of a processor: of the module's
own tests and examples, and of the FILES test files of its room that name most of what it defines.
These run once without a fault, which tells what meets which line (a line that runs as the module is
loaded is met by all): only that runs later, the quickest first. Each run is a process of its own,
split from one that has loaded the libraries, so that nothing is written.
"""

import argparse
import ast
import csv
import importlib.machinery
import json
import os
import random
import re
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

from benchmarks.lines import ROOT
from tests.test_mirror import ELSEWHERE, defined

HERE = Path(__file__).parent
TABLE = HERE / "mutation.csv"
ROOMS = ("inference", "keywords", "text", "tone", "topicmodels")
EACH, SEED, LIMIT = 3, 17, 120
PATIENCE = 1_200  # seconds for what waits, and takes no time of a processor
LOADED = ("matplotlib.pyplot", "pandas", "pytest", "scipy.stats", "sklearn.decomposition", "regex")
# Without pytest's own loader of modules named like tests, which would not load a mutant.
QUIET = ("-x", "-q", "-p", "no:cacheprovider", "--assert=plain", "-o", "python_functions=test_*")
NOTHING = 5  # pytest's word for no test at all
FILES = 2
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


Known = dict[str, tuple[float, list[int]]]  # seconds of a test, and the lines that it met


class Mutant(NamedTuple):
    """A module with a fault: its code, the line, all lines of that statement, what was done."""

    code: CodeType
    line: int
    lines: set[int]
    said: str


def statement(tree: ast.Module, line: int) -> set[int]:
    """Return the lines of the statement at a line, without those of what it holds."""
    within = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    if not within:
        return {line}
    own = max(within, key=lambda node: node.lineno)
    body = getattr(own, "body", None)
    last = body[0].lineno - 1 if body else own.end_lineno or line
    return set(range(own.lineno, max(last, own.lineno) + 1))


def drawn(path: Path, each: int, seed: int) -> list[Mutant]:
    """Return mutants of a module, drawn at random."""
    source = path.read_text(encoding="utf-8")
    rng = random.Random(f"{seed} {path.relative_to(ROOT).as_posix()}")
    order = list(range(len(places(ast.parse(source)))))
    rng.shuffle(order)
    chosen = []
    for place in order[:each]:
        tree = ast.parse(source)
        parent, name, index, child = places(tree)[place]
        new, said = rng.choice(list(mutants_of(child)))
        line = getattr(child, "lineno", getattr(parent, "lineno", 0))
        lines = statement(tree, line)
        if index is None:
            setattr(parent, name, new)
        else:
            getattr(parent, name)[index] = new
        shown = ast.unparse(child).split("\n")[0][:60]
        code = compile(ast.fix_missing_locations(tree), str(path), "exec")
        chosen.append(Mutant(code, line, lines, f"{said}: {shown}"))
    return chosen


def tests_of(room: str, path: Path) -> list[str]:
    """Return what is run for a mutant of a module: its own tests and examples, and of its room."""
    module = path.relative_to(ROOT / "analysis")
    name = module.stem
    own = ROOT / "tests" / room / f"test_{name}.py"
    if not own.is_file():
        own = ROOT / "tests" / ELSEWHERE.get(str(module), f"{room}/test_{name}.py")
    others = [one for one in sorted((ROOT / "tests" / room).glob("test_*.py")) if one != own]
    wanted = re.compile(rf"\b{name}\b|\b(?:{'|'.join(defined(module)) or name})\b")
    near = {one: len(wanted.findall(one.read_text(encoding="utf-8"))) for one in others}
    chosen = sorted((one for one in others if near[one]), key=lambda one: -near[one])
    return [*([str(own)] if own.is_file() else []), str(path), *map(str, chosen[:FILES])]


class Tests:
    """What a run of tests tells: which failed first, how long each took, which lines it met.

    Parameters
    ----------
    met : lines of the statement with a fault
    known : of an earlier run, by test
    measured : which lines run; without it nothing is learnt
    """

    def __init__(self, met: set[int], known: Known, measured: Any = None) -> None:
        self.failed = ""
        self.seconds: dict[str, float] = {}
        self._met, self._known, self._measured = met, known, measured

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Keep what met the lines, the quickest first."""
        if self._known:
            none: tuple[float, list[int]] = (0.0, [])
            met = [one for one in items if self._met & set(self._known.get(one.nodeid, none)[1])]
            items[:] = sorted(met, key=lambda one: self._known[one.nodeid][0])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Let each test be the context of the lines that it runs, its fixtures included."""
        if self._measured:
            self._measured.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep how long a test took, and the first that failed."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        """Keep that a file could not be loaded."""
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid} (cannot be loaded)"


def is_found(path: Path, mutant: Mutant, tests: list[str], known: Known) -> str:
    """Run tests with a mutant in place of its module; return the one that finds it, or ''."""

    def run() -> str:
        _replace(path, mutant.code)
        plugin = Tests(mutant.lines, known)
        return _ended(tests, plugin)

    return _split(run)


def learnt(path: Path, tests: list[str]) -> tuple[str, Known]:
    """Run tests without a fault; return which fails, and how long each took and what it met."""

    def run() -> str:
        import coverage

        measured = coverage.Coverage(data_file=None, include=[str(path)])
        measured.start()
        plugin = Tests(set(), {}, measured)
        failed = _ended(tests, plugin)
        measured.stop()
        lines: dict[str, list[int]] = {}
        for line, contexts in measured.get_data().contexts_by_lineno(str(path)).items():
            for context in contexts:
                lines.setdefault(context, []).append(line)
        known = {
            test: (seconds, lines.get(test, []) + lines.get("", []))
            for test, seconds in plugin.seconds.items()
        }
        return json.dumps([failed, known])

    said = _split(run)
    try:
        failed, known = json.loads(said)
    except ValueError:
        return said, {}
    return failed, known


def _replace(path: Path, code: CodeType) -> None:
    """Let a module be loaded from other code."""
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: Any, name: str) -> CodeType | None:
        return code if Path(loader.path) == path else original(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


def _ended(tests: list[str], plugin: Tests) -> str:
    """Run tests in this process; return the first that failed, or ''."""
    import pytest

    try:
        status = int(pytest.main([*QUIET, *tests], [plugin]))
    except BaseException as problem:  # a mutant may raise anything, at any time
        return repr(problem)[:80]
    if status in (0, NOTHING):
        return ""
    return plugin.failed or f"pytest ended with {status}"


def _split(run: Callable[[], str]) -> str:
    """Return what a function says in a process of its own, or how that ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        said = run().encode()
        while said:
            said = said[os.write(writing, said) :]
        os._exit(0)
    os.close(writing)
    late = threading.Timer(PATIENCE, os.killpg, (child, signal.SIGKILL))
    late.start()
    with os.fdopen(reading, encoding="utf-8") as pipe:
        answer = pipe.read()
    late.cancel()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return answer


def modules_of(room: str) -> list[Path]:
    """Return the modules of a room."""
    return sorted((ROOT / "analysis" / room).rglob("[!_]*.py"))


def mutate(room: str, path: Path, each: int, seed: int) -> list[dict[str, object]]:
    """Try mutants of a module."""
    rows: list[dict[str, object]] = []
    tests = tests_of(room, path)
    failed, known = learnt(path, tests)
    if failed:
        print(f"{path.name}: {failed} fails without any fault, so that nothing can be said.")
        return rows
    for mutant in drawn(path, each, seed):
        start = time.monotonic()
        by = is_found(path, mutant, tests, known)
        seconds = round(time.monotonic() - start, 1)
        module = path.relative_to(ROOT / "analysis").as_posix()
        values = (room, module, mutant.line, mutant.said, "yes" if by else "no", by, seconds)
        rows.append(dict(zip(COLUMNS, values, strict=True)))
        print(*values[1:], sep="  ", flush=True)
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
    parser.add_argument("--some", type=int, default=100, help="so many modules, drawn at random")
    parser.add_argument("--each", type=int, default=EACH, help="mutants of a module")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    sys.path.insert(0, str(ROOT))
    for name in LOADED:
        importlib.import_module(name)
    for room in options.rooms or ROOMS:
        chosen = [p for p in modules_of(room) if p.stem in (options.modules or [p.stem])]
        many = min(options.some, len(chosen))
        for path in sorted(random.Random(options.seed).sample(chosen, many)):
            write(mutate(room, path, options.each, options.seed))


if __name__ == "__main__":
    main()
