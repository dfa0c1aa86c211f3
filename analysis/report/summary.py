"""The three analyses on one scale."""

import pandas as pd

TONE = "calibrated tone"
LEVEL = 0.05
NOT_HELD = "not held up"
COLUMNS = [
    "analysis", "name", "estimate", "ci_low", "ci_high", "p_family", "itself",
    "scaled", "scaled_low", "scaled_high", "flag",
]  # fmt: skip


def summary(
    terms: pd.DataFrame, tone: pd.DataFrame, prevalence: pd.DataFrame, *, each: int = 5
) -> pd.DataFrame:
    """Join the contrasts of terms, tone and topics on one scale.

    Every contrast is divided by its *self-contrast*: the difference that a group's own text, set
    against itself at the lengths at hand, stays under in 95 % of draws (the larger of the two
    groups'). On that scale 1 is what chance alone may produce, whatever was measured.

    Parameters
    ----------
    terms : from ``keyness``
    tone : from ``sentiment``; its first row is taken, the calibrated tone of all lexicons
    prevalence : from ``topics``
    each : how many terms with the highest scores to take of either side

    Returns
    -------
    DataFrame
        One row a contrast: ``analysis`` (keyword, tone, topic), ``name``, the contrast with its
        interval and family-wise p as in its own table, ``itself`` (the self-contrast),
        ``scaled, scaled_low, scaled_high``, and ``flag`` (why a topic is no finding, or empty). Its
        ``attrs`` hold seed, draws and words of each analysis.
    """
    ends = pd.concat([terms[terms["score"] > 0].head(each), terms[terms["score"] < 0].tail(each)])
    parts = [
        _part("keyword", ends.rename(columns={"term": "name", "log_ratio": "estimate"})),
        _part("tone", tone.head(1).assign(name=TONE)),
        _part("topic", _flagged(prevalence).rename(columns={"label": "name"})),
    ]
    table = pd.concat(parts, ignore_index=True)
    for column, source in (
        ("scaled", "estimate"),
        ("scaled_low", "ci_low"),
        ("scaled_high", "ci_high"),
    ):
        table[column] = table[source] / table["itself"]
    sources = {"keyword": terms, "tone": tone, "topic": prevalence}
    table.attrs = {
        key: {name: source.attrs.get(key) for name, source in sources.items()}
        for key in ("seed", "draws", "words")
    }
    return table[COLUMNS]


def _flagged(prevalence: pd.DataFrame) -> pd.DataFrame:
    """Add why a topic is no finding: its alarm, or what took back a difference that passed."""
    passed = (prevalence["p_family"] < LEVEL) & ~prevalence["finding"]
    unheld = passed.map({True: NOT_HELD, False: ""})
    return prevalence.assign(flag=prevalence["alarm"].where(prevalence["alarm"] != "", unheld))


def _part(analysis: str, table: pd.DataFrame) -> pd.DataFrame:
    itself = table[["self_target", "self_reference"]].max(axis=1)
    flag = table.get("flag", "")
    columns = ["name", "estimate", "ci_low", "ci_high", "p_family"]
    return table[columns].assign(analysis=analysis, itself=itself, flag=flag)
