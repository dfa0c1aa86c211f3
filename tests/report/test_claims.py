"""Claims: sentences that stand only while the results bear them out."""

import json
import re
import string
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.findings import all_results, claim_tables
from analysis.report.claims import ClaimError, check_claims
from analysis.report.findings import headline, quote, write_findings

CLAIMS = Path(__file__).resolve().parents[2] / "data" / "claims.toml"
TERMS = pd.DataFrame(
    {
        "n_target": [6, 1, 3],
        "n_reference": [0, 12, 4],
        "log_ratio": [5.14, -2.037, 0.5],
        "p_family": [0.0102, 0.0009, 1.0],
    },
    index=["objectives", "u.s.", "united"],
)
TABLES = {"keywords": TERMS, "tone": pd.DataFrame({"mean": [0.25]}, index=["VADER"])}
CLAIM = {
    "id": "first",
    "sentence": "It stands {n_target} times.",
    "table": "keywords",
    "row": "objectives",
    "holds": [["n_target", ">", 5]],
}


@pytest.fixture
def check(tmp_path):
    """Check claims that differ from ``CLAIM`` as given."""

    def run(*changes):
        path = tmp_path / "claims.toml"
        path.write_text("\n".join(_toml(CLAIM | change) for change in changes), encoding="utf-8")
        return check_claims(path, TABLES)

    return run


@pytest.fixture
def home(tmp_path):
    """Return a folder that holds the record of one figure, as the gallery wants."""
    facts = {
        "id": "one",
        "title": "One figure",
        "alt": "A line.",
        "caption": "A line.",
        "size_mm": [90, 60],
        "csv_sha256": "0",
    }
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "one.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def analyses(corpus):
    return all_results(corpus)


@pytest.fixture(scope="module")
def results(analyses):
    return claim_tables(analyses)


def _toml(claim):
    words = {True: "true", False: "false"}
    lines = [
        f"{key} = {words[value] if isinstance(value, bool) else repr(value)}"
        for key, value in claim.items()
    ]
    return "\n".join(["[[claim]]", *lines])


# Claims that hold


def test_a_claim_that_holds_gives_its_sentence_and_its_numbers(check):
    (finding,) = check({"headline": True})
    assert finding.id == "first"
    assert finding.sentence == "It stands 6 times."
    assert finding.values == {"keywords.objectives.n_target": "6"}
    assert finding.headline is True


def test_claims_keep_their_order_and_lead_only_when_told(check):
    findings = check({"id": "b"}, {"id": "a", "headline": False}, {"id": "c", "headline": True})
    assert [finding.id for finding in findings] == ["b", "a", "c"]
    assert [finding.headline for finding in findings] == [False, False, True]


@pytest.mark.parametrize(
    ("condition", "true"),
    [
        (["n_target", ">", 5], True),
        (["n_target", ">", 6], False),
        (["n_target", ">=", 6], True),
        (["n_target", ">=", 7], False),
        (["n_target", "<", 7], True),
        (["n_target", "<", 6], False),
        (["n_target", "<=", 6], True),
        (["n_target", "<=", 5], False),
        (["n_reference", "==", 0], True),
        (["n_reference", "==", 1], False),
        (["n_target", ">", "n_reference"], True),
        (["n_reference", ">", "n_target"], False),
    ],
)
def test_every_sign_against_a_number_or_a_column(condition, true, check):
    if true:
        assert len(check({"holds": [condition]})) == 1
    else:
        with pytest.raises(ClaimError, match=" ".join(map(str, condition))):
            check({"holds": [condition]})


def test_a_list_of_rows_stands_for_their_sum(check):
    both = {"row": ["u.s.", "united"], "sentence": "{n_target} and {n_reference}"}
    (finding,) = check(both | {"holds": [["n_target", "==", 4], ["n_reference", "==", 16]]})
    assert finding.sentence == "4 and 16"
    assert finding.values["keywords.u.s.+united.n_reference"] == "16"


@pytest.mark.parametrize(
    ("row", "sentence", "said"),
    [
        ("objectives", "{log_ratio:.1f}", "5.1"),
        ("u.s.", "{log_ratio:.1f}", "\N{MINUS SIGN}2.0"),
        ("u.s.", "{log_ratio:.3f}", "\N{MINUS SIGN}2.037"),
        ("objectives", "{p_family:p}", "p = .010"),
        ("u.s.", "{p_family:p}", "p < .001"),
        ("united", "{p_family:p}", "p > .999"),
        ("u.s.", "{n_reference:,} of {n_target:03d}", "12 of 001"),
    ],
)
def test_numbers_are_printed_as_papers_print_them(row, sentence, said, check):
    (finding,) = check({"row": row, "sentence": sentence, "holds": []})
    assert finding.sentence == said


def test_only_the_numbers_in_the_sentence_are_handed_on(check):
    (finding,) = check({"sentence": "{log_ratio:.2f}, {p_family:p}"})
    assert finding.values == {
        "keywords.objectives.log_ratio": "5.14",
        "keywords.objectives.p_family": "p = .010",
    }


# Claims that break


def test_a_broken_claim_is_named_with_its_column_and_what_was_found(check):
    with pytest.raises(ClaimError) as caught:
        check({"holds": [["n_target", "<", 3], ["n_reference", "==", 0], ["log_ratio", "<", 0]]})
    message = str(caught.value)
    assert "2 condition(s) in claims.toml" in message
    assert "first: n_target < 3, but it is 6" in message
    assert "first: log_ratio < 0, but it is 5.14" in message
    assert "n_reference" not in message
    assert "Rewrite these sentences" in message


def test_every_broken_claim_is_named_at_once(check):
    wrong = {"holds": [["n_target", "==", 5]]}
    with pytest.raises(ClaimError, match=r"2 condition.*one: .*three: "):
        check(wrong | {"id": "one"}, {"id": "two"}, wrong | {"id": "three"})


def test_an_undefined_number_bears_nothing_out(tmp_path):
    table = pd.DataFrame({"x": [float("nan")]}, index=["a"])
    for sign in ("<", "<=", "==", ">=", ">"):
        claim = CLAIM | {"table": "t", "row": "a", "sentence": "", "holds": [["x", sign, 0]]}
        (tmp_path / "c.toml").write_text(_toml(claim))
        with pytest.raises(ClaimError, match="but it is nan"):
            check_claims(tmp_path / "c.toml", {"t": table})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"table": "words"}, "'first' names the table 'words'; choose one of keywords, tone"),
        ({"row": "syria"}, "'first' rests on row 'syria' of table 'keywords', which is not there"),
        ({"row": ["u.s.", "us"]}, "rests on row ['u.s.', 'us'] of table 'keywords'"),
        (
            {"holds": [["n_traget", ">", 0]]},
            "there is no fact 'n_traget' here; the facts are n_target",
        ),
        ({"holds": [["n_target", "=", 6]]}, "the signs are < <= == != >= >"),
    ],
)
def test_what_is_not_there_is_refused_with_the_choices(change, message, check):
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        check(change)
    assert not isinstance(caught.value, ClaimError)


# The claims on the two articles


def test_the_claims_of_this_package_hold(results):
    declared = tomllib.loads(CLAIMS.read_text(encoding="utf-8"))["claim"]
    findings = check_claims(CLAIMS, results)
    assert [finding.id for finding in findings] == [claim["id"] for claim in declared]
    assert len({claim["id"] for claim in declared}) == len(declared)
    assert any(finding.headline for finding in findings)
    for finding in findings:
        assert "{" not in finding.sentence
        assert "nan" not in finding.sentence
        assert not re.search(r"(?<!\w)-\d", finding.sentence)


def test_every_claim_is_tied_to_a_condition_and_every_place_is_filled(results):
    declared = tomllib.loads(CLAIMS.read_text(encoding="utf-8"))["claim"]
    for claim, finding in zip(declared, check_claims(CLAIMS, results), strict=True):
        assert claim["holds"]
        places = {name for _, name, _, _ in string.Formatter().parse(claim["sentence"]) if name}
        assert {key.rsplit(".", 1)[1] for key in finding.values} == places
        assert all(text in finding.sentence for text in finding.values.values())


def test_a_number_is_printed_alike_wherever_it_stands(results):
    printed: dict[str, str] = {}
    for finding in check_claims(CLAIMS, results):
        for key, text in finding.values.items():
            assert printed.setdefault(key, text) == text


def test_a_changed_result_breaks_the_build(results):
    changed = results["overall"].assign(established=-1)
    with pytest.raises(ClaimError, match=r": established == \d+, but it is -1"):
        check_claims(CLAIMS, results | {"overall": changed})


# Written down


# What words mean, beside the numbers: a sentence that says so must rest on such a condition


def on(*names: str, sign: str = "<", bound: object = None):
    """Return a check that a claim has a condition on one of these columns."""

    def rests(holds: list[list[object]]) -> bool:
        return any(
            any(re.fullmatch(name, str(c[0])) for name in names)
            and str(c[1]).startswith(sign)
            and bound in (None, c[2])
            for c in holds
        )

    return rests


ANY = r".*"
MEANINGS = [
    (
        r"more than (the unevenness|bursts)",
        on("p_within", "p_within_family", "within", "stricter", sign=""),
    ),
    ("bursts within the articles would not explain", on("p_within")),
    ("neither bursts nor a common source would explain", on("p_within")),
    ("neither bursts nor a common source would explain", on("p_value")),
    ("among all (lists|concepts) they may|through the list", on("p_within_family", sign=">")),
    ("than two texts of one source may", on("p_family", "p_value", sign=">")),
    ("texts of one source may in either case", on("p_value", sign=">")),
    ("two texts of one source could not", on("established", sign="==", bound=0)),
    (r"no difference is shown|shows nothing|too seldom", on("p_.*|fisher_p", sign=">")),
    ("none of them is a difference", on("actors_shown", sign="==", bound=0)),
    ("never", on("n_.*", sign="==", bound=0)),
    ("the only one of", on(ANY, sign="==", bound=1)),
    (r"\bnone\b|no finding", on(ANY, sign="==", bound=0)),
    ("nearly the same rate", on("log_ratio", sign="<")),
    ("nearly the same rate", on("log_ratio", sign=">")),
    ("more frequent", on("rate_target", sign=">")),
    ("significant by G²", on("g2_p")),
    ("not by Fisher", on("fisher_p", sign=">")),
    ("is not shown", on("ci_low")),
    ("is not shown", on("ci_high", sign=">")),
    ("with an interval from", on("ci_low")),
    ("with an interval from", on("ci_high", sign=">")),
    ("no more than a text may show against itself", on("log_ratio", bound="self_reference")),
    ("stricter with all", on("stricter", sign="==", bound="alone_within")),
    ("could be expected to be found by", on("findable_target", sign=">", bound=0)),
    ("none if 2017 did", on("findable_reference", sign="==", bound=0)),
    ("No true difference", on("least_topic_floor", sign=">")),
    ("would have had to be", on("estimate", bound="floor")),
    ("times as long as", on("longer", sign=">")),
    (r"{share:percent}", on("share", sign=">")),
    (r"{share:percent}", on("share", sign="<")),
    ("its other words stand", on("n_target", sign="==")),
    ("nearly as positive", on("mean_target", sign=">")),
    ("nearly as negative", on("mean_reference", sign="<")),
    ("with names masked", on("estimate", sign="<")),
    ("more negative than the sentences without", on("rest_high_target", bound=0)),
    (r"\(less in 2018", on("widest_topic", sign="<")),
    ("refitted to resampled text", on("widest_refit_low", bound=0)),
    ("refitted to resampled text", on("widest_refit_high", sign=">", bound=0)),
    (r"stands? {rate_\w+:.1f} times per thousand", on("p_.*", sign="")),
    ("counted as one term", on("p_within_family", sign=">")),
    ("upwards", on("ci_low", sign=">")),
]


@pytest.mark.parametrize("row", range(len(MEANINGS)), ids=lambda row: f"{row}-{MEANINGS[row][0]}")
def test_a_claim_rests_on_what_its_words_mean(row):
    words, rests = MEANINGS[row]
    claims = tomllib.loads(CLAIMS.read_text(encoding="utf-8"))["claim"]
    saying = [claim for claim in claims if re.search(words, claim["sentence"])]
    assert saying, "no claim says this: strike the row"
    assert [claim["id"] for claim in saying if not rests(claim["holds"])] == []
    assert not rests([["rate_reference", ">", 3]])


def test_every_claim_says_something_whose_meaning_is_checked():
    claims = tomllib.loads(CLAIMS.read_text(encoding="utf-8"))["claim"]
    bare = [c["id"] for c in claims if not any(re.search(w, c["sentence"]) for w, _ in MEANINGS)]
    assert bare == []


def test_claims_compare_rates_and_no_counts():
    for claim in tomllib.loads(CLAIMS.read_text(encoding="utf-8"))["claim"]:
        both = {"{n_target}", "{n_reference}"} <= set(re.findall(r"{\w+}", claim["sentence"]))
        assert not both or "{rate_target" in claim["sentence"], claim["id"]


def test_saying_claims_in_the_order_asked_for(check):
    findings = check({"id": "a", "sentence": "One."}, {"id": "b", "sentence": "Two."})
    assert quote(findings, "b", "a").text == "Two. One."
    assert quote(findings, "a")._repr_markdown_() == "One."
    with pytest.raises(InputError, match="No claim 'c'; there are a, b"):
        quote(findings, "a", "c")


def test_findings_are_written_for_readers_and_for_latex(check, home, analyses):
    findings = check(
        {"id": "a", "headline": True},
        {"id": "b", "sentence": "Log ratio {log_ratio:.1f}.", "row": "u.s.", "holds": []},
        {"id": "c", "sentence": "Mean {mean:.2f}.", "table": "tone", "row": "VADER", "holds": [],
         "headline": True},
    )  # fmt: skip
    said = write_findings(findings, analyses, home)
    assert "3 claims hold" in said.text
    assert "values.tex with 3 numbers" in said.text
    written = (home / "findings.md").read_text(encoding="utf-8")
    assert written == "- It stands 6 times.\n- Mean 0.25.\n"
    assert "objectives" in (home / "explorer.html").read_text(encoding="utf-8")
    values = (home / "values.tex").read_text(encoding="utf-8")
    assert r"analysis@keywords.objectives.n_target\endcsname{6}" in values
    assert r"analysis@keywords.u.s..log_ratio\endcsname{\ensuremath{-}2.0}" in values
    assert r"analysis@tone.VADER.mean\endcsname{0.25}" in values


def test_the_headline_repeats_the_findings_and_says_where_the_figures_are(check, home, analyses):
    with pytest.raises(InputError, match=r"findings\.md is not there: run `make` first"):
        headline(home)
    write_findings(check({"headline": True}), analyses, home)
    for name in ("one.png", "two.png", "two.svg"):
        (home / name).touch()
    said = headline(home)
    assert "- It stands 6 times.\n" in said
    assert f"2 figures, with captions and data: {home / 'README.md'}" in said
