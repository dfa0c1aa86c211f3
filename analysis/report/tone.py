"""Everything that the notebook on tone calls, from one place."""

from analysis.report.tone_actors import (
    actors_figure,
    actors_finding,
    actors_meaning,
    actors_table,
    actors_tone,
    voice_finding,
    voice_parts_table,
    voice_table,
)
from analysis.report.tone_audit import audit_finding, audit_table, decisive_table, senses_table
from analysis.report.tone_calibration import (
    calibration_checks,
    calibration_finding,
    calibration_table,
)
from analysis.report.tone_figures import contrast_figure, distribution_figure, trajectory_figure
from analysis.report.tone_findings import (
    distribution_finding,
    names_finding,
    tone_finding,
    trajectory_finding,
)
from analysis.report.tone_shift import shift_figure, shift_finding
from analysis.report.tone_tables import (
    extremes_table,
    groups_table,
    ladder_table,
    lexicon_table,
    names_table,
    split_finding,
    split_table,
)
from analysis.report.tone_topics import topic_split

__all__ = [
    "actors_figure",
    "actors_finding",
    "actors_meaning",
    "actors_table",
    "actors_tone",
    "audit_finding",
    "audit_table",
    "calibration_checks",
    "calibration_finding",
    "calibration_table",
    "contrast_figure",
    "decisive_table",
    "distribution_figure",
    "distribution_finding",
    "extremes_table",
    "groups_table",
    "ladder_table",
    "lexicon_table",
    "names_finding",
    "names_table",
    "senses_table",
    "shift_figure",
    "shift_finding",
    "split_finding",
    "split_table",
    "tone_finding",
    "topic_split",
    "trajectory_figure",
    "trajectory_finding",
    "voice_finding",
    "voice_parts_table",
    "voice_table",
]
