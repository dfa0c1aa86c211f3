"""The recipes of CONTRIBUTING.md, followed to the letter with toys."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from analysis import sentences
from analysis.keywords import keyness, measures
from analysis.keywords.registry import MEASURES, Measure, described, listed
from analysis.report import canvas, publish, style
from analysis.report.claims import ClaimError, check_claims
from analysis.report.keywords import measures_table
from analysis.result import Outcome, analysis, unit_name
from analysis.sentences import book, prose, say
from analysis.text import cut_units
from analysis.tone import sentiment, word_list
from analysis.tone.scoring import Scorer

ROOT = sentences.FOLDER.parents[2]


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Add entries to the sentences of one subject, as an editor would."""

    def run(text, subject):
        for file in sentences.FOLDER.glob("*.toml"):
            (tmp_path / file.name).write_text(file.read_text("utf-8"), encoding="utf-8")
        own = tmp_path / f"{subject}.toml"
        own.write_text(own.read_text("utf-8") + text, encoding="utf-8")
        monkeypatch.setattr(sentences, "FOLDER", tmp_path)
        book.cache_clear()

    yield run
    book.cache_clear()


def test_a_measure_takes_one_function_and_one_entry(corpus, monkeypatch):
    def doubled(a, b, n1, n2):
        return 2 * np.log2((a + 0.5) / n1) - 2 * np.log2((b + 0.5) / n2)

    toy = Measure("doubled", "twice the log ratio", "2 log2(r1 / r2)", doubled, "Nobody 2000",
                  effect=True)  # fmt: skip
    for module in ("analysis.keywords.registry", "analysis.report.keywords"):
        monkeypatch.setattr(f"{module}.MEASURES", (*MEASURES, toy))
    terms = keyness(corpus, draws=99)
    family = measures(terms)
    row = family.table.set_index("term").loc["relationship"]
    n1, n2 = (size["tokens"] for size in terms.sizes().values())
    assert row["doubled"] == doubled(11, 5, n1, n2)
    assert row["doubled_low"] < row["doubled"] < row["doubled_high"]
    assert row["doubled_self_low"] < 0 < row["doubled_self_high"]
    shown = measures_table(family, "relationship").cells[-1]
    assert shown[0] == "twice the log ratio"
    assert shown[2].startswith("[")
    assert shown[4:] == ("2 log2(r1 / r2)", "Nobody 2000")
    assert "``doubled``: twice the log ratio" in described((toy,))
    assert "| `doubled` | twice the log ratio |" in listed((toy,))


def test_every_measure_is_described_where_it_is_called_and_in_the_readme():
    for measure in MEASURES:
        assert f"``{measure.name}``: {measure.heading}" in measures.__doc__
        assert measure.function.__doc__
    assert listed() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_an_analysis_and_a_figure_of_it(corpus, write, tmp_path):
    @analysis("questions")
    def questions(corpus, *, mark="?", unit_tokens=100):
        units = cut_units(corpus, unit_tokens=unit_tokens)
        asked = corpus.sentences.assign(
            asked=corpus.sentences["text"].str.contains(mark, regex=False)
        )
        table = asked.groupby("group", sort=False, as_index=False)["asked"].sum()
        return Outcome(table, units, unit_name(corpus, unit_tokens), "counting")

    @style()
    def plot_questions(table, ax):
        ax.barh(table["group"], table["asked"])
        return ax

    def questions_figure(asked):
        figure, ax = canvas()
        plot_questions(asked.table, ax)
        facts = {"all": int(asked.table["asked"].sum())}
        return publish(
            figure, asked, id="corpus-questions", table=asked.table, facts=facts, folder=tmp_path
        )

    write(
        """
        [[questions.caption]]
        text = "Sentences that ask. {@common.ending}"
        [[questions.alt]]
        text = "Bars of {all} {all:question|questions} in {target} and {reference}."
        """,
        "corpus",
    )
    drawn = questions_figure(questions(corpus, unit_tokens=60))
    assert drawn.caption.startswith("Sentences that ask. 2018 (target): ")
    assert "units are runs of whole paragraphs of about 60 words." in drawn.caption
    record = json.loads((tmp_path / "corpus-questions.json").read_text("utf-8"))["record"]
    assert record["analyses"][0]["settings"] == {"mark": "?", "unit_tokens": 60}
    assert set(record["texts"]) == {"2017", "2018"}


def test_a_sentence(write):
    write(
        """
        [[mood]]
        when = [["questions", "==", 0]]
        text = "Nobody asks in {group}."
        [[mood]]
        text = "{questions:,} {questions:sentence asks|sentences ask} in {group}."
        """,
        "corpus",
    )
    assert say("corpus.mood", {"questions": 0, "group": "a_b"}) == "Nobody asks in a_b."
    assert (
        prose("corpus.mood", {"questions": 2, "group": "a_b"}).text == r"2 sentences ask in a\_b."
    )


def test_a_claim(tmp_path):
    table = pd.DataFrame({"asked": [3, 4]}, index=["2018", "2017"])
    text = """
        [[claim]]
        id = "asks-more"
        sentence = "2018 asks {asked} {asked:time|times}."
        table = "questions"
        row = "2018"
        holds = [["asked", ">", 2]]
    """
    (tmp_path / "claims.toml").write_text(text, encoding="utf-8")
    (found,) = check_claims(tmp_path / "claims.toml", {"questions": table})
    assert found.sentence == "2018 asks 3 times."
    with pytest.raises(ClaimError, match="asked > 2, but it is 1"):
        check_claims(tmp_path / "claims.toml", {"questions": table - 2})


def test_a_scorer(corpus, tmp_path):
    (tmp_path / "mine.txt").write_text("# mine\nword\tvalence\ngood\t1\nwar\t-1\n", "utf-8")
    mine = word_list(tmp_path / "mine.txt", name="mine")
    length = Scorer(
        "length", "length", "a ruler", "1", "none", "0" * 64, read=None, masks=(False,),
        judge=lambda texts: np.array([float(len(text)) for text in texts]),
    )  # fmt: skip
    table = sentiment(corpus, extra=[mine, length], draws=99).table
    assert table["lexicon"].tolist()[-3:] == ["mine", "mine", "length"]
    assert table["masked"].tolist()[-3:] == [True, False, False]
    sizes = corpus.sentences["text"].str.len().groupby(corpus.sentences["group"]).mean()
    assert table["mean_target"].iloc[-1] == pytest.approx(sizes["2018"], rel=0.05)


def test_every_file_that_is_named_is_there():
    """A recipe that sends a newcomer to a file that has moved is worse than none."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|toml|md|cff|txt))(?:::\w+)?`", text)
    assert len(named) > 10
    own = {"mine.txt"}
    lost = [name for name in named if name not in own and not (ROOT / name).is_file()]
    assert [name for name in lost if not list((ROOT / "analysis").rglob(name))] == []
