"""Behind every claim on words stand as many lines as it counts, at their places in the files."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.findings import all_results
from analysis.report.evidence import (
    claims_evidence,
    evidence_page,
    sentence_measures,
    write_evidence,
)
from analysis.report.findings import check_claims

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def results(corpus):
    return all_results(corpus)


@pytest.fixture(scope="module")
def findings(results):
    return check_claims(ROOT / "data" / "claims.toml", results)


@pytest.fixture(scope="module")
def lines(findings, results):
    return claims_evidence(findings, results)


def test_there_are_as_many_lines_as_a_claim_counts(findings, results, lines):
    for finding in findings:
        if finding.table not in ("keywords", "phrases", "concepts"):
            continue
        table = results[finding.table].table.set_index("term")
        for row in finding.rows:
            own = lines[(lines["claim"] == finding.id) & (lines["row"] == row)]
            counted = table.loc[row, ["n_target", "n_reference"]].sum()
            assert len(own) == counted, finding.id
    assert len(lines) > 100


def test_a_line_is_at_its_place_in_the_raw_file(lines):
    for line in lines[lines["table"] == "keywords"].itertuples():
        raw = (ROOT / "data" / "raw" / f"{line.document}.txt").read_text(encoding="utf-8")
        assert raw[line.start : line.end].casefold().startswith(line.row[:3])


def test_every_sentence_stands_with_what_was_measured_and_without_its_words(corpus, results):
    table = sentence_measures(corpus, results["topics"])
    assert len(table) == len(corpus.sentences)
    assert table["tokens"].sum() == corpus.sentence_tokens.sum()
    assert set(table["topic"].dropna()) <= set(results["topics"].table["topic"])
    assert "text" not in table
    own = table.loc[table["group"] == "2018", "tone"].mean()
    assert own == pytest.approx(results["tone"].table["mean_target"].iloc[0])


def test_the_page_has_every_claim_and_what_it_rests_on(findings, results, lines, tmp_path):
    page = evidence_page(findings, lines)
    assert page.count("\n## ") == len(findings)
    assert "explorer.html#word=objectives" in page
    write_evidence(findings, results, tmp_path)
    written = pd.read_csv(tmp_path / "evidence.csv")
    assert len(written) == len(lines)
