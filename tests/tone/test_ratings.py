"""Own raters: the estimator by hand, its interval where it can be checked, and the sheet."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.text import load_folders
from analysis.tone import (
    coded_contrast,
    codes_needed,
    draw_sentences,
    rated_contrast,
    rated_editorials,
    rated_example,
    raters_checks,
    read_ratings,
)
from analysis.tone.calibration import load_calibration
from analysis.tone.ratings import _ids
from analysis.tone.sentences import read

WORDS = "good bad great terrible war peace help harm success failure".split()


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Two groups of 400 short sentences."""
    rng, home = np.random.default_rng(0), tmp_path_factory.mktemp("large")
    for name in ("target", "reference"):
        (home / name).mkdir()
        for number in range(10):
            lines = [
                f"The day of the {a} was about the {b}." for a, b in rng.choice(WORDS, (40, 2))
            ]
            (home / name / f"{number}.txt").write_text(" ".join(lines), encoding="utf-8")
    return load_folders(home / "target", home / "reference")


def rated(corpus, sheet, noise=0.0, slope=1.0, seed=0):
    """Return ratings of a sheet: tone, stretched, with noise."""
    tone = dict(zip(_ids(corpus), read(corpus).tone, strict=True))
    rng = np.random.default_rng(seed)
    known = [tone[key] for key in sheet["id"]]
    return sheet.assign(rating=slope * np.array(known) + rng.normal(0, noise, len(sheet)))


def documents_of(corpus, sheet):
    """Return the document of each sentence of a sheet, which the sheet does not tell."""
    return sheet["id"].map(dict(zip(_ids(corpus), corpus.sentences["document"], strict=True)))


def test_the_sheet_is_drawn_at_random_blind_and_again_the_same(articles):
    sheet = draw_sentences(articles, each=25, seed=3)
    assert list(sheet) == ["id", "text", "rating"]
    assert (sheet["rating"] == "").all()
    assert sheet["id"].is_unique
    document = documents_of(articles, sheet)
    assert document.value_counts().tolist() == [25, 25]
    assert document.ne(document.shift()).sum() > 10  # shuffled
    assert not sheet["id"].str.contains("2017|2018").any()
    pd.testing.assert_frame_equal(sheet, draw_sentences(articles, each=25, seed=3))
    assert not sheet.equals(draw_sentences(articles, each=25, seed=4))
    everything = draw_sentences(articles, each=100)
    assert documents_of(articles, everything).value_counts().min() == 36  # all of them


def test_codes_alone_can_be_counted_by_hand(large):
    ratings = rated(large, draw_sentences(large, each=20), noise=1.0)
    row = rated_contrast(large, ratings).table.iloc[0]
    groups = dict(zip(large.sentences["document"], large.sentences["group"], strict=True))
    group = documents_of(large, ratings).map(groups)
    by = {name: ratings.loc[group == name, "rating"] for name in ("target", "reference")}
    assert row["by"] == "codes"
    assert (row["n_target"], row["sentences_target"], row["weight"]) == (20, 400, 0)
    assert row["estimate"] == pytest.approx(by["target"].mean() - by["reference"].mean())
    welch = stats.ttest_ind(by["target"], by["reference"], equal_var=False)
    low, high = welch.confidence_interval()
    finite = np.sqrt(1 - 20 / 400)  # 380 of 400 sentences are not known
    assert row["ci_high"] - row["ci_low"] == pytest.approx((high - low) * finite)


def test_ratings_that_are_tone_are_known_of_all_sentences(large):
    reading = read(large)
    codes, both = rated_contrast(large, rated(large, draw_sentences(large, each=30))).table.to_dict(
        "records"
    )
    truth = reading.tone[reading.target].mean() - reading.tone[~reading.target].mean()
    assert both["weight"] == pytest.approx(1)
    assert both["estimate"] == pytest.approx(truth)
    assert abs(codes["estimate"] - truth) > 1e-3


def test_a_scorer_that_is_wrong_makes_no_wrong_interval(large):
    """Raters say the opposite of the tone: the weight turns, and the truth is theirs."""
    reading = read(large)
    ratings = rated(large, draw_sentences(large, each=60), noise=0.3, slope=-1.0)
    both = rated_contrast(large, ratings).table.iloc[1]
    truth = reading.tone[~reading.target].mean() - reading.tone[reading.target].mean()
    assert both["weight"] == pytest.approx(-1, abs=0.1)
    assert both["ci_low"] < truth < both["ci_high"]


@pytest.mark.parametrize("each", [50, 100, 200])
def test_the_interval_holds_what_it_says(large, each):
    """Ratings of all 800 sentences are made up once; sheets are drawn from them 300 times."""
    everything = pd.DataFrame({"id": _ids(large)})
    known = rated(large, everything, noise=1.0, slope=0.5, seed=9).set_index("id")["rating"]
    target = read(large).target
    truth = known.to_numpy()[target].mean() - known.to_numpy()[~target].mean()
    hits, widths = np.zeros(2), np.zeros(2)
    for seed in range(300):
        sheet = draw_sentences(large, each=each, seed=seed)
        table = rated_contrast(large, sheet.assign(rating=known.loc[sheet["id"]].to_numpy())).table
        hits += (table["ci_low"] < truth) & (truth < table["ci_high"])
        widths += table["ci_high"] - table["ci_low"]
    assert (np.abs(hits / 300 - 0.95) < 0.035).all()  # three Monte Carlo errors
    assert widths[1] < 0.95 * widths[0]


def test_several_raters_of_a_sentence_are_averaged(large):
    ratings = rated(large, draw_sentences(large, each=20), noise=1.0)
    twice = pd.concat([ratings.assign(rating=ratings["rating"] + d) for d in (-0.5, 0.5)])
    ours, theirs = (rated_contrast(large, own).table for own in (ratings, twice))
    pd.testing.assert_frame_equal(ours, theirs)


def test_how_many_codes_a_margin_needs():
    line = load_calibration().line("combined", masked=True)
    spread = np.hypot(line.sd_article, line.sd_error)
    assert codes_needed(0.2) == np.ceil(2 * (1.959964 * spread / 0.2) ** 2)
    assert codes_needed(0.2, sentences=[50, 50]) < 50
    with pytest.raises(InputError, match="above 0"):
        codes_needed(0)


def test_a_sheet_comes_back_as_it_was_filled_in(articles, tmp_path):
    sheet = draw_sentences(articles, each=20)
    sheet["rating"] = [str(number % 5 - 2) for number in range(len(sheet))]
    sheet.loc[3, "rating"] = " "
    path = tmp_path / "sheet.csv"
    sheet.to_csv(path, index=False)
    found = read_ratings(path)
    assert len(found) == 39
    assert found["rating"].tolist()[:3] == [-2, -1, 0]
    assert rated_contrast(articles, found).table["n_target"].sum() >= 38


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("document,text\na,b\n", "no column 'id'"),
        ("id,text\na,b\n", "no column 'rating'"),
        ("document,sentence,rating\na,1,good\n", "line 2: rating must be a number, got 'good'"),
        ("document,sentence,rating\na,1,1\na,x,1\n", "line 3: sentence must be a number"),
        ("document,sentence,rating\na,1,nan\n", "line 2: rating must be a number"),
        ("", "cannot be read as a table"),
    ],
)
def test_a_malformed_sheet_is_refused(content, message, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_ratings(path)


def test_ratings_of_other_texts_and_too_few_are_refused(articles):
    sheet = draw_sentences(articles, each=20).assign(rating=1.0)
    with pytest.raises(InputError, match="Sentence 'none' is rated, but is not in"):
        rated_contrast(articles, pd.concat([sheet, sheet.head(1).assign(id="none")]))
    with pytest.raises(InputError, match="at least 10 are needed"):
        rated_contrast(articles, sheet.head(12))
    with pytest.raises(InputError, match="At least 10 sentences"):
        draw_sentences(articles, each=3)


def test_sentences_may_be_named_by_document_and_number(articles, tmp_path):
    sheet = draw_sentences(articles, each=20)
    ratings = rated(articles, sheet, noise=1.0)
    where = articles.sentences.assign(id=_ids(articles)).set_index("id")
    numbered = ratings.assign(
        document=where.loc[sheet["id"], "document"].to_numpy(),
        sentence=where.loc[sheet["id"], "sentence"].to_numpy(),
    ).drop(columns="id")
    path = tmp_path / "numbered.csv"
    numbered.to_csv(path, index=False)
    ours, theirs = (rated_contrast(articles, own).table for own in (ratings, read_ratings(path)))
    pd.testing.assert_frame_equal(ours, theirs)


# Editorials of which every sentence was rated


def test_tone_and_codes_are_held_against_all_ratings():
    sentences, rows = rated_editorials(), rated_example().set_index("by")
    means = sentences.groupby("group", sort=False)[["rating", "tone"]].mean()
    true, told = means.iloc[0] - means.iloc[1]
    assert rows.loc["all ratings", "estimate"] == pytest.approx(true)
    assert rows.loc["tone", "estimate"] == pytest.approx(told)
    width = rows["ci_high"] - rows["ci_low"]
    assert width["codes and tone"] < width["codes"] < width["tone"]
    assert rows["estimate"].iloc[1:3].tolist() == pytest.approx([true, true], abs=0.03)
    assert rows["held"].iloc[1:3].between(0.9, 1).all()  # of 200 draws
    assert np.isnan(rows.loc["all ratings", ["ci_low", "held"]].tolist()).all()


def test_the_shipped_ratings_are_those_that_people_gave():
    """Numbers of the published file: 0.05 steps, as twenty raters of whole numbers give."""
    sentences = rated_editorials()
    assert sentences["group"].nunique() == 2
    assert sentences["rating"].between(-4, 4).all()
    assert not sentences.duplicated(["article", "sentence"]).any()
    assert len(sentences[["article", "group"]].drop_duplicates()) == len(set(sentences["article"]))


def test_the_interval_of_codes_holds_on_texts_that_people_have_rated():
    """What the benchmark has measured: two kinds of text, 50 to 200 codes a group."""
    checks = raters_checks()
    assert set(checks["genre"]) == {"editorials", "product reviews"}
    assert set(checks["codes"]) == {50, 100, 200}
    assert checks["covered_codes"].between(0.93, 0.97).all()
    assert checks["covered"].between(0.93, 0.97).all()
    assert checks["narrower"].gt(0).all()


def test_the_estimator_is_the_prediction_powered_one():
    """A group's mean with weight b: Angelopoulos et al. 2023, PPI++, their equation by hand."""
    rng = np.random.default_rng(4)
    tone = rng.normal(size=60)
    rating = 0.7 * tone + rng.normal(0, 0.4, 60)
    sides = [np.arange(60) < 30, np.arange(60) >= 30]
    codes = np.where(np.arange(60) % 2, rating, np.nan)
    row = coded_contrast(codes, tone, sides).iloc[1]
    b = row["weight"]
    for name, side in zip(("target", "reference"), sides, strict=True):
        coded = side & np.isfinite(codes)
        by_hand = b * tone[side].mean() + (rating[coded] - b * tone[coded]).mean()
        assert row[f"mean_{name}"] == pytest.approx(by_hand)


def test_a_sheet_with_more_cells_than_headings_is_refused(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("id,text,rating\n1,Cats, dogs.,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="more cells than headings"):
        read_ratings(path)


def test_a_rating_beyond_the_scale_is_refused_with_its_line(tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("id,rating\na,4\nb,-4\nc,40\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 4: ratings go from -4 to 4, got '40'"):
        read_ratings(sheet)
