"""How many faults, put into the code one by one, the tests find.

    python -m benchmarks.lines ROOM      # which test meets which line, first
    python -m benchmarks.mutation ROOM   # then mutate the modules of a room; adds to mutation.csv

A mutant is the package with one expression or statement turned wrong: a comparison into its
neighbour or its opposite, an operator into another, `and` into `or`, a condition into its negation,
a number into the next one, a truth value into the other, what is returned into nothing, an
assignment or a call left out. Texts of messages, docstrings and annotations are left alone. Of a
room MANY mutants are drawn at random (SEED), every place in its modules with the same chance; a
place is drawn first, then one of its mutants.

A mutant is found when a test of its room, or an example in a docstring, fails or takes far longer
than it should. Only what meets the line runs, the quickest first, up to BUDGET seconds of a
processor; a line that runs as the module is loaded is met by all that meet anything else of it. All
tests of a room are loaded once. A function with a fault is put in place of the right one in a
process split off from there; a fault in what runs as a module is loaded is met by a process that
loads all of it anew. A mutant that changes nothing anyone could see stands in ``mutation_same.csv``
with the reason, was judged by a reader, and counts neither as found nor as missed.
"""

import argparse
import ast
import csv
import functools
import gc
import importlib.machinery
import inspect
import itertools
import json
import math
import os
import random
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from benchmarks.lines import DATA, ROOT, seconds_of, tests_of

HERE = Path(__file__).parent
TABLE = HERE / "mutation.csv"
ROOMS = ("inference", "keywords", "text", "tone", "topicmodels")
SAME = HERE / "mutation_same.csv"
MANY, SEED, BUDGET = 40, 17, 30.0
FEW = 5  # tests of a line
REMEMBERING = type(functools.cache(len))
SLACK = 4  # times the seconds that the tests take without a fault, before one has run away
LOADING = 25.0  # seconds for a process that loads everything anew
PATIENCE = 1_200  # seconds for what waits, and takes no time of a processor
LOADED = ("matplotlib.pyplot", "pandas", "pytest", "scipy.stats", "sklearn.decomposition", "regex")
# Without pytest's own loader of modules named like tests, which would not load a mutant.
QUIET = ("-q", "-p", "no:cacheprovider", "--assert=plain", "-o", "python_functions=test_*")
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


class Mutant(NamedTuple):
    """A module with a fault: its path and code, the line, all lines of that statement, what."""

    path: Path
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


def drawn(room: str, many: int, seed: int) -> list[Mutant]:
    """Return mutants of a room, drawn at random from all places of its modules."""
    sources = {path: path.read_text(encoding="utf-8") for path in modules_of(room)}
    every = [
        (path, place)
        for path, source in sources.items()
        for place in range(len(places(ast.parse(source))))
    ]
    rng = random.Random(f"{seed} {room}")
    chosen = sorted(rng.sample(every, min(many, len(every))))
    return [mutant(path, sources[path], place, rng) for path, place in chosen]


def mutant(path: Path, source: str, place: int, rng: random.Random) -> Mutant:
    """Return one of the mutants at a place of a module."""
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
    return Mutant(path, code, line, lines, f"{said}: {shown}")


# Which tests meet a mutant


class Met:
    """Which tests of a room met which lines, and how long each took (``benchmarks.lines``)."""

    def __init__(self, room: str) -> None:
        import coverage

        self.seconds = json.loads(seconds_of(room).read_text(encoding="utf-8"))
        data = coverage.CoverageData(basename=str(DATA / room))
        data.read()  # now, as what is split off later could not
        self._by = {path: data.contexts_by_lineno(str(path)) for path in modules_of(room)}
        data.close()

    def tests(self, own: Mutant, items: list[str], budget: float) -> list[str]:
        """Return what meets a mutant: what was not there before, then the quickest."""
        by_line = self._by[own.path]
        loading = {line for line, contexts in by_line.items() if "" in contexts}
        wanted = own.lines if not own.lines & loading else set(by_line) - loading
        meeting = {test for line in wanted for test in by_line.get(line, ())}
        new = [test for test in items if test not in self.seconds]
        known = sorted(meeting & set(items), key=lambda test: (self.seconds.get(test, 0.0), test))
        if len(known) < FEW:  # what is made once and kept is seen where it is made first
            every = {test for line in set(by_line) - loading for test in by_line[line]}
            others = every & set(items) - meeting
            known += sorted(others, key=lambda test: (self.seconds.get(test, 0.0), test))
        spent = list(itertools.accumulate(self.seconds.get(test, 0.0) for test in known))
        return new + [test for test, sum_ in zip(known, spent, strict=True) if sum_ <= budget]

    def limit(self, tests: list[str]) -> int:
        """Return the seconds of a processor after which these tests have run away."""
        return math.ceil(LOADING + SLACK * sum(self.seconds.get(test, 0.0) for test in tests))


# A function with a fault, in a process that has loaded all tests


def functions(code: CodeType) -> Iterator[CodeType]:
    """Yield the functions of a module and of its classes, without those within functions."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & inspect.CO_OPTIMIZED:
                yield one
            else:
                yield from functions(one)


def changed(right: CodeType, wrong: CodeType) -> tuple[CodeType, CodeType] | None:
    """Return the one function that differs, or nothing where what is loaded differs."""
    pairs = list(zip(functions(right), functions(wrong), strict=False))
    differ = [(one, other) for one, other in pairs if one != other]
    alike = all(one.co_qualname == other.co_qualname for one, other in pairs)
    return differ[0] if alike and len(differ) == 1 else None


def put_in_place(right: CodeType, wrong: CodeType) -> bool:
    """Let every function that is made of the right code run the wrong one; tell if one was.

    What functions of the package remember is forgotten, as it was made by the right code.
    """
    objects = gc.get_objects()
    for one in objects:
        if isinstance(one, REMEMBERING) and (one.__module__ or "").startswith("analysis"):
            one.cache_clear()
    found = [
        one
        for one in objects
        if isinstance(one, FunctionType)
        and one.__code__.co_filename == right.co_filename
        and one.__code__ == right
    ]
    for one in found:
        one.__code__ = wrong
    return bool(found)


class Warm:
    """A run of pytest that has loaded the tests of a room, and tries mutants instead of them."""

    def __init__(self, mutants: list[Mutant], met: Met, budget: float) -> None:
        self.by: dict[int, tuple[str, float]] = {}
        self.items: list[str] = []
        self._mutants, self._met, self._budget = mutants, met, budget
        self._failed = ""

    def pytest_runtestloop(self, session: Any) -> bool:
        """Try the mutants that can be tried here."""
        by_name = {item.nodeid: item for item in session.items}
        self.items = list(by_name)
        for number, own in enumerate(self._mutants):
            source = own.path.read_text(encoding="utf-8")
            pair = changed(compile(source, str(own.path), "exec"), own.code)
            if pair:
                chosen = self._met.tests(own, self.items, self._budget)
                start = time.monotonic()
                by = self._tried(pair, [by_name[name] for name in chosen], self._met.limit(chosen))
                if by != ELSEWHERE:
                    self.by[number] = by, time.monotonic() - start
                    show(own, *self.by[number])
        return True

    def _tried(self, pair: tuple[CodeType, CodeType], items: list[Any], limit: int) -> str:
        def run() -> str:
            if not put_in_place(*pair):
                return ELSEWHERE
            for item, following in zip(items, [*items[1:], None], strict=False):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self._failed:
                    break
            return self._failed

        return _split(run, limit)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the first that failed."""
        if report.failed and not self._failed:
            self._failed = report.nodeid


ELSEWHERE = "elsewhere"


# A module with a fault, in a process that loads everything


class Cold:
    """What a run of pytest tells that loads the tests with a fault in place."""

    def __init__(self) -> None:
        self.failed = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the first that failed."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        """Keep that a file could not be loaded."""
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid} (cannot be loaded)"


def cold(own: Mutant, tests: list[str], limit: int) -> str:
    """Run tests with a mutant in place of its module; return the one that finds it, or ''."""

    def run() -> str:
        _replace(own.path, own.code)
        plugin = Cold()
        status = _pytest(["-x", *tests], plugin)
        return plugin.failed or ("" if status in ("0", "5") else f"pytest ended with {status}")

    return _split(run, limit) if tests else ""


def _replace(path: Path, code: CodeType) -> None:
    """Let a module be loaded from other code."""
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: Any, name: str) -> CodeType | None:
        return code if Path(loader.path) == path else original(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[assignment, method-assign]


def _pytest(words: list[str], plugin: object) -> str:
    """Run pytest in this process; return its status, or what it raised."""
    import pytest

    with tempfile.TemporaryDirectory() as scratch:
        try:
            return str(int(pytest.main([*QUIET, f"--basetemp={scratch}/tests", *words], [plugin])))
        except BaseException as problem:  # a mutant may raise anything, at any time
            return repr(problem)[:80]


def _split(run: Callable[[], str], limit: int) -> str:
    """Return what a function says in a process of its own, or how that ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        try:
            said = run().encode()
        except BaseException as problem:  # a mutant may raise anything, at any time
            said = repr(problem)[:80].encode()
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


def show(own: Mutant, by: str, seconds: float) -> None:
    """Print what came of a mutant."""
    print(
        own.path.stem,
        own.line,
        own.said,
        by or "-- not found",
        f"{seconds:.1f}",
        sep="  ",
        flush=True,
    )


def mutate(room: str, mutants: list[Mutant], budget: float) -> list[dict[str, object]]:
    """Try mutants of a room; return their rows."""
    met = Met(room)

    def warm() -> str:
        plugin = Warm(mutants, met, budget)
        _pytest(["-s", *tests_of(room)], plugin)
        return json.dumps([plugin.by, plugin.items])

    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
        child = os.fork()
        if not child:
            os.chdir(ROOT)
            Path(file.name).write_text(warm(), encoding="utf-8")
            os._exit(0)
        os.waitpid(child, 0)
        found, items = json.load(file)
    for number, own in enumerate(mutants):
        if str(number) not in found:
            start = time.monotonic()
            chosen = met.tests(own, items, budget)
            by = cold(own, chosen, met.limit(chosen))
            found[str(number)] = by, time.monotonic() - start
            show(own, *found[str(number)])
    rows: list[dict[str, object]] = []
    for number, own in enumerate(mutants):
        by, spent = found[str(number)]
        module = own.path.relative_to(ROOT / "analysis").as_posix()
        values = (room, module, own.line, own.said, "yes" if by else "no", by, round(spent, 1))
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def write(rows: list[dict[str, object]]) -> None:
    """Put rows in place of those of the same room."""
    kept = []
    rooms = {row["room"] for row in rows}
    if TABLE.is_file():
        with TABLE.open(encoding="utf-8", newline="") as file:
            kept = [row for row in csv.DictReader(file) if row["room"] not in rooms]
    every = sorted(
        [*kept, *rows], key=lambda row: (row["room"], row["module"], int(str(row["line"])))
    )
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rooms", nargs="*", help=" ".join(ROOMS))
    parser.add_argument("--many", type=int, default=MANY, help="mutants of a room")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--budget", type=float, default=BUDGET, help="seconds of tests")
    options = parser.parse_args()
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    sys.path.insert(0, str(ROOT))
    for name in LOADED:
        importlib.import_module(name)
    for room in options.rooms or ROOMS:
        write(mutate(room, drawn(room, options.many, options.seed), options.budget))


if __name__ == "__main__":
    main()
