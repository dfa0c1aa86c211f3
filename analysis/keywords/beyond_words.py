"""Keyness beyond single words: phrases, concepts given as lists of words, collocations."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.inference.levels import DRAWS
from analysis.keywords.table import COLUMNS, METHOD, keyness_of_counts
from analysis.numbers import ordered
from analysis.result import Outcome, analysis, unit_name
from analysis.text import (
    Concept,
    Corpus,
    Counts,
    Group,
    concept_words,
    count_concepts,
    count_phrases,
    cut_units,
    find_phrases,
    load_concepts,
    tokenize,
)
from analysis.text.beyond_words import checked_concepts
from analysis.text.design import capitalised_words
from analysis.text.units import UNIT_TOKENS

_MEASURES = {"likelihood": "likelihood_ratio", "pmi": "pmi", "t": "student_t", "dice": "dice"}
ATTRACTION = "association measures of NLTK on adjacent words; no interval"
COLLOCATIONS = [
    "phrase", "n_target", "n_reference",
    *(f"{measure}_{role}" for measure in _MEASURES for role in ("target", "reference")),
]  # fmt: skip
NAMES = [
    "name", "n_target", "n_reference", "share_first", "share_last", "declared", "together",
]  # fmt: skip
TOGETHER = 0.5  # of the uses of a word that stand in a run
GERMAN = "german"
_ZERO = ["n_target", "n_reference", "rate_target", "rate_reference"]
LISTS = ["concept", "definition", "word", "n_target", "n_reference", "reason"]


@analysis("collocations")
def collocations(corpus: Corpus, *, least: int = 3) -> Outcome:
    """Measure the attraction between the words of every two-word phrase, by NLTK's measures.

    In a group of N tokens, let w₁ and w₂ occur a and b times and w₁ directly before w₂, within a
    sentence, n times; e = a b / N is what chance expects.

    - likelihood ratio: ``2 Σ O ln(O / E)`` over the four cells of the 2 × 2 table (Dunning 1993)
    - PMI: ``log2(n / e)`` (Church & Hanks 1990), high for rare words that meet once or twice
    - t: ``(n - e) / √n`` (Church et al. 1991), high for frequent phrases
    - Dice: ``2 n / (a + b)``, from 0 to 1

    They describe a group's wording. They are no tests: p-values would need every token to be
    independent.

    Parameters
    ----------
    corpus : the two groups
    least : fewest occurrences of a phrase in both groups together

    Returns
    -------
    Result
        One row a phrase, as from ``count_phrases`` with two words at most: ``phrase, n_target,
        n_reference``, then ``likelihood_…, pmi_…, t_…, dice_…`` of target and reference, NaN where
        the phrase is absent. Those with the largest likelihood ratio of either group come first,
        ties by spelling.

    Raises
    ------
    InputError
        ``least`` is below 2.
    """
    pairs = sorted(find_phrases(corpus, longest=2, least=least))
    phrases = [" ".join(pair) for pair in pairs]
    sides = [_side(_finder(corpus, group), group.role, pairs) for group in corpus.groups]
    table = pd.concat([pd.DataFrame({"phrase": phrases}), *sides], axis=1)[COLLOCATIONS]
    strength = table[["likelihood_target", "likelihood_reference"]].max(axis=1)
    ranked = ordered(
        table.assign(strength=strength), ["strength", "phrase"], ascending=[False, True]
    )
    return Outcome(ranked[COLLOCATIONS], cut_units(corpus), unit_name(corpus), ATTRACTION)


@analysis("names")
def name_evidence(corpus: Corpus, *, least: int = 3) -> Outcome:
    """Return runs of capitalised words that come back, with what speaks for counting them as one.

    A run of n occurrences holds together where its words hardly stand without it: at least
    ``TOGETHER`` of the uses of its first word, and of its last, are in it. Runs of a language that
    gives every noun a capital are not told from names, and only declared names are listed.

    Parameters
    ----------
    corpus : the two groups
    least : fewest occurrences of a run in both groups together; declared names have no least

    Returns
    -------
    Result
        One row a run of two or three words: ``name, n_target, n_reference``; ``share_first`` and
        ``share_last``, the share of the uses of its first and of its last word that stand in it;
        whether it is ``declared`` (``Corpus.names``), and whether it holds ``together``. The most
        frequent first, ties by name. A run inside a longer one that is as frequent is left out.
    """
    capital = frozenset() if corpus.language == GERMAN else capitalised_words(corpus)
    sides = [
        Counter(
            run for tokens in corpus.tokens_of(group.label) for run in _capital(tokens, capital)
        )
        for group in corpus.groups
    ]
    total = sides[0] + sides[1]
    wholes = [run for run in total if len(run) == 3]
    halves = [(part, total[run]) for run in wholes for part in (run[:2], run[1:])]
    inner = {part for part, n in halves if total[part] == n}
    found = {run for run, n in total.items() if n >= least and run not in inner}
    declared = {tuple(name.split(" ")) for name in corpus.names}
    words = Counter(token for tokens in corpus.tokens for token in tokens)
    rows = []
    for run in found | declared:
        met = run in total
        counts = [
            side[run] if met else _times(corpus, group, run)
            for side, group in zip(sides, corpus.groups, strict=True)
        ]
        shares = [sum(counts) / words[run[end]] if words[run[end]] else 0.0 for end in (0, -1)]
        together = sum(counts) >= least and min(shares) >= TOGETHER
        rows.append((" ".join(run), *counts, *shares, run in declared, together))
    table = pd.DataFrame(rows, columns=NAMES)
    table = table.assign(n=table["n_target"] + table["n_reference"])
    table = ordered(table, ["n", "name"], ascending=[False, True])[NAMES]
    return Outcome(table, cut_units(corpus), unit_name(corpus), "counting")


def _capital(tokens: list[str], capital: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Yield the runs of two and of three words that all have a capital."""
    for length in (2, 3):
        for start in range(len(tokens) - length + 1):
            run = tuple(tokens[start : start + length])
            if capital.issuperset(run):
                yield run


def _times(corpus: Corpus, group: Group, run: tuple[str, ...]) -> int:
    return sum(
        tuple(tokens[start : start + len(run)]) == run
        for tokens in corpus.tokens_of(group.label)
        for start in range(len(tokens) - len(run) + 1)
    )


def _finder(corpus: Corpus, group: Group) -> Any:
    from nltk.collocations import BigramCollocationFinder  # takes a second to import

    return BigramCollocationFinder.from_documents(corpus.tokens_of(group.label))


def _side(finder: Any, role: str, pairs: list[tuple[str, ...]]) -> pd.DataFrame:
    from nltk.metrics import BigramAssocMeasures

    columns = {f"n_{role}": [finder.ngram_fd[pair] for pair in pairs]} | {
        f"{name}_{role}": np.array(
            [finder.score_ngram(getattr(BigramAssocMeasures, measure), *pair) for pair in pairs],
            dtype=float,
        )
        for name, measure in _MEASURES.items()
    }
    return pd.DataFrame(columns)


@analysis("phrase keyness")
def phrase_keyness(
    corpus: Corpus,
    *,
    longest: int = 4,
    least: int = 3,
    unit_tokens: int = UNIT_TOKENS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Outcome:
    """Contrast the phrases of two groups of texts.

    Parameters
    ----------
    corpus : the two groups
    longest, least : what a phrase is, see ``count_phrases``
    unit_tokens : aimed length of a unit, in tokens
    draws, seed : of the permutation

    Returns
    -------
    Result
        As from ``keyness``, ``term`` holding phrases; rates are per 1,000 tokens, and ``p_family``
        is adjusted over the phrases. Without a row where no phrase comes back.
    """
    counts = count_phrases(corpus, longest=longest, least=least, unit_tokens=unit_tokens)
    table = _contrast(counts, draws, seed)
    return Outcome(table, counts.units, unit_name(corpus, unit_tokens), METHOD)


@analysis("concept keyness")
def concept_keyness(
    corpus: Corpus,
    *,
    concepts: Sequence[Concept] | None = None,
    unit_tokens: int = UNIT_TOKENS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Outcome:
    """Contrast concepts, each a list of words counted as one.

    Parameters
    ----------
    corpus : the two groups
    concepts : the lists, by default those that the corpus names in its manifest
    unit_tokens : aimed length of a unit, in tokens
    draws, seed : of the permutation

    Returns
    -------
    Result
        As from ``keyness``, ``term`` holding concepts; ``p_family`` is adjusted over those that
        occur. One that occurs nowhere has counts and rates of 0 and stands last, its measures NaN.
        Without a row where there are no concepts. The part ``lists`` has one row a word:
        ``concept, definition, word, n_target, n_reference, reason``; the facts ``concepts`` and
        ``file`` are the lists and the name of the file that they are from, if any.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> sorted(concept_keyness(load_corpus(), draws=99).table["term"])[:4]
    ['Syria', 'U.S. policy', 'advice', 'aims']
    """
    given, file = () if concepts is None else checked_concepts(concepts), ""
    if concepts is None and corpus.concepts is not None:
        given, file = load_concepts(corpus.concepts), corpus.concepts.name
    units = cut_units(corpus, unit_tokens=unit_tokens)
    table = pd.DataFrame(columns=COLUMNS)
    if given:
        table = _contrast(count_concepts(corpus, given, unit_tokens=unit_tokens), draws, seed)
    facts = {"concepts": given, "file": file}
    parts = {"lists": _lists(corpus, given)}
    return Outcome(table, units, unit_name(corpus, unit_tokens), METHOD, parts, facts)


def _contrast(counts: Counts, draws: int, seed: int) -> pd.DataFrame:
    """Contrast what occurs, and list what does not behind it."""
    occurs = counts.matrix.sum(axis=0) > 0
    terms = np.array(counts.terms, dtype=object)
    if not occurs.any():
        return _with_absent(pd.DataFrame(columns=COLUMNS), terms.tolist())
    found = replace(counts, terms=tuple(terms[occurs]), matrix=counts.matrix[:, occurs])
    table = keyness_of_counts(found, draws=draws, seed=seed)
    return _with_absent(table, terms[~occurs].tolist())


def _with_absent(table: pd.DataFrame, absent: list[str]) -> pd.DataFrame:
    if not absent:
        return table
    rows = table.set_index("term").reindex([*table["term"], *absent]).rename_axis("term")
    rows[_ZERO] = rows[_ZERO].fillna(0)
    rows["established"] = rows["established"] == True  # noqa: E712 - what is absent is not
    kinds = {column: int if column.startswith("n_") else float for column in COLUMNS[1:]}
    return rows.astype(kinds | {"established": bool}).reset_index()[COLUMNS]


def _lists(corpus: Corpus, concepts: Sequence[Concept]) -> pd.DataFrame:
    """Return every word of every list with its counts and the reason why it belongs."""
    found = concept_words(corpus, concepts)
    target, reference = (found[group.label] for group in corpus.groups)
    rows = [
        (concept.name, concept.definition, word, target[key], reference[key], reason)
        for concept in concepts
        for word, reason in concept.words.items()
        for key in [" ".join(tokenize(word))]
    ]
    return pd.DataFrame(rows, columns=LISTS)
