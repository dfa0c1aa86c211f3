"""The methods page is made from what runs: registry, signatures, docstrings, benchmarks."""

import inspect
import re
from pathlib import Path

import analysis
from analysis.inference.counts_test import count_test
from analysis.keywords import keyness
from analysis.keywords.registry import MEASURES
from analysis.report.methods import constants, methods
from analysis.sentences import say
from analysis.tone import sentiment


def test_every_measure_and_its_formula_is_there():
    page = methods()
    for measure in MEASURES:
        assert f"| `{measure.name}` | {measure.heading} |" in page
        assert measure.formula.replace("|", "\\|") in page


def test_defaults_are_those_of_the_signatures():
    page = methods()
    defaults = {
        name: own.default
        for name, own in inspect.signature(keyness).parameters.items()
        if own.default is not inspect.Parameter.empty
    }
    (line,) = re.findall(r"^#### `keyness\((.*)\)`$", page, re.MULTILINE)
    for name, default in defaults.items():
        assert f"{name}={default!r}" in line
    assert (count_test.__doc__ or "").split(".")[0].split("``")[0][:40] in page


def test_validation_and_limits_are_there_and_the_version_is_named():
    page = methods()
    for heading in ("## Validation", "## What is not claimed", "### Model card: calibrated tone"):
        assert re.search(f"^{heading}", page, re.MULTILINE), heading
    assert "family-wise 5 %" in page
    assert f"version {analysis.__version__}" in page
    assert "Two articles cannot speak for two years" in page


def test_examples_of_files_keep_their_lines():
    (example,) = [own for own in re.findall(r"```text\n(.*?)\n```", methods(), re.S)
                  if "[[concept]]" in own]  # fmt: skip
    assert example.splitlines()[:2] == ["[[concept]]", 'name = "discord"']
    assert "[concept.words]" in example.splitlines()


def test_parts_of_a_module_are_folded():
    page = methods()
    assert page.count("<details>") == page.count("</details>") > 20
    assert "COMMIT of a release" in page


def test_constants_come_with_their_reasons():
    source = "A = 1  # of every test\nB = 2\nC: int = 3  # fmt: skip\n_D = (4, 5)  # from a to b\n"
    found = [(own.name, own.value, own.reason) for own in constants(source)]
    assert found == [("A", "1", "of every test"), ("D", "(4, 5)", "from a to b")]


def test_no_markup_of_docstrings_is_left():
    page = methods()
    assert "``" not in re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    assert ">>>" not in page


def test_tables_and_emphasis_of_docstrings_stay_what_they_are():
    page = methods()
    rows = re.findall(r"^\| (?:words, phrases|tone, actors|own ratings).*$", page, re.MULTILINE)
    assert [row.count(" | ") for row in rows] == [3, 3, 3]
    assert "A topic _leads_ a unit" in page
    assert not re.search(r"^\\\|.*\\\|$", page, re.MULTILINE)


def test_signatures_name_no_place_of_this_machine_nor_of_its_memory():
    """Two builds would otherwise differ, and a page would show where it was written."""
    page = methods()
    assert not re.search(r"0x[0-9a-f]{6}|PosixPath|WindowsPath", page)
    assert str(Path(__file__).resolve().parents[2]) not in page
    assert "#### `calibration_checks(path=tone_checks.csv)`" in page
    assert "listed(measures=…)" in page


def test_the_paragraph_says_of_p_values_what_the_tests_do(corpus):
    """Interval and p of tone are of one statistic: p < .05 just where 0 lies outside."""
    said = " ".join(say("methods.paragraph", {"version": "1"}).split())
    assert "intervals and p-values by Welch's statistic over units" in said
    table = sentiment(corpus).table.dropna(subset="p_value")
    out = (table["ci_low"] > 0) | (table["ci_high"] < 0)
    assert (out == (table["p_value"] < 0.05)).all()
