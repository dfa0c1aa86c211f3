"""Topics: a model of units, how far it can be trusted, and where the groups differ."""

from analysis.topicmodels.contrast import topics
from analysis.topicmodels.prevalence import Alarm
from analysis.topicmodels.streaming import Stream, read_partitions, stream_topics
from analysis.topicmodels.wording import typical_sentences

__all__ = ["Alarm", "Stream", "read_partitions", "stream_topics", "topics", "typical_sentences"]
