"""Figures, tables and sentences of tone and topics bear any two groups of texts, however odd."""

import itertools
import re
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.report import figure as figures
from analysis.report import tone, topic
from analysis.report.drawing import style
from analysis.text import load_folders
from analysis.tone import (
    actor_tone,
    lexicon_audit,
    load_actors,
    sentiment,
    tone_extremes,
    tone_ladder,
    tone_trajectory,
    voice_tone,
    word_shift,
)
from analysis.topicmodels import topics

LONG = "donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
WORDS = ["good", "bad", "war", "great", "hate", "the", "and", "door", "Rome", "Carthage", "1998",
         "=SUM(A1)", "US$", "A$", r"$\foo$", LONG, LONG[::-1]]  # fmt: skip
LABELS = ["a", "US$ and A$", "=1+1", "-" + "x" * 60, "Ünïcödé", "<b>bold", "a & b_c^d%"]
NAMES = ["Rome", "US$", "=SUM(A1), and a name that goes on and on", LONG, "door"]
SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), max_size=14)
TEXTS = st.lists(SENTENCES.filter(len), min_size=1, max_size=4)
number = itertools.count()


@pytest.fixture(scope="module", autouse=True)
def checked_only(tmp_path_factory):
    """Figures are checked against their canvas and not written as images, which takes long."""
    folder = tmp_path_factory.mktemp("odd")

    def check(figure, id, title, alt):
        with style():
            figures._freeze(figure, id)
        return {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "_render", check)
        patch.setattr(figures, "HERE", folder)
        yield folder


def corpus_of(folder, texts, labels):
    home = folder / f"texts-{next(number)}"
    for label, own in zip(labels, texts, strict=True):
        (home / label).mkdir(parents=True)
        for place, sentences in enumerate(own):
            text = " ".join(f"{' '.join(words)}." for words in sentences)
            (home / label / f"{place:02}.txt").write_text(text, encoding="utf-8")
    return load_folders(*(home / label for label in labels))


def actors_of(folder, count):
    path = folder / f"actors-{next(number)}.toml"
    aliases = ["Rome", "door", "war", LONG, "and"]
    path.write_text("\n".join(
        f"[[actor]]\nname = {name!r}\ndefinition = 'x'\nwords = {{ '{alias}' = 'a reason' }}\n"
        for name, alias in zip(NAMES[:count], aliases, strict=False)
    ), encoding="utf-8")  # fmt: skip
    return load_actors(path)


def shown(make, *functions):
    """Show a result in every way, unless the texts do not bear it; return what was said."""
    try:
        result = make()
    except InputError as reason:
        assert str(reason).endswith(".")
        return []
    return [repr(function(result)) for function in functions]


SAID = re.compile(r"\bnan\b|\bNone\b(?! of)|\{\w|[^\w]1 (?:sentences|units|words|actors|names)\b")


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    st.tuples(TEXTS, TEXTS),
    st.lists(st.sampled_from(LABELS), min_size=2, max_size=2, unique=True),
    st.integers(1, 5),
)
@example(([[["good"]] * 9], [[["bad", "door"]] * 9]), ["a", "=1+1"], 1)
@example(
    ([[["the", "good", "door"]] * 20], [[["the", "good", "door"]] * 20]), ["a", "US$ and A$"], 2
)
@example(([[["1998"]], [["the", "war"]]], [[["1998"], ["the"]]]), ["<b>bold", "-" + "x" * 60], 5)
def test_odd_texts_are_shown_or_refused_in_a_sentence(checked_only, texts, labels, actors):
    corpus = corpus_of(checked_only, texts, labels)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = [
            *shown(
                lambda: sentiment(corpus, draws=19),
                tone.tone_finding, tone.distribution_figure, tone.distribution_finding,
                tone.names_table, tone.names_finding, tone.contrast_figure, tone.groups_table,
                lambda contrast: tone.ladder_table(tone_ladder(contrast)),
            ),
            *shown(lambda: word_shift(corpus), tone.shift_figure, tone.shift_finding),
            *shown(
                lambda: tone_trajectory(corpus, draws=19),
                tone.trajectory_figure, tone.trajectory_finding,
            ),
            *shown(
                lambda: voice_tone(corpus, draws=19),
                tone.voice_table, tone.voice_parts_table, tone.voice_finding,
            ),
            *shown(
                lambda: lexicon_audit(corpus),
                tone.audit_table, tone.audit_finding, tone.senses_table, tone.decisive_table,
            ),
            *shown(lambda: tone_extremes(corpus), tone.extremes_table),
            *shown(
                lambda: actor_tone(corpus, actors_of(checked_only, actors), draws=19),
                tone.actors_meaning, tone.actors_figure, tone.actors_finding, tone.actors_table,
            ),
        ]  # fmt: skip
    for text in told:
        assert not SAID.search(text), text


@pytest.mark.parametrize(
    ("k", "labels"), [(2, ["US$ and A$", "=1+1"]), (6, ["-" + "x" * 60, "<b>bold"])]
)
def test_topics_of_odd_texts_are_shown(checked_only, k, labels):
    rng = np.random.default_rng(k)
    words = WORDS + [f"{LONG[place : place + 30]}{LONG[-place - 9 :]}" for place in range(20)]
    texts = [
        [[list(rng.choice(own, 6)) for _ in range(12)] for own in rng.choice(words, (count, 9))]
        for count in (7, 5)
    ]
    corpus = corpus_of(checked_only, texts, labels)
    told = shown(
        lambda: topics(corpus, k=k, draws=99, unit_tokens=20),
        topic.topics_finding, topic.choice_figure, topic.choice_finding, topic.choice_table,
        topic.stability_figure, topic.terms_figure, topic.topic_cards, topic.map_figure,
        topic.prevalence_figure, topic.prevalence_table, topic.flags_finding, topic.flags_table,
        topic.wording_finding, topic.wording_table,
    )  # fmt: skip
    assert told
    for text in told:
        assert not SAID.search(text), text


def test_cells_of_a_figures_table_are_no_formulas(checked_only):
    sentences = [["Rome", "good"], ["Rome", "bad"], ["the", "door"]] * 3
    corpus = corpus_of(checked_only, ([sentences] * 4, [sentences[:5]] * 4), ["=1+1", "a"])
    path = checked_only / "formula.toml"
    path.write_text("[[actor]]\nname = '=SUM(A1)'\ndefinition = 'x'\nwords = { Rome = 'y' }\n")
    figure = tone.actors_figure(actor_tone(corpus, load_actors(path), draws=19))
    written = (figure.folder / "tone-actor-sentences.csv").read_text("utf-8")
    assert not re.search(r"(?m)(^|,)\"?[=+@]", written)
    assert "'=SUM(A1)" in written
