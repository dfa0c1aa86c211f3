"""Sentiment: sentence scores -> tone of each unit -> contrast, and the words behind it."""

from analysis.contrasts.sentiment.contrast import sentiment
from analysis.contrasts.sentiment.lexicons import Lexicon, vader
from analysis.contrasts.sentiment.scores import (
    score_lines,
    score_sentences,
    tone_distribution,
    tone_extremes,
)
from analysis.contrasts.sentiment.trajectory import tone_movement, tone_units
from analysis.contrasts.sentiment.words import tone_words

__all__ = [
    "Lexicon",
    "score_lines",
    "score_sentences",
    "sentiment",
    "tone_distribution",
    "tone_extremes",
    "tone_movement",
    "tone_units",
    "tone_words",
    "vader",
]
