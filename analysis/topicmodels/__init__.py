"""Topics: a model of units, how far it can be trusted, and where the groups differ."""

from analysis.topicmodels.contrast import topics, typical_sentences
from analysis.topicmodels.prevalence import Alarm
from analysis.topicmodels.streaming import RowsOfFile, Stream, read_partitions, stream_topics

__all__ = [
    "Alarm",
    "RowsOfFile",
    "Stream",
    "read_partitions",
    "stream_topics",
    "topics",
    "typical_sentences",
]
