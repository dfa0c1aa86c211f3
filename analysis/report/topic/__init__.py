"""Topics: their figures, tables and findings, as the fourth notebook calls them."""

from analysis.report.topic.contrast import (
    flags_finding,
    flags_table,
    prevalence_figure,
    prevalence_if_stable,
    prevalence_table,
    topics_finding,
    verdict,
    wording_finding,
    wording_table,
)
from analysis.report.topic.model import (
    choice_figure,
    choice_finding,
    choice_table,
    map_figure,
    stability_figure,
    terms_figure,
    topic_cards,
    topic_label,
)

__all__ = [
    "choice_figure",
    "choice_finding",
    "choice_table",
    "flags_finding",
    "flags_table",
    "map_figure",
    "prevalence_figure",
    "prevalence_if_stable",
    "prevalence_table",
    "stability_figure",
    "terms_figure",
    "topic_cards",
    "topic_label",
    "topics_finding",
    "verdict",
    "wording_finding",
    "wording_table",
]
