"""Calibration: lines that can be followed by hand, files that are refused, and no stale fit."""

import subprocess
import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis.errors import InputError
from analysis.inference import half_width
from analysis.tone import calibration as module
from analysis.tone.calibration import (
    FILE,
    Calibration,
    Line,
    Scale,
    bend,
    check_lists,
    for_raters,
    line_variance,
    load_calibration,
    model_variance,
    scale,
)
from analysis.tone.masking import mask
from analysis.tone.scoring import read_weights, scorer, scorers
from benchmarks import ratings, tone_report
from benchmarks.embedding_fit import _left_out
from benchmarks.tone_files import weights_text
from benchmarks.tone_fit import (
    LISTS,
    Weights,
    check_published,
    count_words,
    fit_line,
    fit_score,
    folds,
    learn_weights,
    ordinal_alpha,
    published_row,
    spreads,
)

PROBES = {  # made-up sentences, and their tone by the calibration of today
    "The United States and the United Nations met.": 0.007,
    "The alliance is not good, and cracks open a great new war of words.": -0.2875,
    "He said the deal was a terrible mistake that helped nobody but the Islamic State.": -1.2082,
    "The door is blue.": 0.1211,
}


def toy(**changes):
    """Return a calibration whose every number is easy, unless changed."""
    numbers = {"mean": 1.0, "sd": 2.0, "intercept": 0.5, "slope": 3.0}
    numbers |= {"sd_article": 0.3, "sd_error": 0.7, "sd_sentence": 0.4}
    numbers |= {"sd_group": 0.0, "louder": 1.5} | changes
    one = Line("one", True, "", **numbers)
    combined = Line("combined", True, "", **numbers | {"mean": 0.0, "sd": 1.0, "intercept": 0.0})
    lines = {(line.column, True): line for line in (one, combined)}
    return Calibration({"one": 0.5, "two": 0.25}, 100, 1000, 0.4, {}, lines)


def raw(texts, *, masked=True):
    read = [mask(text) if masked else text for text in texts]
    return {own.column: own.scores(read) for own in scorers()}


def test_a_line_by_hand():
    """z = (3 - 1) / 2 = 1, x = 0.5 + 3 z = 3.5, tone = 3.5 / sqrt(1 + (3.5 / 4)²)."""
    own = toy().scale("one", masked=True, calibrated=True)
    assert own.linear({"one": [1.0, 3.0]}).tolist() == [0.5, 3.5]
    assert own.score(3.5) == pytest.approx(3.5 / np.sqrt(1 + 0.875**2))
    plain = toy().scale("one", masked=True, calibrated=False)
    assert plain.score(plain.linear({"one": [1.0, 3.0]})).tolist() == [1.0, 3.0]
    both = toy().scale("combined", masked=True, calibrated=False)
    assert both.linear({"one": [1.0, 0.0], "two": [2.0, 0.0]}).tolist() == [1.0, 0.0]
    tone = toy().scale("combined", masked=True, calibrated=True)
    assert (tone.base, tone.slopes) == (0.0, {"one": 1.5, "two": 0.75})


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_bent_scores_keep_their_order_and_their_scale(x, y):
    one, two = bend([x, y])
    assert abs(one) <= 4
    assert (one <= two) == (x <= y) or one == pytest.approx(two)
    assert bend(-x) == -one


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=6), st.floats(-2, 2))
def test_shares_of_a_bent_score_add_up_to_it(words, base):
    own = Scale(base, {}, bent=True)
    total = base + sum(words)
    shares = np.array(words) * own.share(total)
    assert own.score(base) + shares.sum() == pytest.approx(own.score(total), abs=1e-9)


def test_the_slope_of_a_scale_is_its_derivative():
    own = Scale(0.0, {}, bent=True)
    for x in (-3.0, 0.0, 1.5):
        change = (own.score(x + 1e-5) - own.score(x - 1e-5)) / 2e-5
        assert own.slope(x) == pytest.approx(change, rel=1e-6)
    assert Scale(0.0, {}, bent=False).slope([5.0]).tolist() == [1.0]


@pytest.mark.parametrize("column", ["vader", "afinn", "opinion", "pattern", "combined"])
@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("calibrated", [True, False])
def test_every_kind_of_score_is_made_of_words(column, masked, calibrated):
    scores = raw(PROBES, masked=masked)
    units = scale(column, masked=masked, calibrated=calibrated)
    for place, text in enumerate(PROBES):
        read = mask(text) if masked else text
        words = sum(
            units.slopes[x.column] * w.score
            for x in scorers()
            if x.column in units.slopes
            for w in x.words(read)
        )
        assert units.linear(scores)[place] == pytest.approx(units.base + words, abs=1e-9)


def test_a_sentence_without_scored_words_is_neutral_and_none_leaves_the_scale():
    units = scale("combined", masked=True, calibrated=True)
    assert units.score(units.base) == 0
    worst = " ".join(["horrible evil murder catastrophe hate terror torture"] * 20)
    assert -4 < units.score(units.linear(raw([worst])))[0] < -3.5


def test_classes_are_cut_at_the_same_place_on_both_sides():
    found = toy().classes([-0.4, -0.399, 0.0, 0.399, 0.4, np.nan, 0.1 + 0.3])
    named = ["negative", "neutral", "neutral", "neutral", "positive", "", "positive"]
    assert found.tolist() == named


def test_tone_of_the_editorials_has_nearly_the_mean_of_their_ratings():
    for line in load_calibration().lines.values():
        mean = line.intercept if line.column not in ("embedding", "combined") else -0.1412
        assert mean == pytest.approx(-0.1412, abs=0.01)  # rated, over 5,190 sentences
        assert line.slope > 0.4
        assert 0 <= line.sd_group < line.sd_article < line.sd_sentence < line.sd_error < 0.9
        assert line.louder > 1.5


def test_the_calibration_fits_the_lists_and_engines_of_today():
    """A change of list, engine or masking makes the fit stale: fit again, then mend these."""
    check_lists({own.column: own.sha256 for own in scorers()})
    units = scale("combined", masked=True, calibrated=True)
    tone = units.score(units.linear(raw(PROBES)))
    assert tone.round(4).tolist() == list(PROBES.values())


def test_the_interval_reaches_further_on_the_louder_side():
    low, high = for_raters([1.0, -1.0, 0.0], [0.5, 0.5, 0.5], 1.8)
    assert low.tolist() == pytest.approx([0.5, -2.3, -0.5])
    assert high.tolist() == pytest.approx([2.3, -0.5, 0.5])
    plain = for_raters([1.0], [0.5], 1.0)
    assert (plain[0].item(), plain[1].item()) == (0.5, 1.5)


def test_another_list_is_refused():
    check_lists({"mine": "0" * 64})  # a list that has no line is the reader's own affair
    with pytest.raises(InputError, match=r"'afinn' is not the one .* fit again"):
        check_lists({"afinn": "0" * 64})


def test_what_is_unknown_is_named_with_the_choices():
    with pytest.raises(InputError, match="'labmt': choose one of 'vader'"):
        scale("labmt", masked=True, calibrated=True)
    with pytest.raises(InputError, match="scores of 'afinn' are needed too"):
        scale("combined", masked=True, calibrated=True).linear({"vader": [0.0]})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[weights]", "[weight]", "lacks 'weights'"),
        ("cut =", "cut", "is not valid TOML"),
        ('column = "combined"', 'column = "nothing"', "no line, masked and not, for 'combined'"),
        (
            "louder = ",
            "louder = 0.5 # ",
            "line 1: a number is not finite, or a spread not positive",
        ),
        ("sd = 0.39", "sd = -0.39", "line 1: a number is not finite, or a spread not positive"),
        ("slope = 0", "slope = nan # 0", "line 1: a number is not finite"),
        ("intercept = ", "level = ", "line 1: 'intercept' is missing"),
        ("masked = true", 'masked = "yes"', "line 1: 'masked' is missing or of the wrong kind"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path, old, new, message):
    path = tmp_path / "calibration.toml"
    content = FILE.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        load_calibration(path)
    assert str(caught.value).endswith("python -m benchmarks.tone --fit.")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="is not there"):
        load_calibration(tmp_path / "none.toml")


def test_the_file_names_its_ratings_and_lists():
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert (content["articles"], content["sentences"]) == (498, 5190)
    assert "vaderSentiment==3.3.2" in content["ratings"]
    sums = {own.column: own.sha256 for own in scorers() if own.raw}
    assert content["sums"] == {"learnt": scorer("learnt").sha256}
    assert {row["column"]: row["sha256"] for row in content["line"] if row["sha256"]} == sums


def test_model_variance_by_hand(monkeypatch):
    monkeypatch.setattr(module, "load_calibration", toy)
    for sentences, expected in (
        ([10], 0.09 + 0.016),
        ([5, 5], 0.045 + 0.016),
        ([15, 5], 0.09 * 10 / 16 + 0.008),
    ):
        assert model_variance(sentences, "one", masked=True) == pytest.approx(expected)
        assert line_variance(toy().line("one", masked=True), sentences) == pytest.approx(expected)


def test_many_documents_leave_what_is_missed_about_the_group():
    few, many = (model_variance([10] * n, "combined", masked=True) for n in (1, 100_000))
    own = load_calibration().line("combined", masked=True).sd_group
    assert many == pytest.approx(own**2, rel=1e-3)
    assert few > 10 * many > 0


def test_half_width_is_welch_t():
    one, two = np.array([1.0, 2.0, 4.0, 4.5]), np.array([0.0, 3.0, 9.0])
    variances = np.array([one.var(ddof=1) / 4, two.var(ddof=1) / 3])
    interval = stats.ttest_ind(one, two, equal_var=False).confidence_interval()
    half = half_width(variances, [3, 2])
    assert half == pytest.approx((interval.high - interval.low) / 2)


def test_half_width_is_undefined_where_nothing_varies_or_a_variance_is_unknown():
    half = half_width([[0.0, 1.0, np.nan, 1.0], [0.0, 0.0, 1.0, 1.0]], [[5], [np.inf]])
    np.testing.assert_allclose(half[:3], [np.nan, stats.t.isf(0.025, 5), np.nan])
    # a known variance adds no doubt: 2² / (1² / 5) degrees of freedom
    assert half[3] == pytest.approx(stats.t.isf(0.025, 20) * np.sqrt(2))
    assert half_width([1.0], [5], 0.9) == pytest.approx(stats.t.isf(0.05, 5))


def test_half_width_adds_the_model_error():
    """Two groups of three units with variance 1, and what the line misses about one article."""
    model = model_variance([3], "combined", masked=True)
    half = half_width(np.array([1 / 3, 1 / 3, model, model]), np.array([2, 2, 496, 496]))
    total = 2 / 3 + 2 * model
    df = total**2 / (2 * (1 / 3) ** 2 / 2 + 2 * model**2 / 496)
    assert half == pytest.approx(stats.t.isf(0.025, df) * np.sqrt(total))


# The report


@pytest.fixture(scope="module")
def rows():
    return pd.read_csv(tone_report.CSV)


def test_both_files_hold_what_the_table_gives(rows):
    for path, (heading, text) in tone_report.reports(rows).items():
        written = path.read_text(encoding="utf-8")
        assert f"{heading}\n{text}\n" in written
        assert "\n\n\n" not in written


def test_no_table_is_printed_twice(rows):
    full, short = tone_report.tables(rows), tone_report.headlines(rows)
    assert not set(full.values()) & set(short.values())
    for name in full.keys() & short.keys():
        assert set(short[name].splitlines()) < set(full[name].splitlines())
    assert "transfer" not in full


def test_a_figure_of_the_report_is_that_of_the_benchmark(rows):
    of_tone = (rows["part"] == "agreement") & (rows["score"] == "combined")
    own = rows[of_tone & rows["masked"].eq(True)]
    r = own[(own["measure"] == "r") & (own["level"] == "article")]["value"].item()
    table = tone_report.headlines(rows)["agreement"].splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in table]
    line = next(line for line in cells if "combined, names masked" in line)
    assert line[cells[0].index("r, article")] == f"{r:.3f}"


def test_a_section_leaves_the_others_alone(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("# One\n\nkept\n\n# Tone\n\nold\n\n## Part\n\nold\n\n# Two\n\nkept\n")
    for _ in range(2):
        tone_report._replace(path, tone_report.HEADING, "new")
        assert path.read_text() == "# One\n\nkept\n\n# Tone\n\nnew\n\n# Two\n\nkept\n"
    path.write_text("# One\n")
    tone_report._replace(path, tone_report.HEADING, "new")
    assert path.read_text() == "# One\n\n# Tone\n\nnew\n"


# The fit


def test_the_fit_finds_a_line_and_its_spreads():
    rng = np.random.default_rng(0)
    article = np.repeat(np.arange(2_000), 10)
    level = rng.normal(size=2_000)
    score = level[article] + rng.normal(size=len(article))
    rating = 0.2 + 0.5 * level[article] + 0.3 * rng.normal(size=2_000)[article]
    subject = np.arange(2_000)[None] % 20
    line = fit_score("x", score, rating, article, subject, masked=True, sha256="")
    tone = bend(line.intercept + line.slope * (score - line.mean) / line.sd)
    assert fit_line(tone, rating, article) == pytest.approx((0, 1), abs=1e-4)
    shrunk = 0.5 / 1.1  # ten sentences' noise is left in the mean: 1 / (1 + 1 / 10)
    assert line.slope / line.sd == pytest.approx(shrunk, abs=0.06)  # the bend takes some
    assert line.louder == pytest.approx((0.25 * 1.1 + 0.09 * 1.1) / 0.25, abs=0.1)
    assert line.sd_group < 0.04
    assert fit_line(level[article], rating, article) == pytest.approx((0.2, 0.5), abs=0.02)
    between, within = spreads(rating - 0.5 * level[article] + rng.normal(size=20_000), article)
    assert (between, within) == pytest.approx((0.3, 1.0), abs=0.02)


def test_word_weights_are_found_beside_a_list():
    """Ratings are a list's score and what two families add: one of them the list misreads."""
    rng = np.random.default_rng(0)
    counts = rng.poisson(0.3, (4_000, 3)).astype(float)
    scores = pd.DataFrame(rng.normal(size=(4_000, 4)), columns=list(LISTS))
    rating = 0.5 * scores["vader"] + counts @ [1.0, -1.0, 0.0] + 0.1 * rng.normal(size=4_000)
    found = learn_weights(scores, sparse.csr_array(counts), rating.to_numpy())
    assert found.words == pytest.approx([1, -1, 0], abs=0.02)
    assert list(found.lists.values()) == pytest.approx([0.5, 0, 0, 0], abs=0.02)
    nothing = pd.DataFrame(0.0, index=[0], columns=list(LISTS))
    assert found.linear(nothing, sparse.csr_array(np.zeros((1, 3)))).tolist() == [0.0]


def test_words_are_counted_by_family_negated_apart():
    words = count_words(["He helps.", "No help.", "It helped them all.", "It was not helping."])
    assert words.names == (("help", False), ("help", True))
    assert words.masked.toarray().round(4).tolist() == [
        [round(2**-0.5, 4), 0.0], [0.0, round(2**-0.5, 4)], [0.5, 0.0], [0.0, 0.5]
    ]  # fmt: skip


def test_weights_are_read_as_they_are_written(tmp_path):
    words = count_words(["good good", "good", "not good", "not good", "not bad", "not bad"])
    path = tmp_path / "weights.txt"
    weights = Weights({}, np.array([-0.5, 0.123456, 0.0, 2.0])[: len(words.names)])
    path.write_text(weights_text(weights, words), encoding="utf-8")
    known = read_weights(path)
    for (family, negated), weight in zip(words.names, weights.words, strict=True):
        assert known[family][negated] == round(weight, 4)


def test_alpha_is_that_of_its_definition():
    """One minus the mean squared ordinal distance within pairs over that of any two codings."""
    rng = np.random.default_rng(1)
    one, two = rng.integers(-1, 2, 40), rng.integers(-1, 2, 40)
    both = np.concatenate([one, two])
    counts = {c: int((both == c).sum()) for c in (-1, 0, 1)}

    def distance(c, k):
        low, high = min(c, k), max(c, k)
        between = sum(counts[g] for g in range(low, high + 1))
        return (between - (counts[c] + counts[k]) / 2) ** 2 if c != k else 0.0

    observed = np.mean([distance(c, k) for c, k in zip(one, two, strict=True)])
    pairs = [distance(c, k) for i, c in enumerate(both) for j, k in enumerate(both) if i != j]
    assert ordinal_alpha(one, two) == pytest.approx(1 - observed / np.mean(pairs))
    assert ordinal_alpha(one, one) == 1


def test_spreads_by_hand():
    between, within = spreads(np.array([1.0, 3.0, 5.0, 7.0]), np.array([0, 0, 1, 1]))
    assert (between, within) == pytest.approx((np.sqrt(7), np.sqrt(2)))  # mean squares 16 and 2


def test_folds_keep_groups_whole():
    groups = np.repeat(np.arange(57), 4)
    fold = folds(groups)
    assert len(set(zip(groups, fold, strict=True))) == 57
    assert np.bincount(fold).min() >= 20


def test_the_published_row_by_hand():
    row = published_row(np.array([1.0, 1.0, 0.0, -2.0]), np.array([1.0, -1.0, 0.0, -1.0]))
    assert row["precision"] == pytest.approx(0.25 * 0.5 + 0.25 + 0.5)
    assert row["recall"] == pytest.approx(0.25 + 0.25 + 0.5 * 0.5)
    with pytest.raises(InputError, match="published row of VADER is not reproduced: precision"):
        check_published(row)


def test_leaving_out_an_article_is_fitting_without_it():
    rng = np.random.default_rng(0)
    x, article = rng.normal(size=(40, 5)), np.repeat(np.arange(8), 5)
    y = x.sum(axis=1) + rng.normal(size=40)
    centred = x - x.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    found = _left_out(centred @ vectors, values + 2.0, y - y.mean(), article)
    for name in range(8):
        own, other = article == name, article != name
        part, level = x[other] - x[other].mean(axis=0), y[other].mean()
        weight = np.linalg.solve(part.T @ part + 2.0 * np.eye(5), part.T @ (y[other] - level))
        expected = level + (x[own] - x[other].mean(axis=0)) @ weight
        assert y[own] - expected == pytest.approx(found[own])


def test_ratings_that_cannot_be_fetched_are_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(ratings, "FOLDER", tmp_path)
    monkeypatch.setattr(ratings, "ARCHIVE", tmp_path / "none.tar.gz")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1))
    ratings._archive.cache_clear()
    with pytest.raises(InputError, match="connect to a package index and run again"):
        ratings.rated()


def test_another_file_of_ratings_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(ratings, "ARCHIVE", tmp_path / "other.tar.gz")
    (tmp_path / "other.tar.gz").write_bytes(b"other")
    ratings._archive.cache_clear()
    with pytest.raises(InputError, match="is not the file that is meant"):
        ratings.rated()
