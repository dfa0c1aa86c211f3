"""Topics: a model of units, how far it can be trusted, and where the groups differ."""

from analysis.contrasts.topics.quality import recommendation, topic_quality
from analysis.contrasts.topics.stability import topic_stability
from analysis.contrasts.topics.streaming import Stream, stream_topics
from analysis.contrasts.topics.table import Topics, topics
from analysis.contrasts.topics.typical import typical_sentences, typical_units

__all__ = [
    "Stream",
    "Topics",
    "recommendation",
    "stream_topics",
    "topic_quality",
    "topic_stability",
    "topics",
    "typical_sentences",
    "typical_units",
]
