"""Sentiment: sentence scores -> tone of each unit -> contrast, and what stands behind it."""

from analysis.tone.actors import actor_sentences, actor_tone
from analysis.tone.aliases import load_actors
from analysis.tone.audit import decisive_words, lexicon_audit
from analysis.tone.contrast import sentiment
from analysis.tone.embedding import embedding_tone
from analysis.tone.lexicons import Lexicon, lexicon, lexicons, vader, word_list
from analysis.tone.names import mask, masked_names
from analysis.tone.scores import (
    score_lines,
    score_sentences,
    tone_distribution,
    tone_extremes,
    tone_scores,
)
from analysis.tone.senses import misread_words
from analysis.tone.shift import word_shift
from analysis.tone.split import tone_split
from analysis.tone.trajectory import tone_movement, tone_trajectory, tone_units
from analysis.tone.voice import voice_parts, voice_tone

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
