"""What is published: every file is there, and every number can be had again from the texts."""

import csv
import math
import re
import tomllib
from collections import Counter
from hashlib import sha256
from importlib import resources
from pathlib import Path

import nltk.sentiment.vader as engine
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from analysis.description import describe
from analysis.findings import all_results, claim_tables
from analysis.report import latex
from analysis.report.citation import key
from analysis.report.claims import check_claims
from analysis.report.gallery import records_of
from analysis.report.numbering import rank_of
from analysis.report.verification import verify
from analysis.result import about
from analysis.sentences import say
from scripts import update_readme
from tests.helpers import named, tone_scores

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "figures"
RECORDS = {facts["id"]: facts for facts in records_of(FIGURES)}
TOGETHER = set(
    """
    README.md SHA256SUMS explorer.html findings.md references.bib references.csl.json snippets.md
    values.tex
""".split()
)
KINDS = {"csv": b"", "json": b"{", "pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<?xml"}
TARGET, REFERENCE = "2018", "2017"


def read(name: str) -> str:
    return (FIGURES / name).read_text(encoding="utf-8")


def rows(id: str) -> list[dict[str, str]]:
    return list(csv.DictReader(read(f"{id}.csv").splitlines()))


def near(value: float) -> object:
    return pytest.approx(value, rel=2e-5, abs=1e-6)  # CSV keeps six digits


# Files and records


def test_there_are_ten_figures_or_more():
    assert len(RECORDS) >= 10


def test_the_folder_holds_figures_with_all_their_files_and_nothing_else():
    expected = {f"{id}.{kind}" for id in RECORDS for kind in KINDS} | TOGETHER
    expected |= {
        f"{name}.csv" for facts in RECORDS.values() for name in facts.get("companions", ())
    }
    assert {path.name for path in FIGURES.iterdir() if path.is_file()} == expected
    for id in RECORDS:
        for kind, beginning in KINDS.items():
            assert (FIGURES / f"{id}.{kind}").read_bytes().startswith(beginning), (id, kind)


@pytest.mark.parametrize("id", sorted(RECORDS))
def test_a_record_fits_its_table_and_texts(id, corpus):
    facts = RECORDS[id]
    content = (FIGURES / f"{id}.csv").read_bytes()
    assert facts["id"] == id
    assert facts["csv_sha256"] == sha256(content).hexdigest()
    head, *body = csv.reader(content.decode("utf-8").splitlines())
    assert (facts["columns"], facts["rows"]) == (head, len(body))
    assert say("common.guard", about(describe(corpus))) == facts["record"]["design"]
    assert facts["alt"] != facts["caption"]
    assert 30 <= len(facts["alt"]) <= 500
    raw = {year: (ROOT / "data" / "raw" / f"{year}.txt").read_bytes() for year in ("2017", "2018")}
    assert facts["record"]["texts"] == {
        year: sha256(text).hexdigest() for year, text in raw.items()
    }


def test_the_bibliography_has_one_entry_a_figure():
    entries = re.findall(r"@misc\{([\w-]+),(.*?)\n\}\n", read("references.bib"), re.DOTALL)
    assert [id for id, _ in entries] == [key(RECORDS[id]) for id in sorted(RECORDS)]
    for (_, entry), id in zip(entries, sorted(RECORDS), strict=True):
        assert RECORDS[id]["csv_sha256"][:12] in entry


def test_what_is_published_is_what_its_records_say():
    found = verify(ROOT)
    assert found[found["verdict"] != "holds"].to_dict("records") == []


def test_the_gallery_shows_every_figure():
    page = read("README.md")
    shown = re.findall(r'<img src="([\w-]+)\.png"', page)
    assert sorted(shown) == sorted(RECORDS)
    ranks = [rank_of(f"figure-{id}", RECORDS[id].get("chapter", "")) for id in shown]
    assert ranks == sorted(ranks)
    numbers = re.findall(r"\*\*Figure (\d)\.(\d+)\.\*\*", page)
    assert len(numbers) == 12
    assert len(set(numbers)) == len(numbers)


# Findings and their numbers


@pytest.fixture(scope="module")
def findings(corpus):
    return check_claims(ROOT / "data" / "claims.toml", claim_tables(all_results(corpus)))


def test_findings_are_those_of_a_fresh_run(findings):
    lines = [f"- {finding.sentence}\n" for finding in findings if finding.headline]
    assert read("findings.md") == "".join(lines)
    assert lines


def test_values_for_latex_are_those_of_a_fresh_run(findings):
    written = dict(re.findall(r"analysis@(\S+)\\endcsname\{(.*)\}$", read("values.tex"), re.M))
    fresh = {key: latex(value) for finding in findings for key, value in finding.values.items()}
    assert written == fresh


def test_the_readme_tells_the_findings():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"<!-- findings: .*?-->\n(.*?)<!-- end of findings -->", readme, re.DOTALL)
    assert found == [read("findings.md")], "`make` puts figures/findings.md between the marks"


def test_the_readme_tells_where_keywords_err_most():
    nulls = pd.read_csv(update_readme.NULLS)
    said = update_readme.false_alarms(nulls)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"<!-- nulls: .*?-->\n(.*?)\n<!-- end of nulls -->", readme) == [said]
    worst = nulls.loc[nulls["any term"].idxmax()]
    assert f"{worst['texts']}, {worst['target']} + {worst['reference']} texts" in said
    doubled = pd.concat([nulls, nulls.head(1).assign(texts="a kind", **{"any term": 0.5})])
    worse = f"The worst of {len(doubled)} designs is a kind, 1 + 1 texts"
    assert worse in update_readme.false_alarms(doubled)


def test_the_readme_tells_where_keywords_err_most_in_made_corpora():
    made = update_readme.made_corpora()
    said = update_readme.false_alarms_made(made)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"<!-- made: .*?-->\n(.*?)\n<!-- end of made -->", readme) == [said]
    made.loc[made["question"] == "null", "value"] = 0.5
    assert "to 50.0 %, by design" in update_readme.false_alarms_made(made)


# Numbers had again from the text checked by hand, in plain Python

WORD = r"[^\W_]+(?:['’][^\W\d_]+)*"
TOKEN = re.compile(rf"(?:[A-Z]\.){{2,}}(?:-{WORD})*|\d+(?:[.,]\d+)+|{WORD}(?:[-+](?:{WORD}))*")
IS = {"it's", "that's", "what's", "who's", "he's", "she's", "there's", "here's", "let's"}


def sentences(year: str) -> list[str]:
    text = (ROOT / "tests" / "fixtures" / f"{year}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


def words(sentence: str) -> list[str]:
    lower = [token.lower().replace("’", "'") for token in TOKEN.findall(sentence)]
    return [w[:-2] if w.endswith("'s") and w not in IS else w for w in lower]


MANIFEST = tomllib.loads((ROOT / "data" / "corpus.toml").read_text(encoding="utf-8"))
NAMES = tuple(name.lower() for name in MANIFEST["names"])  # each of them one term
SIZES = {year: sum(len(words(s)) for s in sentences(year)) for year in ("2017", "2018")}
COUNTS = {
    year: Counter(w for s in sentences(year) for w in named(words(s), NAMES)) for year in SIZES
}
TERM_TABLES = ["keywords-funnel", "keywords-ranked", "keywords-rates"]


@pytest.mark.parametrize("id", TERM_TABLES)
def test_counts_and_rates_of_keywords(id):
    for row in rows(id):
        n = COUNTS[TARGET][row["term"]], COUNTS[REFERENCE][row["term"]]
        assert (int(row["n_target"]), int(row["n_reference"])) == n, row["term"]
        if "rate_target" in row:
            rates = float(row["rate_target"]), float(row["rate_reference"])
            assert rates[0] == near(1000 * n[0] / SIZES[TARGET])
            assert rates[1] == near(1000 * n[1] / SIZES[REFERENCE])


def test_the_table_of_keywords_leaves_out_function_words_and_numbers_only():
    listed = {row["term"] for row in rows("keywords-funnel")}
    lines = (
        (ROOT / "analysis" / "resources" / "stopwords.txt").read_text(encoding="utf-8").splitlines()
    )
    stop = {word for line in lines if not line.startswith("#") for word in line.split()}
    there = {word for counter in COUNTS.values() for word in counter}
    assert listed == {w for w in there - stop if re.search(r"[^\W\d_]", w)}


def test_log_ratio_and_g2_of_every_term():
    a, b = SIZES[TARGET], SIZES[REFERENCE]
    for row in rows("keywords-funnel"):
        x, y = int(row["n_target"]), int(row["n_reference"])
        extra = (0, 0) if x and y else (a / (a + b), b / (a + b))  # one count shared by length
        expected = math.log2(((x + extra[0]) / a) / ((y + extra[1]) / b))
        assert float(row["log_ratio"]) == near(expected), row["term"]
        table = [[x, y], [a - x, b - y]]
        g2, p = chi2_contingency(table, correction=False, lambda_="log-likelihood")[:2]
        assert float(row["g2"]) == near(g2), row["term"]
        assert float(row["g2_p"]) == near(p), row["term"]


def test_the_interval_holds_the_log_ratio():
    for row in rows("keywords-funnel"):
        low, middle, high = (float(row[key]) for key in ("ci_low", "log_ratio", "ci_high"))
        assert low < middle < high, row["term"]


def test_every_stroke_of_the_dispersion_plot_is_an_occurrence():
    strokes = Counter((row["group"], row["term"]) for row in rows("keywords-dispersion"))
    terms = {term for _, term in strokes}
    expected = {(year, term): COUNTS[year][term] for year in COUNTS for term in terms}
    assert strokes == Counter(expected)


def test_lengths_of_sentences_and_units():
    for year in COUNTS:
        expected = [len(words(sentence)) for sentence in sentences(year)]
        own = [row for row in rows("corpus-sentences") if row["group"] == year]
        assert [int(row["tokens"]) for row in own] == expected
        units = [row for row in rows("corpus-units") if row["group"] == year]
        spans = [(int(u["first_sentence"]), int(u["last_sentence"]) + 1) for u in units]
        assert [int(unit["tokens"]) for unit in units] == [sum(expected[a:b]) for a, b in spans]
        assert [a for span in spans for a in span[:1]] == [0, *(b for _, b in spans[:-1])]
        assert spans[-1][1] == len(expected)


# Tone, by NLTK's analyser on the sentences checked by hand


@pytest.fixture(scope="module")
def scores() -> dict[str, list[float]]:
    analyser = engine.SentimentIntensityAnalyzer.__new__(engine.SentimentIntensityAnalyzer)
    analyser.constants = engine.VaderConstants()
    text = resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_text("utf-8")
    entries = (line.split("\t") for line in text.splitlines() if line.strip())
    analyser.lexicon = {entry[0]: float(entry[1]) for entry in entries}
    return {y: [analyser.polarity_scores(s)["compound"] for s in sentences(y)] for y in COUNTS}


def test_mean_tone_of_both_groups(scores):
    (row,) = (
        row
        for row in rows("tone-contrast")
        if (row["lexicon"], row["masked"], row["calibrated"]) == ("VADER", "False", "False")
    )
    means = {}
    for role, year in (("target", TARGET), ("reference", REFERENCE)):
        own = scores[year]
        means[role] = math.fsum(own) / len(own)
        assert int(row[f"n_{role}"]) == len(own)
        assert float(row[f"mean_{role}"]) == near(means[role])
        assert float(row[f"share_zero_{role}"]) == near(own.count(0) / len(own))
    assert float(row["estimate"]) == near(means["target"] - means["reference"])
    assert float(row["ci_low"]) < float(row["estimate"]) < float(row["ci_high"])


def test_histogram_of_tone(scores):
    for year, own in scores.items():
        table = [row for row in rows("tone-distribution") if row["group"] == year]
        assert sum(int(row["n"]) for row in table) == len(own)
        for row in table:
            low, high = float(row["low"]), float(row["high"])
            if low == high == 0:
                assert int(row["n"]) == own.count(0)
            elif low >= 0:
                assert int(row["n"]) == sum(low < s <= high for s in own), row
            else:
                assert int(row["n"]) == sum(low <= s < high for s in own), row


@pytest.fixture(scope="module")
def tones() -> dict[str, list[float]]:
    """Calibrated tone of the sentences checked by hand."""
    return {year: tone_scores(sentences(year))["tone"].tolist() for year in COUNTS}


def test_the_headline_is_the_difference_of_calibrated_means(tones):
    row = rows("tone-contrast")[0]
    means = {year: math.fsum(own) / len(own) for year, own in tones.items()}
    assert (row["lexicon"], row["masked"], row["calibrated"]) == ("combined", "True", "True")
    assert float(row["mean_target"]) == near(means[TARGET])
    assert float(row["mean_reference"]) == near(means[REFERENCE])
    assert float(row["estimate"]) == near(means[TARGET] - means[REFERENCE])


def test_tone_along_the_texts(tones):
    places = {row["unit"]: row for row in rows("corpus-units")}
    for row in rows("tone-trajectory-units"):
        unit = places[row["unit"]]
        own = tones[row["group"]][int(unit["first_sentence"]) : int(unit["last_sentence"]) + 1]
        assert int(row["n_sentences"]) == len(own)
        assert float(row["tone"]) == near(math.fsum(own) / len(own))


def test_words_behind_the_tone(scores):
    table = rows("tone-shift")
    sizes = [abs(float(row["contribution"])) for row in table]
    assert sizes == sorted(sizes, reverse=True)
    total = math.fsum(float(row["contribution"]) for row in table)
    assert total == pytest.approx(float(rows("tone-contrast")[0]["estimate"]), abs=1e-5)
    text = {year: "\n".join(sentences(year)).lower() for year in COUNTS}
    for row in table:
        given = []
        for role, year in (("target", TARGET), ("reference", REFERENCE)):
            n = int(row[f"n_{role}"])
            assert n <= text[year].count(row["term"]), row["term"]
            assert float(row[f"rate_{role}"]) == near(n / len(scores[year]))
            given.append(n / len(scores[year]) * float(row[f"score_{role}"] or 0))
        assert float(row["contribution"]) == near(given[0] - given[1])


def test_every_sentence_that_names_an_actor_is_there():
    table = {row["actor"]: row for row in rows("tone-actors")}
    listed = Counter((row["actor"], row["group"]) for row in rows("tone-actor-sentences"))
    for actor, row in table.items():
        assert int(row["n_target"]) == listed[actor, TARGET]
        assert int(row["n_reference"]) == listed[actor, REFERENCE]


# Nothing of the sources' wrapping is left

# The name of a cleaning rule, a word of a verdict, and a licence.
NAMES_OF_OURS = {"topics-choice": {"top"}, "tone-contrast": {"cc"}}
CERTAIN = """
    http https www html utm com testimony recommended fellow weiner bahrain bennett
    druzhinin klimentyev sputnik welcomes kaynak irans tehrans wont fmso usip reuters
""".split()


def is_number_or_sum(cell: str) -> bool:
    number, sums = r"-?(?:inf|\d+(?:\.\d+)?(?:e[-+]\d+)?)", r"[0-9a-f]{64}(?:; [0-9a-f]{64})*"
    return bool(re.fullmatch(f"{number}|{sums}", cell))


def plain_words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower()))


def test_no_word_of_navigation_captions_or_links_is_in_a_table():
    """Any word of a raw file that the author's text does not contain is such a word."""
    authors = plain_words(" ".join(s for year in COUNTS for s in sentences(year)))
    raw = [(ROOT / "data" / "raw" / f"{y}.txt").read_text(encoding="utf-8") for y in COUNTS]
    artefacts = plain_words(" ".join(raw)) - authors
    assert set(CERTAIN) <= artefacts
    for id in RECORDS:
        cells = (cell for row in rows(id) for cell in row.values())
        said = plain_words(" ".join(cell for cell in cells if not is_number_or_sum(cell)))
        assert said & artefacts - NAMES_OF_OURS.get(id, set()) == set(), id


# What the pages point to

PAGES = ["README.md", "data/README.md", "CONTRIBUTING.md", "figures/README.md"]


def links(page: str) -> list[str]:
    text = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    return [link.split("#")[0] for link in found if not re.match(r"[a-z]+:|#", link)]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    path = ROOT / page
    missing = [link for link in links(path.read_text("utf-8")) if not (path.parent / link).exists()]
    assert missing == []


def test_the_check_of_links_sees_them():
    page = (
        '[a](b.md#c) ![d](e/f.png) <img src="g.png"> [h](https://x.org) [i](#j)\n```\n[k](l)\n```'
    )
    assert links(page) == ["b.md", "e/f.png", "g.png"]
    assert len(links((ROOT / "README.md").read_text("utf-8"))) > 8


def test_the_tree_in_the_readme_names_folders_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = re.search(r"```\n(data/.*?)```", readme, re.DOTALL)
    assert tree
    parent, named = ROOT, []
    for line in tree[1].splitlines():
        if found := re.match(r"( *)([\w.-]+)/(?:\s|$)", line):
            named.append((parent if found[1] else ROOT) / found[2])
            parent = parent if found[1] else named[-1]
    assert len(named) > 8
    assert [str(path.relative_to(ROOT)) for path in named if not path.is_dir()] == []
    rooms = (ROOT / "analysis").iterdir()
    stages = {room.name for room in rooms if room.is_dir() and room.name != "__pycache__"}
    assert stages == {path.name for path in named if path.parent.name == "analysis"}
    assert (ROOT / "analysis" / "cli.py").is_file()
