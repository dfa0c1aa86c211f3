"""The words behind a contrast of tone."""

from collections import Counter

import numpy as np
import pandas as pd

from analysis.contrasts.sentiment.lexicons import Lexicon, vader
from analysis.corpus import Corpus
from analysis.counts import tokenize

COLUMNS = """term valence n_target n_reference n_capital rate_target rate_reference
    contribution""".split()


def tone_words(corpus: Corpus) -> pd.DataFrame:
    """Say which words of the lexicon make the difference of tone.

    A word's contribution is ``valence · (rate in target - rate in reference)``. This is the
    lexicon's part alone, before VADER's rules for negation, capitals and emphasis, and before it
    squeezes a sentence's sum into -1 to 1: contributions add up to the difference of valence per
    1,000 tokens, not to the difference of mean scores.

    Returns
    -------
    DataFrame
        One row a word that the engine scores in these texts: ``term``; ``valence``, its worth in
        the lexicon (-4 to 4); ``n_target, n_reference``, occurrences; ``n_capital``, how many of
        both begin with a capital letter without opening their sentence, as names do;
        ``rate_target, rate_reference``, per 1,000 tokens; ``contribution``, positive where the
        word lifts the target's tone above the reference's. Largest contributions first, ties by
        term. Empty where the lexicon knows no word of the texts.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> tone_words(load_corpus())["term"].head(2).tolist()
    ['united', 'war']
    """
    lexicon = vader()
    counters, tokens, capitals = {}, {}, Counter[str]()
    for group in corpus.groups:
        texts = list(corpus.sentences.loc[corpus.sentences["group"] == group.label, "text"])
        counters[group.role] = Counter(w.lower() for t in texts for _, w in lexicon.find(t))
        tokens[group.role] = sum(len(tokenize(text)) for text in texts)
        capitals.update(word for text in texts for word in _capitals(lexicon, text))
    terms = sorted(set().union(*counters.values()))
    table = pd.DataFrame({"term": pd.Series(terms, dtype=str)})
    table["valence"] = np.array([lexicon.valences[term] for term in terms], dtype=float)
    for role, counter in counters.items():
        table[f"n_{role}"] = np.array([counter[term] for term in terms], dtype=int)
        table[f"rate_{role}"] = 1000 * table[f"n_{role}"] / tokens[role]
    table["n_capital"] = np.array([capitals[term] for term in terms], dtype=int)
    table["contribution"] = table["valence"] * (table["rate_target"] - table["rate_reference"])
    order = np.lexsort((table["term"], -table["contribution"].abs().round(12)))
    return table.iloc[order].reset_index(drop=True)[COLUMNS]


def _capitals(lexicon: Lexicon, text: str) -> list[str]:
    return [word.lower() for place, word in lexicon.find(text) if place and word[0].isupper()]
