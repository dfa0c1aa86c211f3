"""Sentiment: sentence scores -> tone of each unit -> contrast, and what stands behind it."""

from analysis.tone.actors import actor_tone, load_actors, score_toward
from analysis.tone.calibration import calibration_checks, raters_checks
from analysis.tone.contrast import sentiment, tone_ladder
from analysis.tone.course import tone_movement, tone_trajectory, tone_units
from analysis.tone.embedding import sentence_model
from analysis.tone.masking import mask, masked_names
from analysis.tone.parts import tone_split, topic_split
from analysis.tone.ratings import (
    coded_contrast,
    codes_needed,
    draw_sentences,
    rated_contrast,
    rated_editorials,
    rated_example,
    read_ratings,
)
from analysis.tone.scoring import Scorer, scorer, scorers, vader, word_list
from analysis.tone.sentences import (
    score_lines,
    score_sentences,
    tone_distribution,
    tone_extremes,
)
from analysis.tone.streaming import stream_sentiment
from analysis.tone.voices import voice_parts, voice_tone
from analysis.tone.words import lexicon_audit, misread_words, word_shift

__all__ = [
    "Scorer",
    "actor_tone",
    "calibration_checks",
    "coded_contrast",
    "codes_needed",
    "draw_sentences",
    "lexicon_audit",
    "load_actors",
    "mask",
    "masked_names",
    "misread_words",
    "rated_contrast",
    "rated_editorials",
    "rated_example",
    "raters_checks",
    "read_ratings",
    "score_lines",
    "score_sentences",
    "score_toward",
    "scorer",
    "scorers",
    "sentence_model",
    "sentiment",
    "stream_sentiment",
    "tone_distribution",
    "tone_extremes",
    "tone_ladder",
    "tone_movement",
    "tone_split",
    "tone_trajectory",
    "tone_units",
    "topic_split",
    "vader",
    "voice_parts",
    "voice_tone",
    "word_list",
    "word_shift",
]
