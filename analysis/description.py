"""The corpus itself: how much text each group has, what was cleaned away, and its units."""

import numpy as np
import pandas as pd

from analysis.result import Outcome, analysis
from analysis.text import Corpus, cut_units, group_sizes, unit_name
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
        - ``removed``: per rule and group, how many ``edits`` and ``characters`` of the source
        - ``examples``: the first edit of each rule in each document, with how many there are
        - ``corrections``: the words that were corrected, one row each, with the reason
        - ``sentences``: the ``tokens`` of every sentence

    Examples
    --------
    >>> from analysis import load_corpus
    >>> describe(load_corpus()).table[["group", "sentences", "tokens"]]
      group  sentences  tokens
    0  2018         36    1038
    1  2017        151    2755
    """
    parts = {
        "documents": corpus.overview,
        "removed": removed(corpus),
        "examples": removal_examples(corpus),
        "corrections": corrected(corpus),
        "sentences": sentence_lengths(corpus),
    }
    units = cut_units(corpus, unit_tokens=unit_tokens)
    sizes = group_sizes(corpus, unit_tokens=unit_tokens)
    return Outcome(sizes, units, unit_name(corpus, unit_tokens), "counting", parts)


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
