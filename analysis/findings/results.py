"""All results of a comparison as tables with named rows, for claims to rest on."""

import pandas as pd

from analysis.contrasts.keyness import keyness
from analysis.contrasts.sentiment import sentiment
from analysis.contrasts.topics import topics
from analysis.corpus import Corpus
from analysis.counts import group_sizes

LEVEL = 0.05


def all_results(corpus: Corpus) -> dict[str, pd.DataFrame]:
    """Run the three analyses and return their tables, each with its row names as index.

    Returns
    -------
    dict
        ``sizes`` by group, ``keywords`` by term, ``tone`` by lexicon, ``topics`` by label, and
        ``overall``, one row ``all`` that counts what the tables hold: terms, terms established at
        a family-wise 5 %, terms that G² calls significant and how many of these the count test
        does not bear out, topics, topics that are findings, and the topic whose prevalence
        differs most, with the range of that difference over refits of the model.
    """
    terms, tone, found = keyness(corpus), sentiment(corpus), topics(corpus)
    sizes = group_sizes(corpus).set_index("group")
    tokens = sizes["tokens"].to_numpy(dtype=float)
    claimed = terms["g2_p"] < LEVEL
    widest = found.prevalence.iloc[int(found.prevalence["estimate"].abs().argmax())]
    overall = {
        "longer": float(tokens.max() / tokens.min()),
        "terms": len(terms),
        "established": int((terms["p_family"] < LEVEL).sum()),
        "claimed_by_g2": int(claimed.sum()),
        "not_borne_out": int((claimed & (terms["p_value"] >= LEVEL)).sum()),
        "topics": len(found.prevalence),
        "topic_findings": int(found.prevalence["finding"].sum()),
        "widest_topic": float(widest["estimate"]),
        "widest_refit_low": float(widest["refit_low"]),
        "widest_refit_high": float(widest["refit_high"]),
    }
    return {
        "sizes": sizes,
        "keywords": terms.set_index("term", drop=False),
        "tone": tone.set_index("lexicon", drop=False),
        "topics": found.prevalence.set_index("label", drop=False),
        "overall": pd.DataFrame([overall], index=["all"]),
    }
