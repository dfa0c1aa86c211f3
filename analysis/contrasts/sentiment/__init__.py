"""Sentiment: sentence scores -> tone of each unit -> contrast, and what stands behind it."""

from analysis.contrasts.sentiment.actors import actor_sentences, actor_tone
from analysis.contrasts.sentiment.aliases import load_actors
from analysis.contrasts.sentiment.audit import decisive_words, lexicon_audit
from analysis.contrasts.sentiment.contrast import sentiment
from analysis.contrasts.sentiment.embedding import embedding_tone
from analysis.contrasts.sentiment.lexicons import Lexicon, lexicon, lexicons, vader, word_list
from analysis.contrasts.sentiment.names import mask, masked_names
from analysis.contrasts.sentiment.scores import (
    score_lines,
    score_sentences,
    tone_distribution,
    tone_extremes,
    tone_scores,
)
from analysis.contrasts.sentiment.senses import misread_words
from analysis.contrasts.sentiment.shift import word_shift
from analysis.contrasts.sentiment.split import tone_split
from analysis.contrasts.sentiment.trajectory import tone_movement, tone_trajectory, tone_units
from analysis.contrasts.sentiment.voice import voice_parts, voice_tone

__all__ = [
    "Lexicon",
    "actor_sentences",
    "actor_tone",
    "decisive_words",
    "embedding_tone",
    "lexicon",
    "lexicon_audit",
    "lexicons",
    "load_actors",
    "mask",
    "masked_names",
    "misread_words",
    "score_lines",
    "score_sentences",
    "sentiment",
    "tone_distribution",
    "tone_extremes",
    "tone_movement",
    "tone_scores",
    "tone_split",
    "tone_trajectory",
    "tone_units",
    "vader",
    "voice_parts",
    "voice_tone",
    "word_list",
    "word_shift",
]
