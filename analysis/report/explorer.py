"""The explorer: one self-contained page to look at words, sentences, tone and texts."""

import html
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.errors import InputError
from analysis.files import resource
from analysis.inference.levels import LEVEL, passes
from analysis.inference.weights import Flags, Floats
from analysis.numbers import largest, number, ordered, steady
from analysis.report.topic import topic_label
from analysis.result import Result, about
from analysis.sentences import say
from analysis.text import Corpus
from analysis.text.concordance import all_as_written
from analysis.text.units import unit_rows
from analysis.tone import load_actors, score_sentences
from analysis.tone.sentences import other_language

MOST_TERMS = 3_000  # words that the scatter and the list hold
MOST_OTHERS = 12_000  # further words of which the page knows how often they occur
MOST_TOKENS = 60_000  # tokens whose sentences the page holds
NAMED = 40  # texts whose sums stand in the page, each
LINES = 4  # sentences a group and word that a bounded page looks for first
DIGITS = 4  # significant digits of the numbers in the page
EXACT = 7  # of p-values, which the page rounds once more
DEGREES = 200  # Student's quantiles that the page knows
MARK = b'<script type="application/json" id="data">'  # by which a page is known as one of these
HOME = "<!-- home -->"  # where a site sets the link to its first page
NEUTRAL = 0.25  # tone nearer to nought than this is not coloured

Item = TypeVar("Item")


def explorer(keywords: Result, topics: Result | None = None, *, home: str = "") -> str:
    """Return the explorer of a comparison as HTML that needs nothing beside itself.

    It holds the words with most evidence, and the sentences of the texts up to a bound: of larger
    corpora some in which the leading words stand, from all over the texts, and some documents
    whole. Counts are always those of the whole corpus.

    Parameters
    ----------
    keywords : as from ``keyness``
    topics : as from ``topics``, of the same corpus; without it no topic is highlighted
    home : the address of the page that leads to this one, if there is one
    """
    corpus = keywords.corpus
    if topics is not None and topics.corpus is not corpus:
        raise InputError(
            "The topics are of another corpus than the keywords: make both of the same one."
        )
    ranked = _ranked(keywords.table)
    table = ranked.head(MOST_TERMS)
    table = table.assign(display=all_as_written(corpus, table["term"].tolist()))
    held = _held(corpus, table["term"].tolist())
    tokens = sorted({token for row in np.flatnonzero(held) for token in corpus.tokens[row]})
    facts = {
        "groups": _groups(keywords),
        "tested": len(keywords.table),
        "level": LEVEL,
        "terms": _terms(table),
        "others": _others(ranked.iloc[MOST_TERMS:]),
        "documents": _documents(corpus, held),
        "sentences": _sentences(keywords, topics, held, tokens),
        "vocabulary": tokens,
        "names": list(corpus.names),
        "topics": [topic_label(corpus, label) for label in _labels(topics)],
        "actors": corpus.actors is not None,
        "neutral": NEUTRAL,
        "complete": bool(held.all()),
        "bounded": say("explorer.bounded", {"held": int(held.sum()), "all": len(held)}),
        "t": [_round(stats.t.isf(LEVEL / 2, df)) for df in range(1, DEGREES + 1)],
        "guard": say("common.guard", about(keywords)),
        "about": _about(keywords),
    }
    own = {"@HOME@": home_link(home) if home else HOME, "@DATA@": _embedded(facts)}
    return filled("explorer", corpus.title, own)


def filled(kind: str, title: str, parts: Mapping[str, str]) -> str:
    """Return a page that needs nothing beside itself, of a kind whose files the package holds.

    Parameters
    ----------
    kind : "explorer" or "site": the folder of its page, style and script; all begin alike
    title : of the window, plain
    parts : what stands in the page's places, as HTML
    """

    def part(name: str) -> str:
        return resource(name).read_text(encoding="utf-8").rstrip()

    parts = {
        "@TITLE@": html.escape(title),
        "@STYLE@": part(f"{kind}/{kind}.css"),
        "@SCRIPT@": part(f"{kind}/{kind}.js"),
        **parts,
    }
    page = part(f"{kind}/page.html").replace("@HEAD@", part("head.html")) + "\n"
    return re.sub("|".join(parts), lambda place: parts[place.group()], page)


def home_link(address: str) -> str:
    """Return the link of an explorer to the page that leads to it."""
    return f'<a href="{html.escape(address)}">{say("explorer.home", {})}</a>'


def _embedded(facts: dict[str, Any]) -> str:
    """Return JSON that cannot end the element it stands in, whatever the texts hold."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _round(value: float, digits: int = DIGITS) -> float | str | None:
    """Return a number with the digits that the page shows, None where it is undefined."""
    if np.isinf(value):
        return number(value)
    return float(f"{steady(value):.{digits}g}") if np.isfinite(value) else None


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by their evidence, whichever side they mark, the strongest first."""
    sized = table.assign(size=table["score"].abs())
    return ordered(sized, ["size", "term"], ascending=[False, True])


def _others(rest: pd.DataFrame) -> list[list[Any]]:
    """Return how often the most frequent of further words occur in either group."""
    counts = ["n_target", "n_reference"]
    sized = rest.assign(size=rest[counts].sum(axis=1))
    most = ordered(sized, ["size", "term"], ascending=[False, True]).head(MOST_OTHERS)
    return [[term, int(a), int(b)] for term, a, b in most[["term", *counts]].to_numpy().tolist()]


def _terms(table: pd.DataFrame) -> list[list[Any]]:
    shown = table["display"]
    sure = table["established"] if "established" in table else passes(table["p_family"])
    columns = {"log_ratio": DIGITS, "ci_low": DIGITS, "ci_high": DIGITS}
    columns |= {"p_value": EXACT, "p_family": EXACT}
    numbers, digits = table[list(columns)].to_numpy(float), list(columns.values())
    return [
        [term, name, int(a), int(b), *map(_round, row, digits), int(own)]
        for term, name, a, b, row, own in zip(
            table["term"], shown, table["n_target"], table["n_reference"], numbers, sure,
            strict=True,
        )
    ]  # fmt: skip


def _groups(result: Result) -> list[dict[str, Any]]:
    sizes = result.sizes()
    count = [document.group for document in result.corpus.documents].count
    return [
        {"label": g.label, "role": g.role, "documents": count(g.label), **sizes[g.label]}
        for g in result.corpus.groups
    ]


def _held(corpus: Corpus, terms: Sequence[str]) -> Flags:
    """Return which sentences the page holds, at most so many tokens of them.

    Half of the room is for sentences in which the leading words stand, a quarter for whole
    documents of each group; what of a document finds no room is left out.
    """
    sizes = corpus.sentence_tokens
    if sizes.sum() <= MOST_TOKENS:
        return np.ones(len(sizes), dtype=bool)
    held = _taken(_with_words(corpus, terms), sizes, MOST_TOKENS // 2)
    for group in corpus.groups:
        rows = _of_documents(corpus, group.label, MOST_TOKENS // 4)
        held |= _taken(rows, sizes, MOST_TOKENS // 4)
    return held


def _taken(rows: Sequence[int], sizes: NDArray[np.int64], room: int) -> Flags:
    """Return the first of the rows that have room, as flags."""
    wanted = np.array(list(dict.fromkeys(rows)), dtype=np.int64)
    held = np.zeros(len(sizes), dtype=bool)
    held[wanted[np.cumsum(sizes[wanted]) <= room]] = True
    return held


def _with_words(corpus: Corpus, terms: Sequence[str]) -> list[int]:
    """Return some sentences of each group for each term, evenly along the group's texts."""
    begins: dict[str, list[str]] = {}
    for term in terms:
        begins.setdefault(term.split(" ")[0], []).append(term)
    groups = corpus.sentences["group"].tolist()
    found: dict[tuple[str, str], list[int]] = {}
    for row, tokens in enumerate(corpus.tokens):
        joined = f" {' '.join(tokens)} "
        for word in dict.fromkeys(tokens):
            for term in begins.get(word, ()):
                if f" {term} " in joined:
                    found.setdefault((term, groups[row]), []).append(row)
    return [
        row
        for term in terms
        for group in corpus.groups
        for row in _spread(found.get((term, group.label), []), LINES)
    ]


def _of_documents(corpus: Corpus, group: str, room: int) -> list[int]:
    """Return the sentences of as many documents of a group as have room, evenly along its texts."""
    mine = corpus.sentences["group"] == group
    names = corpus.sentences.loc[mine, "document"]
    each = int(corpus.sentence_tokens[mine].sum()) / names.nunique()
    chosen = set(_spread(names.unique().tolist(), max(1, int(room / each))))
    rows: list[int] = np.flatnonzero(mine & corpus.sentences["document"].isin(chosen)).tolist()
    return rows


def _spread(values: Sequence[Item], most: int) -> list[Item]:
    """Return at most so many of the values, evenly from the first to the last."""
    if len(values) <= most:
        return list(values)
    return [values[place] for place in np.linspace(0, len(values) - 1, most).round().astype(int)]


def _documents(corpus: Corpus, held: Flags) -> list[dict[str, Any]]:
    """Return the documents of which the page holds a sentence, in their order."""
    place = {group.label: number for number, group in enumerate(corpus.groups)}
    there = set(corpus.sentences.loc[held, "document"])
    return [
        {"id": d.id, "group": place[d.group], "title": d.title, "n": len(d.sentence_spans)}
        for d in corpus.documents
        if d.id in there
    ]


def _sentences(
    keywords: Result, topics: Result | None, held: Flags, vocabulary: Sequence[str]
) -> list[dict[str, Any]]:
    """Return what the page knows of each sentence that it holds."""
    corpus = keywords.corpus
    document = {d["id"]: number for number, d in enumerate(_documents(corpus, held))}
    place = {token: number for number, token in enumerate(vocabulary)}
    unit, at, topic = _units(keywords), _positions(corpus), _leading(topics, len(held))
    tone, named = score_sentences(corpus)["tone"].to_numpy(float), _named(corpus)
    if other_language(corpus):
        tone = np.full(len(tone), np.nan)
    spans = _spans(corpus, set(document))
    columns = corpus.sentences[["document", "paragraph", "text"]].to_numpy().tolist()
    units = {row: _code_units(columns[row][2]) for row in np.flatnonzero(held).tolist()}
    return [
        {
            "d": document[columns[row][0]],
            "i": spans[row][3],
            "p": columns[row][1],
            "u": int(unit[row]),
            "at": _round(at[row]),
            "b": list(map(int, spans[row][2])),
            "x": columns[row][2],
            "t": _round(tone[row]),
            "k": int(topic[row]) if topic[row] >= 0 else None,
            "a": [[units[row](start), units[row](end)] for start, end in named(columns[row][2])],
            "w": [
                value
                for start, end, token in spans[row][1]
                for first, last in [(start - spans[row][0], end - spans[row][0])]
                for value in (units[row](first), units[row](last) - units[row](first), place[token])
            ],
        }
        for row in np.flatnonzero(held).tolist()
    ]


def _code_units(text: str) -> Callable[[int], int]:
    """Return what turns a place in a text into the place that a browser counts, in UTF-16."""
    if text.isascii() or max(text) < "\U00010000":
        return lambda place: place
    wide = np.cumsum([0, *(1 + (sign > "\uffff") for sign in text)])
    return lambda place: int(wide[place])


def _spans(corpus: Corpus, documents: Collection[str]) -> dict[int, tuple[int, Any, Any, int]]:
    """Return of each sentence of some documents: its begin, tokens, place in the file, number."""
    found, first = {}, 0
    for document in corpus.documents:
        if document.id in documents:
            pairs = zip(document.sentence_spans, document.token_spans, strict=True)
            for number, ((_, begin, end), own) in enumerate(pairs):
                span = document.edited.raw_span(begin, end)
                found[first + number] = begin, own, span, number
        first += len(document.sentence_spans)
    return found


def _named(corpus: Corpus) -> Callable[[str], list[list[int]]]:
    """Return what finds the names of actors in a sentence: [start, end] of each."""
    if corpus.actors is None:
        return lambda text: []
    find = load_actors(corpus.actors).find
    return lambda text: [list(span) for span in sorted({(a, b) for a, b, _ in find(text)})]


def _units(result: Result) -> NDArray[np.int64]:
    """Return the unit of inference of every sentence, -1 where it is in none."""
    found = np.full(len(result.corpus.sentences), -1)
    for place, rows in enumerate(unit_rows(result.corpus, result.units)):
        found[rows] = place
    return found


def _leading(topics: Result | None, sentences: int) -> NDArray[np.int64]:
    """Return the place of each sentence's leading topic, that of its passage; -1 where none is."""
    found = np.full(sentences, -1)
    if topics is not None:
        passages = unit_rows(topics.corpus, topics.parts["passages"])
        shares = topics.parts["shares"]["share"].to_numpy().reshape(len(passages), -1)
        for rows, best in zip(passages, largest(shares), strict=True):
            found[rows] = best
    return found


def _labels(topics: Result | None) -> list[str]:
    """Return the topics' labels in the order of their numbers."""
    if topics is None:
        return []
    labels: list[str] = topics.table.set_index("topic")["label"].sort_index().tolist()
    return labels


def _positions(corpus: Corpus) -> Floats:
    """Return where in its group's texts each sentence begins, from 0 to 1."""
    sizes = pd.Series(corpus.sentence_tokens)
    groups = sizes.groupby(corpus.sentences["group"].to_numpy())
    found: Floats = ((groups.cumsum() - sizes) / groups.transform("sum")).to_numpy()
    return found


def _texts(sums: Mapping[str, str]) -> str:
    """Return which texts these are: each with its sum, or many with one sum over theirs."""
    if len(sums) <= NAMED:
        return "; ".join(f"{name} {own[:12]}" for name, own in sums.items())
    whole = sha256("\n".join(sorted(sums.values())).encode()).hexdigest()
    return say("explorer.texts", {"count": len(sums), "sum": whole[:12]})


def _about(result: Result) -> dict[str, str]:
    record = result.record
    settings = ", ".join(f"{name} {value}" for name, value in record["settings"].items())
    return {
        "method": str(record["method"]),
        "unit": str(record["unit"]),
        "settings": settings,
        "seed": str(record["seed"]),
        "texts": _texts(record["texts"]),
        "versions": ", ".join(f"{name} {number}" for name, number in record["versions"].items()),
    }
