"""Rebuild all notebooks and figures under many settings, and compare them byte for byte.

    python scripts/verify.py [PYTHON ...]

The first run takes this machine as it is and is compared with what git holds; the others take what
other processors, systems and readers would have, and are compared with the first. A further Python
is given an environment of its own from the lock file. The outcome is written to ``VERIFY.md``.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "VERIFY.md"
FOLDERS = ("notebooks", "figures", "tables")
OWN = ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES", "GLIBC_TUNABLES", "PYTHONPATH")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
BASELINE = "X86_V3,X86_V4,AVX512_ICL"  # what NumPy 2.4 can be told to do without
PLAIN_LIBRARY = "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F"

X86 = platform.machine().lower() in {"x86_64", "amd64"}
EXACT = X86 and sys.platform == "linux"  # where images are the same, byte for byte


@dataclass(frozen=True)
class Setting:
    """What a run is given that others are not; of ``needs``, a flag of the processor."""

    name: str
    variables: dict[str, str] = field(default_factory=dict)
    needs: str = ""
    elsewhere: bool = False
    python: str = ""


def threads(count: int) -> dict[str, str]:
    """Return the variables that give linear algebra so many threads."""
    return dict.fromkeys(THREADS, str(count))


READER = {"PYTHONHASHSEED": "7", "TZ": "Asia/Kolkata", "LC_ALL": "C", "LANG": "C"}
KERNELS = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "SkylakeX")
SETTINGS = (
    Setting("this machine as it is"),
    Setting("NumPy without AVX-512", {"NPY_DISABLE_CPU_FEATURES": "X86_V4,AVX512_ICL"}),
    Setting("NumPy at its baseline", {"NPY_DISABLE_CPU_FEATURES": BASELINE}),
    *(
        Setting(
            f"OpenBLAS for {kernel}",
            {"OPENBLAS_CORETYPE": kernel},
            needs="avx512f" if kernel == "SkylakeX" else "avx2" if kernel == "Haswell" else "",
        )
        for kernel in KERNELS
    ),
    Setting("the C library without AVX2 and FMA", {"GLIBC_TUNABLES": PLAIN_LIBRARY}),
    Setting("two threads", threads(2)),
    Setting("another hash seed, locale, time zone and folder", READER, elsewhere=True),
    Setting(
        "all of it on the oldest processor",
        {
            "OPENBLAS_CORETYPE": "Prescott",
            "NPY_DISABLE_CPU_FEATURES": BASELINE,
            "GLIBC_TUNABLES": PLAIN_LIBRARY,
            **threads(2),
            **READER,
        },
        elsewhere=True,
    ),
)
UNLIKE = SETTINGS[-1].variables if EXACT else READER  # what the tests take, which catches most


def available(setting: Setting) -> bool:
    """Tell whether this processor can do what a setting asks for."""
    if not setting.needs:
        return True
    facts = Path("/proc/cpuinfo")
    return facts.is_file() and setting.needs in facts.read_text(encoding="utf-8").split()


def environment(variables: dict[str, str]) -> dict[str, str]:
    """Return the environment with these variables, and with none that would hide what they do."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    return kept | variables


def copied_files() -> list[str]:
    """Return what git tracks, and what is new and not ignored: the repository without .venv."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def copy_without_figures(copy: Path) -> None:
    """Copy the repository, so that every figure must be made anew."""
    for name in copied_files():
        if not name.startswith(("figures/", "tables/")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)


def built(root: Path) -> dict[str, bytes]:
    """Return the notebooks and figures of a copy, by name."""
    files = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    kept = (path for path in files if ".ipynb_checkpoints" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in kept}


def committed() -> dict[str, bytes]:
    """Return the notebooks and figures that git holds, staged or committed; no run changes it."""
    command = ["git", "ls-files", "-z", "--stage", "--", *FOLDERS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    held = {}
    for line in filter(None, done.stdout.split("\0")):
        facts, _, name = line.partition("\t")
        held[name] = facts.split()[1]
    asked = "".join(f"{blob}\n" for blob in held.values())
    command = ["git", "cat-file", "--batch"]
    out = subprocess.run(command, cwd=ROOT, input=asked.encode(), capture_output=True, check=True)
    return dict(zip(held, _contents(out.stdout), strict=True))


def _contents(answer: bytes) -> Iterator[bytes]:
    """Yield the contents in git's answer: a line that ends with the size, then so many bytes."""
    place = 0
    while place < len(answer):
        head = answer.index(b"\n", place)
        size = int(answer[place:head].split()[-1])
        yield answer[head + 1 : head + 1 + size]
        place = head + size + 2


def rebuild(setting: Setting, copy: Path, python: str) -> None:
    """Execute all notebooks of a copy under a setting."""
    copy_without_figures(copy)
    command = [python, str(copy / "scripts" / "run_notebooks.py")]
    where = copy.parent if setting.elsewhere else copy
    variables = environment(setting.variables) | {"PYTHONPATH": str(copy)}
    done = subprocess.run(command, cwd=where, env=variables, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{setting.name}: {done.stdout}{done.stderr}")


def made_environment(python: str, folder: Path) -> str:
    """Return the Python of a new environment that holds what the lock says."""
    subprocess.run([python, "-m", "venv", folder], check=True)
    own = str(folder / "bin" / "python")
    install = [own, "-m", "pip", "install", "-qq", "--no-input"]
    lock = ["--require-hashes", "-r", str(ROOT / "requirements.txt")]
    subprocess.run([*install, *lock], check=True)
    return own


def differing(old: dict[str, bytes], new: dict[str, bytes]) -> list[str]:
    """Name the files that are there once only, or differ."""
    return sorted(name for name in old | new if old.get(name) != new.get(name))


def main(pythons: list[str]) -> None:
    """Run every setting that this machine can bear, and write the table."""
    further = tuple(Setting(f"another Python: {name}", python=name) for name in pythons)
    first: dict[str, bytes] = {}
    rows, failed = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for number, setting in enumerate(SETTINGS + further):
            if not available(setting):
                rows.append((setting.name, "–", "–", "this processor cannot"))
                continue
            start, copy = time.perf_counter(), Path(scratch) / str(number) / "copy"
            python = sys.executable
            name = setting.name
            if setting.python:
                python = made_environment(setting.python, Path(scratch) / f"venv{number}")
                asked = [python, "-c", "import platform; print(platform.python_version())"]
                name = f"Python {subprocess.check_output(asked, text=True).strip()}"
            rebuild(setting, copy, python)
            new = built(copy)
            against = "git's copy" if not number else "the first run"
            found = differing(committed() if not number else first, new)
            first = first or new
            failed += bool(found)
            rows.append((name, str(len(new)), str(len(found)), against))
            seconds = time.perf_counter() - start
            told = f"{len(new)} files, {len(found)} differ from {against} ({seconds:.0f} s)"
            print(f"{name}: {told}", flush=True)
            for other in found[:10]:
                print(f"  {other}", flush=True)
            shutil.rmtree(copy)
            write_report(rows)
    if failed:
        raise SystemExit(f"{failed} of {len(rows)} settings gave other bytes.")


def write_report(rows: list[tuple[str, str, str, str]]) -> None:
    """Write the outcome so far as a table, and which commit it is of."""
    command = ["git", "rev-parse", "--short=10", "HEAD"]
    commit = subprocess.check_output(command, cwd=ROOT, text=True).strip()
    lines = [
        "# The same bytes under every setting",
        "",
        "Written by `make verify`: all notebooks and figures were rebuilt under each setting, in",
        "a copy without figures, and compared byte for byte, the first run with what git holds",
        f"and the others with the first. Of commit {commit}, on {platform.system()}, "
        f"{platform.machine()}; Python {platform.python_version()} where no other is named.",
        "",
        "| setting | files | differing | compared with |",
        "|---|---:|---:|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
