"""Sentence boundaries: nupunkt's model, with one repair.

nupunkt (Bommarito, Katz & Bommarito 2025, arXiv:2504.04131) carries a list of abbreviations
learned from legal text; it holds ordinary words ("alike", "century", "West") that end sentences.
A long word that is none of the abbreviations below ends its sentence before a capital letter.
"""

import re
from itertools import pairwise

import nupunkt

_LONG_ABBREVIATIONS = frozenset(
    """adjt approx assn assoc asst atty bros brig calif capt cmdr colo comdr comm conn corp
    dept dist elec esqr estd figs gen govt hons incl insp intl lieut mass messrs mich minn miss
    mont natl nebr okla oreg penn pres prof profs pvts secy sens sept sgts supt tenn univ vols wash
    wisc""".split()
)
_LONG_WORD_STOP = re.compile(r"""\b([^\W\d_]{4,})[.]["'”’)\]]*(\s+)(?=["'“‘(\[]?[A-Z])""")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of a paragraph, white space left out.

    >>> text = "He worked with friend and foe alike. Prof. Katz wrote of the U.S. and Iran."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['He worked with friend and foe alike.', 'Prof. Katz wrote of the U.S. and Iran.']
    """
    spans = []
    for start, end in nupunkt.sent_spans(text):
        cuts = [start, *(start + cut for cut in _missed_stops(text[start:end])), end]
        spans += [_trim(text, *pair) for pair in pairwise(cuts)]
    return [(start, end) for start, end in spans if start < end]


def _missed_stops(sentence: str) -> list[int]:
    """Return where the next sentence begins after each full stop that was overlooked."""
    stops = _LONG_WORD_STOP.finditer(sentence)
    return [stop.end() for stop in stops if stop[1].lower() not in _LONG_ABBREVIATIONS]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())
