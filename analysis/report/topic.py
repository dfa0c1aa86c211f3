"""Everything that the notebook on topics calls, from one place."""

from analysis.report.topic_cards import topic_cards
from analysis.report.topic_choice import (
    choice_figure,
    choice_finding,
    choice_table,
    stability_figure,
)
from analysis.report.topic_figures import map_figure, prevalence_figure, terms_figure
from analysis.report.topic_findings import flags_finding, topics_finding, wording_finding
from analysis.report.topic_tables import flags_table, prevalence_table, wording_table

__all__ = [
    "choice_figure",
    "choice_finding",
    "choice_table",
    "flags_finding",
    "flags_table",
    "map_figure",
    "prevalence_figure",
    "prevalence_table",
    "stability_figure",
    "terms_figure",
    "topic_cards",
    "topics_finding",
    "wording_finding",
    "wording_table",
]
