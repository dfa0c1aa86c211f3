"""Own raters: what some codes change, where all sentences have been rated.

Two groups are the texts that have one of two words and not the other; the words of the editorials
were chosen so that raters find the groups different. Codes are drawn from their ratings, and the
interval is held against the difference of all ratings.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.files import write_file
from analysis.text import tokenize
from analysis.tone.ratings import EXAMPLE, coded_contrast
from benchmarks.tone_fit import Flags, Floats

GROUPS = {"editorials": ("court", "street"), "product reviews": ("camera", "player")}
EACH = (50, 100, 200)
DRAWS = 2_000
ABOUT = """
# Ratings of sentences of editorials, without their texts: two groups, the articles that have one of
# two words and not the other, which were chosen so that raters find the groups different. Made by
# `python -m benchmarks.tone --fit`, not by hand. rating: mean of twenty people (Hutto & Gilbert
# 2014); tone: learnt without the sentence's article.
"""


def by_word(name: str, texts: list[str], article: np.ndarray) -> tuple[Flags, Flags]:
    """Return which sentences are of the articles with one word, and of those with the other."""
    tokens = pd.Series([set(tokenize(text)) for text in texts])
    of_article = tokens.groupby(article).agg(lambda own: set().union(*own))
    has = [np.array([word in own for own in of_article[article]]) for word in GROUPS[name]]
    return has[0] & ~has[1], has[1] & ~has[0]


def own_raters(
    tone: Floats, rating: Floats, sides: tuple[Flags, Flags], *, seed: int = 0
) -> Iterator[tuple[int, str, float]]:
    """Yield, by the number of codes a group, how intervals cover the difference of all ratings.

    Yields
    ------
    codes, what is measured, its value: ``covered by codes``, ``covered by codes and tone``, and
    ``narrower``, the share by which tone makes the mean interval narrower
    """
    true = rating[sides[0]].mean() - rating[sides[1]].mean()
    for each in EACH:
        rng, hits, widths = np.random.default_rng(seed), np.zeros(2), np.zeros(2)
        for _ in range(DRAWS):
            drawn = [rng.permutation(np.flatnonzero(side))[:each] for side in sides]
            codes = np.full(len(rating), np.nan)
            codes[np.concatenate(drawn)] = rating[np.concatenate(drawn)]
            table = coded_contrast(codes, tone, sides)
            low, high = table["ci_low"].to_numpy(), table["ci_high"].to_numpy()
            hits += (low <= true) & (true <= high)
            widths += high - low
        yield each, "covered by codes", float(hits[0] / DRAWS)
        yield each, "covered by codes and tone", float(hits[1] / DRAWS)
        yield each, "narrower", float(1 - widths[1] / widths[0])


def write_example(tone: Floats, rating: Floats, article: np.ndarray, texts: list[str]) -> None:
    """Write the rated editorials that the package ships, without their texts."""
    target, reference = by_word("editorials", texts, article)
    rows = ["group,article,sentence,rating,tone"]
    place = pd.Series(article).groupby(article).cumcount().to_numpy()
    for word, side in zip(GROUPS["editorials"], (target, reference), strict=True):
        rows += [
            f"{word},{article[row]},{place[row]},{rating[row]:.2f},{tone[row]:.3f}"
            for row in np.flatnonzero(side)
        ]
    write_file(EXAMPLE, "\n".join([ABOUT.strip(), *rows, ""]).encode())
