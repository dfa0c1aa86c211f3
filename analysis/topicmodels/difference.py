"""The difference of prevalence, topic by topic, with all that qualifies it."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.inference import permutation_test, self_contrast
from analysis.inference.weights import Floats
from analysis.numbers import largest
from analysis.topicmodels.alarm import separation
from analysis.topicmodels.material import Material
from analysis.topicmodels.posterior import Posterior
from analysis.topicmodels.prevalence import Estimate, Prevalence, Refits

LEVEL = 0.05
PREVALENCE = [
    "topic", "label", "n_units", "share_target", "share_reference", "estimate", "ci_low", "ci_high",
    "given_low", "given_high", "family_low", "family_high", "target_low", "target_high",
    "reference_low", "reference_high", "p_value", "p_family", "self_target", "self_reference",
    "floor", "refit_low", "refit_high",
    "sign_stability", "stability", "chance", "separation", "alarm",
    "finding",
]  # fmt: skip


def difference_table(
    own: Prevalence,
    found: Posterior,
    again: Refits,
    data: Material,
    choice: pd.Series,
    names: list[str],
    seed: int,
    draws: int,
) -> pd.DataFrame:
    """Return the columns of ``Topics.prevalence`` but the last two; see ``topics``.

    Parameters
    ----------
    own, found, again : the contrast, the topics measured, and the refits to units drawn anew
    data : the units
    choice : the row of ``topic_stability`` that was chosen
    names : the topics' labels
    seed, draws : of the permutations
    """
    target = data.target
    sizes, chance = np.ones(len(target)), float(choice["chance"])
    test = permutation_test(own.folded, sizes, target, equal_var=False, draws=draws, seed=seed)
    refit_low, refit_high = again.interval()
    columns = {
        "topic": np.arange(1, len(names) + 1),
        "label": names,
        "n_units": np.bincount(largest(found.shares), minlength=len(names)),
        "share_target": own.target.estimate,
        "share_reference": own.reference.estimate,
        "estimate": own.estimate,
        **_ends("ci", own),
        **_ends("given", own.given),
        **_ends("target", own.target),
        **_ends("reference", own.reference),
        "family_low": own.estimate - test.critical * own.error,
        "family_high": own.estimate + test.critical * own.error,
        "p_value": test.p_value,
        "p_family": test.p_family,
        "floor": (test.critical + norm.ppf(0.8)) * own.error,
        "refit_low": refit_low,
        "refit_high": refit_high,
        "sign_stability": (np.sign(again.estimates) == np.sign(own.estimate)).mean(axis=0),
        "stability": again.agreement,
        "chance": chance,
        "separation": [separation(share, target) for share in found.shares.T],
    }
    itself = self_contrast(own.folded, sizes, target, seed=seed)
    return pd.concat([pd.DataFrame(columns), itself], axis=1)


def _ends(name: str, own: Estimate) -> dict[str, Floats]:
    """Return the ends of a 95 % interval as columns."""
    return dict(zip((f"{name}_low", f"{name}_high"), own.interval(), strict=True))


def sure(table: pd.DataFrame) -> pd.Series:
    """Tell which differences are beyond chance and artefact, the number of topics aside."""
    sign = np.sign(table["estimate"])
    sure = (table["p_family"] < LEVEL) & (table["alarm"] == "")
    for end in ("family_low", "family_high", "refit_low", "refit_high"):
        sure &= sign * table[end] > 0
    return sure
