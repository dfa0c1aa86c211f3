"""The corpus itself: how much text each group has, what was cleaned away, and its units."""

import numpy as np
import pandas as pd

from analysis.result import Outcome, analysis
from analysis.text import Corpus, cut_units, group_sizes, load_concepts, look, unit_name
from analysis.text.annotations import codings, readings, sections
from analysis.text.concordance import concept_occurrences
from analysis.text.units import UNIT_TOKENS

RULES = (  # in the order in which they are listed; others follow by name
    "outside-body", "caption", "link", "emphasis", "escape", "correction", "page-break",
    "white-space",
)  # fmt: skip


@analysis("description")
def describe(corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS) -> Outcome:
    """Describe two groups of texts before anything is compared.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit of inference, in tokens

    Returns
    -------
    Result
        One row a group: ``group, documents, paragraphs, sentences, tokens, types, units``. Parts:

        - ``documents``: one row a document, with its metadata and counts
        - ``met``: what is no prose, damaged or there twice (``look``)
        - ``removed``: per rule and group, how many ``edits`` and ``characters`` of the source
        - ``examples``: the first edit of each rule in each document, with how many there are
        - ``corrections``: the words that were corrected, one row each, with the reason
        - ``sentences``: the ``tokens`` of every sentence

    Examples
    --------
    >>> from analysis import load_corpus
    >>> describe(load_corpus()).table[["group", "sentences", "tokens"]]
      group  sentences  tokens
    0  2018         36    1037
    1  2017        151    3019
    """
    parts = {
        "documents": corpus.overview,
        "met": look(corpus),
        "removed": removed(corpus),
        "examples": removal_examples(corpus),
        "corrections": corrected(corpus),
        "sentences": sentence_lengths(corpus),
    }
    units = cut_units(corpus, unit_tokens=unit_tokens)
    sizes = group_sizes(corpus, unit_tokens=unit_tokens)
    return Outcome(sizes, units, unit_name(corpus, unit_tokens), "counting", parts)


@analysis("annotations")
def annotate(corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS) -> Outcome:
    """Return what a reader noted in the texts, with the concepts as they stand along them.

    Parameters
    ----------
    corpus : the two groups; its manifest names the annotations, and concepts if there are any
    unit_tokens : aimed length of a unit of inference, in tokens

    Returns
    -------
    Result
        Its table has the readings, one row each: ``element, document, group, says, quote`` and the
        quotation's place (see ``annotations.readings``). Parts:

        - ``sections``: how a reader cut each document (``annotations.sections``)
        - ``referents``: per coded term, question and code, the occurrences in either group:
          ``term, question, code, n_target, n_reference``
        - ``concepts``: ``group, document, term, position`` of each word of a concept, ``term`` the
          concept and ``position`` from 0 to 1 along the document

    Examples
    --------
    >>> from analysis import load_corpus
    >>> notes = annotate(load_corpus())
    >>> notes.parts["referents"].loc[0, ["term", "code"]].tolist()
    ['relationship', 'Russia and Iran']
    """
    parts = {
        "sections": sections(corpus),
        "referents": _referents(corpus),
        "concepts": _concepts_along(corpus),
    }
    units = cut_units(corpus, unit_tokens=unit_tokens)
    return Outcome(readings(corpus), units, unit_name(corpus, unit_tokens), "reading", parts)


def _referents(corpus: Corpus) -> pd.DataFrame:
    """Count the codes of each term, those of most occurrences first, ties by code."""
    roles = {group.label: f"n_{group.role}" for group in corpus.groups}
    coded = codings(corpus)
    coded = coded.assign(role=coded["group"].map(roles))
    keys = ["term", "question", "code"]
    sums = coded.groupby([*keys, "role"]).size().unstack("role", fill_value=0)  # noqa: PD010
    sums = sums.reindex(columns=["n_target", "n_reference"], fill_value=0).reset_index()
    total = sums["n_target"] + sums["n_reference"]
    order = np.lexsort([sums["code"], -total, sums["term"]])
    return sums.iloc[order].reset_index(drop=True).rename_axis(columns=None)


def _concepts_along(corpus: Corpus) -> pd.DataFrame:
    columns = ["group", "document", "term", "position"]
    if corpus.concepts is None:
        return pd.DataFrame(columns=columns)
    found = concept_occurrences(corpus, load_concepts(corpus.concepts))
    return found.assign(term=found["concept"])[columns]


def removed(corpus: Corpus) -> pd.DataFrame:
    """Return, per group and rule, how many edits were made and characters of the source touched."""
    edits = corpus.edits.assign(characters=corpus.edits["removed"].str.len())
    group = {document.id: document.group for document in corpus.documents}
    edits = edits[edits["characters"] > 0].assign(group=edits["document"].map(group))
    sums = edits.groupby(["rule", "group"])["characters"].agg(["sum", "size"])
    sums = sums.rename(columns={"sum": "characters", "size": "edits"}).reset_index()
    rules = (*RULES, *sorted(set(sums["rule"]) - set(RULES)))
    places = ((rule, group.label) for rule in rules for group in corpus.groups)
    order = {key: place for place, key in enumerate(places)}
    rank = [order[key] for key in zip(sums["rule"], sums["group"], strict=True)]
    return sums.iloc[np.argsort(rank, kind="stable")].reset_index(drop=True)


def removal_examples(corpus: Corpus, width: int = 40) -> pd.DataFrame:
    """Return the first edit of each rule in each document, with how many there are."""
    edits = corpus.edits
    table = edits.assign(edits=edits.groupby(["document", "rule"])["rule"].transform("size"))
    table = table.drop_duplicates(["document", "rule"])
    shorten = table["removed"].str.split().str.join(" ").str.strip()
    clipped = shorten.where(shorten.str.len() <= width, shorten.str[: width - 1] + "…")
    return table.assign(removed=clipped.replace("", "(line end)")).reset_index(drop=True)


def corrected(corpus: Corpus) -> pd.DataFrame:
    """Return the words that were corrected, one row each, with the reason."""
    edits = corpus.edits
    columns = ["document", "start", "removed", "replacement", "reason"]
    return edits.loc[edits["rule"] == "correction", columns].reset_index(drop=True)


def sentence_lengths(corpus: Corpus) -> pd.DataFrame:
    """Return the tokens of every sentence."""
    sentences = corpus.sentences
    return sentences[["document", "group", "sentence"]].assign(tokens=corpus.sentence_tokens)
