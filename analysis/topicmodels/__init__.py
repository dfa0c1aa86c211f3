"""Topics: a model of units, how far it can be trusted, and where the groups differ."""

from analysis.topicmodels.contrast import topics
from analysis.topicmodels.prevalence import Alarm
from analysis.topicmodels.streaming import Stream, stream_topics
from analysis.topicmodels.wording import typical_sentences

__all__ = ["Alarm", "Stream", "stream_topics", "topics", "typical_sentences"]
