"""Topics: a model of units, how far it can be trusted, and where the groups differ."""

from analysis.topicmodels.quality import recommendation, topic_quality
from analysis.topicmodels.stability import topic_stability
from analysis.topicmodels.streaming import Stream, stream_topics
from analysis.topicmodels.table import Topics, topics
from analysis.topicmodels.typical import typical_sentences, typical_units

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
