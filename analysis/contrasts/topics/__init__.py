"""Topics: a model of units, how far it can be trusted, and where the groups differ."""

from analysis.contrasts.topics.stability import topic_stability
from analysis.contrasts.topics.table import Topics, topics
from analysis.contrasts.topics.typical import typical_units

__all__ = ["Topics", "topic_stability", "topics", "typical_units"]
