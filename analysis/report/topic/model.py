"""The topics themselves: how many, their words and places, and what is said of each."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from analysis.inference.levels import passes
from analysis.numbers import reaches
from analysis.report.drawing import DOUBLE, MM, ONE_AND_HALF, canvas
from analysis.report.figure import Published, publish
from analysis.report.numbering import table_id
from analysis.report.tables import Shown, number, show
from analysis.report.topic import plots
from analysis.result import Result, about
from analysis.sentences import Prose, headings_of, prose, say, short
from analysis.text import Corpus
from analysis.text.concordance import adjacent, as_written
from analysis.text.documents import kept
from analysis.topicmodels import Alarm
from analysis.topicmodels.choice import NAMELESS, REACHED, RECURS, TOP, Verdict
from analysis.topicmodels.contrast import typical_sentences

_LEFT = 'align="left" style="text-align:left"'
SHOWN = 8  # terms of each topic in a figure
LONGEST = 400  # characters shown of a sentence
TYPICAL = 0.5  # of a sentence: the share of a topic from which it is shown as the topic's
ALT = 60  # characters of a label in an alt text
TELLING = 6  # tokens from which on two equal sentences are one that was used again


# Their number


def choice_figure(found: Result) -> Published:
    """Publish the evidence on the number of topics, one panel a question, better is up."""
    quality, facts = found.parts["quality"], about_topics(found) | _choice(found)
    figure, axes = canvas(DOUBLE, 70 * MM, least=DOUBLE, ncols=4)
    plots.plot_choice(_values(quality), _criteria(facts), axes)
    plots.add_key(figure, 4)
    return publish(
        figure, found, id="topics-choice", table=quality, facts=facts,
        shown={"top_terms": TOP, "needed": RECURS},
    )  # fmt: skip


def stability_figure(found: Result) -> Published:
    """Publish agreement against the number of topics, beside that of shuffled units."""
    table = found.parts["stability"]
    figure, axes = canvas(ONE_AND_HALF, 74 * MM, ncols=2, sharey=True)
    plots.plot_stability(table, axes, RECURS)
    plots.add_key(figure, 2)
    own = table[table["chosen"]].set_index("kind")[["agreement", "chance"]] * TOP
    facts = about_topics(found) | {
        "runs": int(table["runs"].max()),
        "starts": own.loc["seed"].to_dict(),
        "resampled": own.loc["resample"].to_dict(),
    }
    return publish(
        figure, found, id="topics-stability", table=table, facts=facts,
        shown={"top_terms": TOP, "needed": RECURS},
    )  # fmt: skip


def choice_finding(found: Result) -> Prose:
    """Say which number of topics is recommended, or that none is, and which is used."""
    return prose("topics.choice.finding", about_topics(found) | _choice(found))


def choice_table(found: Result) -> Shown:
    """Show the evidence on every number of topics, each measure beside that of shuffled units."""
    headings = headings_of(
        "topics.choice",
        [
            "k",
            "agreement",
            "chance",
            "chance_high",
            "recurring",
            "coherence",
            "coherence_chance",
            "exclusivity",
            "exclusivity_chance",
            "heldout",
            "heldout_chance",
            "said",
        ],
        {"top": TOP},
    )
    digits = dict.fromkeys(headings, 2) | {"heldout": 3, "heldout_chance": 3}
    digits |= dict.fromkeys(("agreement", "chance", "chance_high"), 1)
    quality = found.parts["quality"]
    table = quality.assign(
        **{name: TOP * quality[name] for name in ("agreement", "chance", "chance_high")},
        said=[
            say("topics.choice.verdict", {"verdict": Verdict(verdict).name})
            for verdict in quality["verdict"]
        ],
    )
    return show(table, columns=headings, digits=digits, id=table_id("numbers-of-topics"))


def _choice(found: Result) -> dict[str, Any]:
    """Return what is said of the number that is used, and beside it of shuffled units."""
    quality = found.parts["quality"]
    row = {str(name): value for name, value in quality[quality["chosen"]].iloc[0].items()}
    heldout, chance = row["heldout"], row["heldout_chance"]
    verdicts = sorted({Verdict(own) for own in quality["verdict"]})
    return row | {
        "stable": found.facts["stable"],
        "verdicts": [
            {"verdict": own.name, "ks": list(quality.loc[quality["verdict"] == own, "k"])}
            for own in verdicts
        ],
        "kinds": len(verdicts),
        "coherence_better": _better(row, "coherence", 2),
        "exclusivity_better": _better(row, "exclusivity", 2),
        "heldout_better": heldout < min(1, chance),
        "foretold": not math.isnan(heldout),
        "own_error": [_error(heldout)],
        "shuffled_error": [_error(chance)],
    }


def _better(row: dict[str, Any], measure: str, digits: int) -> bool:
    """Tell whether a measure is above that of shuffled units; equal as printed is no better."""
    own, shuffled = row[measure], row[f"{measure}_chance"]
    return bool(own > shuffled) and number(own, digits) != number(shuffled, digits)


def _error(relative: float) -> dict[str, Any]:
    """Say how an error compares with that of a single topic, in percent."""
    return {"size": abs(100 * (1 - relative)), "less": relative < 1}


def _values(quality: pd.DataFrame) -> pd.DataFrame:
    """Return the criteria so that more is better, each with its value for shuffled units."""
    return quality.assign(
        agreement=TOP * quality["agreement"],
        agreement_chance=TOP * quality["chance"],
        exclusivity=100 * quality["exclusivity"],
        exclusivity_chance=100 * quality["exclusivity_chance"],
        gain=100 * (1 - quality["heldout"]),
        gain_chance=100 * (1 - quality["heldout_chance"]),
    )


def _criteria(facts: dict[str, Any]) -> dict[str, plots.Criterion]:
    """Return the four questions with what is drawn of them."""
    drawn: list[tuple[str, str, str, str, float | None, tuple[float, float] | None]] = [
        ("agreement", "topics.question.agreement", "topics.answer.agreement",
         f"top terms that recur, of {TOP}", RECURS * TOP, (0, TOP)),
        ("coherence", "topics.question.coherence", "topics.answer.coherence",
         "coherence (NPMI)", None, None),
        ("exclusivity", "topics.question.exclusivity", "topics.answer.exclusivity",
         "exclusivity (%)", None, None),
        ("gain", "topics.question.gain", "topics.answer.gain", "error saved (%)", 0, None),
    ]  # fmt: skip
    return {
        name: plots.Criterion(
            _in_lines(question, facts), measure, _in_lines(answer, facts), bar, limits
        )
        for name, question, answer, measure, bar, limits in drawn
    }


def _in_lines(entry: str, facts: dict[str, Any]) -> str:
    """Say an entry whose paragraphs are lines of a figure."""
    return say(entry, facts).replace("\n\n", "\n")


# Their words and places


def terms_figure(found: Result) -> Published:
    """Publish the first terms of every topic."""
    k = found.facts["k"]
    columns = k if k <= 3 else min(4, math.ceil(k / 2))
    rows = math.ceil(k / columns)
    figure, axes = canvas(DOUBLE, (18 + 38 * rows) * MM, nrows=rows, ncols=columns, sharex=True,
                          squeeze=False)  # fmt: skip
    for spare in axes.flat[k:]:
        spare.set_axis_off()
    own = list(axes.flat)[:k]
    table = _first_terms(found)
    plots.plot_terms(table, found.table, own, SHOWN)
    facts = about_topics(found) | {"shown_terms": SHOWN, "leading": said_of_topics(found)[:4]}
    return publish(figure, found, id="topics-terms", table=table, facts=facts)


def map_figure(found: Result) -> Published:
    """Publish where along the texts each topic speaks."""
    passages, topics = found.parts["passages"], said_of_topics(found)
    counts = [(passages["group"] == group.label).sum() for group in found.corpus.groups]
    widths = [max(count, sum(counts) / 4) for count in counts]
    figure, axes = canvas(DOUBLE, (20 + 6.5 * max(len(topics), 3)) * MM, ncols=2, sharey=True,
                          gridspec_kw={"width_ratios": widths})  # fmt: skip
    plots.plot_map(found.parts["shares"], pd.DataFrame(topics), found.corpus.groups, axes)
    most = max(topic["n_units"] for topic in topics)
    leads = [topic for topic in topics if topic["n_units"] == most]
    facts = about_topics(found) | {"passages": len(passages), "leads": leads}
    facts |= {"leaders": len(leads), "most_units": most}
    return publish(figure, found, id="topics-map", table=found.parts["shares"], facts=facts)


# A card a topic


@dataclass(frozen=True)
class Row:
    """One line of a card: a heading, and a cell for both groups or one for each."""

    heading: str
    cells: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Card:
    """What is known of one topic."""

    title: str
    groups: tuple[str, str]
    rows: tuple[Row, ...]

    def _repr_html_(self) -> str:
        head = _line("th", ("", *self.groups))
        body = "\n".join(
            _line("td", (row.heading, *row.cells), wide=len(row.cells) == 1) for row in self.rows
        )
        return (
            '<table class="tex2jax_ignore mathjax_ignore">\n<thead>\n'
            f'<tr><th {_LEFT} colspan="3">{escape(self.title)}</th></tr>\n{head}\n</thead>\n'
            f"<tbody>\n{body}\n</tbody>\n</table>"
        )

    def __repr__(self) -> str:
        return "\n".join([self.title, *self._lines()])

    def _lines(self) -> Iterator[str]:
        for row in self.rows:
            names = self.groups if len(row.cells) == 2 else ("",)
            for name, cell in zip(names, row.cells, strict=True):
                yield f"  {', '.join(filter(None, [row.heading, name]))}: {cell}"


@dataclass(frozen=True, repr=False)
class Cards:
    """All cards, one below the other."""

    cards: tuple[Card, ...]

    def _repr_html_(self) -> str:
        return "\n".join(card._repr_html_() for card in self.cards)

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.cards))


def _line(tag: str, cells: tuple[str, ...], *, wide: bool = False) -> str:
    first, *rest = cells
    size = 'colspan="2"' if wide else 'width="43%"'
    inside = "".join(f'<{tag} {_LEFT} valign="top" {size}>{escape(cell)}</{tag}>' for cell in rest)
    return f'<tr><{tag} {_LEFT} valign="top" width="14%">{escape(first)}</{tag}>{inside}</tr>'


def topic_cards(found: Result, *, sentences: int = 3) -> Cards:
    """Return a card for every topic.

    Parameters
    ----------
    found : as from ``topics``
    sentences : how many typical sentences to show of each group
    """
    typical = typical_sentences(found, count=sentences)
    target, reference = (
        say("topics.card.group", {"label": group.label, "role": group.role})
        for group in found.corpus.groups
    )
    cards = found.parts["cards"].to_dict("records")
    topics = [topic | {"terms": _written(found.corpus, own["terms"]), "coherence": own["coherence"],
                       "exclusivity": own["exclusivity"]}
              for topic, own in zip(said_of_topics(found), cards, strict=True)]  # fmt: skip
    return Cards(
        tuple(
            Card(
                say("topics.card.title", topic),
                (target, reference),
                (*_known(topic), *_passages(typical, topic["topic"], found, sentences)),
            )
            for topic in topics
        )
    )


def _written(corpus: Corpus, terms: str) -> str:
    return ", ".join(as_written(corpus, term) for term in terms.split(", "))


def _first_terms(found: Result) -> pd.DataFrame:
    """Return each topic's first terms, with their share of the words of all topics.

    Numerals, negations and modal verbs, which name no subject, are left out.
    """
    weights = found.parts["shares"].groupby("topic")["share"].mean()
    overall = found.parts["distribution"] @ weights
    table = found.parts["terms"]
    table = table[~table["term"].isin(NAMELESS)].groupby("topic").head(SHOWN)
    written = [as_written(found.corpus, term) for term in table["term"]]
    return table.assign(overall=table["term"].map(overall), term=written)


def _known(topic: dict[str, Any]) -> Iterator[Row]:
    """Yield what is known of a topic beside its sentences."""
    shares = [
        {
            "share": cut(topic[f"share_{role}"]),
            "span": (100 * cut(topic[f"{role}_low"]), 100 * cut(topic[f"{role}_high"])),
        }
        for role in ("target", "reference")
    ]
    yield Row("terms by relevance", (topic["terms"],))
    yield Row("coherence, exclusivity", (say("topics.card.measures", topic),))
    yield Row("mean share of a unit", tuple(say("topics.card.share", own) for own in shares))
    yield Row("difference", (say("topics.card.difference", topic),))
    yield Row("in refits", (say("topics.card.refits", topic),))
    yield Row("verdict", (say("topics.judged", topic),))


def _passages(typical: pd.DataFrame, topic: int, found: Result, count: int) -> Iterator[Row]:
    """Yield the typical sentences of a topic, those of one rank beside each other."""
    own = typical[(typical["topic"] == topic) & (typical["share"] >= TYPICAL)]
    texts = {(row["group"], row["rank"]): _sentence(row) for row in own.to_dict("records")}
    for rank in range(1, count + 1):
        cells = [texts.get((group.label, rank), "") for group in found.corpus.groups]
        if any(cells):
            none = say("topics.card.none", {})
            yield Row(f"typical sentence {rank}", tuple(cell or none for cell in cells))


def _sentence(row: dict[Any, Any]) -> str:
    """Say a sentence and where it stands; the name of its file is left out where it is plain."""
    document, text = row["document"], row["text"]
    plain = document == row["group"]
    facts = {
        "inside": "" if plain else document.removeprefix(f"{row['group']}/"),
        "start": row["start"],
        "end": row["end"],
    }
    return say("topics.card.sentence", {
        "text": text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …",
        "place": say("topics.card.place", facts),
        "share": row["share"],
    })  # fmt: skip


# What is said of a result and of each topic


def about_topics(found: Result) -> dict[str, Any]:
    """Return what is said of a result and of its number of topics."""
    quality, table = found.parts["quality"], found.table
    row = quality[quality["chosen"]].iloc[0]
    stray = np.array([Alarm.NOT_STABLE in alarm for alarm in table["alarm"]], dtype=bool)
    few = stray & ~reaches(table["stability"].to_numpy(float), RECURS)
    kinds = [
        {"few": True, "count": int(few.sum())},
        {"few": False, "count": int((stray & ~few).sum())},
    ]
    return about(found) | {
        **found.facts,
        "model": found.settings["model"],
        "several": len(quality) > 1,
        "first_k": int(quality["k"].min()),
        "last_k": int(quality["k"].max()),
        "recurring": int(row["recurring"]),
        "stray": int(stray.sum()),
        "stray_kinds": [kind for kind in kinds if kind["count"]],
        "top": TOP,
        "agreement_ten": TOP * row["agreement"],
        "chance_ten": TOP * row["chance"],
        "flagged": int(table["alarm"].astype(bool).sum()),
        "findings": int(table["finding"].sum()),
    }


def amount(found: Result) -> dict[str, Any]:
    """Return whether the texts are long enough for topics, and what planted corpora showed."""
    few, many = min(REACHED), max(REACHED)
    return {
        "reach": found.facts["reach"].name,
        "passages": len(found.parts["passages"]),
        "few": few,
        "few_share": REACHED[few],
        "many": many,
        "many_share": REACHED[many],
    }


def reused(found: Result) -> dict[str, Any]:
    """Return which share of the sentences long enough to be told apart stands more than once."""
    return {"reused_share": reused_share(found.corpus)}


@kept
def reused_share(corpus: Corpus) -> float:
    """Return what a pack holds of it: a number, where the sentences themselves are not at hand."""
    longer = [tuple(own) for own in corpus.tokens if len(own) >= TELLING]
    again = sum(times for times in Counter(longer).values() if times > 1)
    return again / max(len(longer), 1)


@kept
def topic_label(corpus: Corpus, label: str) -> str:
    """Return a topic's label as a reader would write it.

    Terms stand as the texts write them; two that mostly stand together are one name; numerals,
    negations and modal verbs, which name no subject, are left out where a name remains without.

    >>> from analysis import load_corpus
    >>> topic_label(load_corpus(), "two, east, middle, trump")
    'Middle East, Trump'
    """
    terms = label.split(", ")
    wanted = set(terms)
    held = Counter(token for tokens in corpus.tokens for token in tokens if token in wanted)
    for (first, second), together in adjacent(corpus, terms).items():
        if (
            2 * together > min(held[first], held[second])
            and first != second
            and {first, second} <= set(terms)
        ):
            terms[terms.index(first)] = f"{first} {second}"
            terms.remove(second)
    telling = [term for term in terms if term not in NAMELESS]
    kept = telling or terms
    return ", ".join(as_written(corpus, term) for term in kept)


def said_of_topics(found: Result) -> list[dict[str, Any]]:
    """Return what is said of each topic, one mapping a row of the table, as it is shown.

    ``shown`` is the label, after any given name; a detection floor of more than the whole of a
    unit, which no difference can reach, is infinite. What is said in percentage points is.
    """
    weights = found.parts["shares"].groupby("topic")["share"].mean()
    topics = []
    for row, given in zip(
        found.table.to_dict("records"), found.parts["cards"]["name"], strict=True
    ):
        topic = {str(name): value for name, value in row.items()}
        label = topic_label(found.corpus, topic["label"])
        floor = topic["floor"] if topic["floor"] <= 1 else math.inf
        topics.append(
            topic
            | {
                "shown": f"{given}: {label}" if given else label,
                "short": short(label, ALT),
                "floor": floor,
                "floor_points": 100 * floor,
                "points": 100 * topic["estimate"],
                "top": TOP,
                "itself": 100 * min(max(topic["self_target"], topic["self_reference"]), 1.0),
                "weight": weights[topic["topic"]],
                "stability_ten": TOP * topic["stability"],
                "chance_ten": TOP * topic["chance"],
                "reasons": [{"reason": name} for name in _reasons(topic)],
                **{name: _points(topic, f"{name}_low", f"{name}_high")
                   for name in ("ci", "given", "refit")},
            }
        )  # fmt: skip
    return topics


def _reasons(topic: dict[str, Any]) -> list[str]:
    """Return why a topic is a finding or none, by name."""
    if topic["alarm"]:
        return [str(reason.name) for reason in topic["alarm"]]
    if topic["finding"]:
        return ["DIFFERS"]
    return ["NOT_HELD" if passes(topic["p_family"]) else "NONE"]


def cut(share: float) -> float:
    """Return a share as it is shown: one that is estimated without bias may lie beyond nought."""
    return min(max(share, 0.0), 1.0)


def _points(topic: dict[str, Any], low: str, high: str) -> tuple[float, float]:
    """Return an interval in percentage points, within what a difference of shares can be."""
    return 100 * max(topic[low], -1.0), 100 * min(topic[high], 1.0)
