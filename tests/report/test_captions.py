"""Captions begin with their message and have at most eighty words, long names or not."""

import re

import pytest

from analysis.description import describe
from analysis.inference.levels import LEVEL
from analysis.keywords import dealt, lineup, naive_p
from analysis.keywords.chance import log_odds_limits
from analysis.keywords.table import counted, keyness
from analysis.report import concordance, keywords, tone, topic
from analysis.report import corpus as texts
from analysis.report import figure as figures
from analysis.report.gallery import records_of
from analysis.text import load_folders
from analysis.tone import actor_tone, load_actors, sentiment, tone_trajectory, word_shift
from analysis.topicmodels import topics

NAMES = "Songs of the rain and of the north wind", "Songs of the sun and of all south winds"
MOST = 80  # words
PUBLISHED = {facts["id"]: facts for facts in records_of(figures.ROOT / "figures")}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every figure of two texts, whose groups have names of forty letters, by its id."""
    home = tmp_path_factory.mktemp("long")
    for name, year in zip(NAMES, ("2018", "2017"), strict=True):
        (home / name).mkdir()
        text = (figures.ROOT / "tests" / "fixtures" / f"{year}.txt").read_text("utf-8")
        (home / name / "text.txt").write_text(text, "utf-8")
    actors = load_actors(figures.ROOT / "data" / "actors.toml")
    corpus = load_folders(*(home / name for name in NAMES))
    terms, found = keyness(corpus, draws=99), topics(corpus, k=2, draws=99)
    counts = counted(terms)
    claimed = [int((naive_p(counts, deal) < LEVEL).sum()) for deal in dealt(counts, times=20)]
    contrast = sentiment(corpus, draws=99)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "_render", lambda *parts: {})
        patch.setattr(figures, "HERE", home / "figures")
        drawn = [
            texts.sentence_figure(describe(corpus)),
            keywords.ranked_figure(terms),
            keywords.funnel_figure(terms, log_odds_limits(terms)),
            keywords.rates_figure(terms),
            keywords.deals_figure(terms, claimed),
            keywords.lineup_figure(lineup(terms, panels=7)),
            concordance.dispersion_figure(terms),
            tone.contrast_figure(contrast),
            tone.distribution_figure(contrast),
            tone.shift_figure(word_shift(corpus)),
            tone.trajectory_figure(tone_trajectory(corpus, draws=99)),
            tone.actors_figure(actor_tone(corpus, actors, draws=99)),
            topic.choice_figure(found),
            topic.stability_figure(found),
            topic.terms_figure(found),
            topic.map_figure(found),
            topic.prevalence_figure(found),
        ]
    return {figure.id: figure for figure in drawn}


def test_no_caption_is_too_long_for_names_of_forty_letters(made):
    assert all(len(name) in (39, 40) for name in NAMES)
    assert len(made) == 17
    lengths = {id: len(figure.caption.split()) for id, figure in made.items()}
    assert max(lengths.values()) <= MOST, lengths
    for figure in made.values():
        assert figure.caption.endswith("These two texts only.")


def test_sizes_stand_with_target_and_reference_where_names_are_long(made):
    caption = made["keywords-ranked"].caption
    assert f"Target ({NAMES[0]}): 10 units, 1,037 tokens; reference: 28 units" in caption
    assert NAMES[1] not in caption


@pytest.mark.parametrize("id", sorted(PUBLISHED))
def test_a_published_caption_begins_with_its_message_and_has_at_most_eighty_words(id):
    caption = PUBLISHED[id]["caption"]
    assert len(caption.split()) <= MOST
    first = caption.split(". ")[0]
    assert re.search(r"\d|“|\b(?:[Nn]o|[Nn]one|not)\b", first), first  # a result, not a description
