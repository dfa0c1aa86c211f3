"""Phrases: runs of tokens that come back, counted like terms."""

from collections import Counter
from collections.abc import Iterator, Sequence

from analysis.errors import InputError
from analysis.text.documents import Corpus
from analysis.text.tokens import is_number
from analysis.text.units import UNIT_TOKENS, Counts, assemble, inference_units, unit_sentences

Phrase = tuple[str, ...]


def count_phrases(
    corpus: Corpus, *, longest: int = 4, least: int = 3, unit_tokens: int = UNIT_TOKENS
) -> Counts:
    """Count the phrases of every unit.

    A phrase is a run of 2 to ``longest`` tokens within a sentence that neither begins nor ends with
    a function word or a bare number, and that occurs at least ``least`` times in both groups
    together. A shorter phrase is folded into the longer ones, and not listed, when fewer than
    ``least`` of its occurrences lie outside every occurrence of a longer listed phrase. A phrase
    that is listed is counted wherever it stands, inside a longer one too, so that its count is what
    a search of the text finds.

    Parameters
    ----------
    corpus : the two groups
    longest : tokens of the longest phrase, at least 2
    least : fewest occurrences in both groups together, at least 2
    unit_tokens : aimed length of a unit, in tokens

    Returns
    -------
    Counts
        Its terms are phrases, tokens joined by spaces; there may be none. Sizes are those of the
        units, in tokens, so that rates are per tokens as they are for terms.

    Raises
    ------
    InputError
        ``longest`` or ``least`` is too small, or a group has only one unit.
    """
    listed = find_phrases(corpus, longest=longest, least=least)
    units, lengths = inference_units(corpus, unit_tokens=unit_tokens), range(2, longest + 1)
    counters = [
        Counter(" ".join(run) for tokens in sentences for run in _among(tokens, lengths, listed))
        for sentences in unit_sentences(corpus, units)
    ]
    return assemble(corpus, units, counters, map(" ".join, listed))


def find_phrases(corpus: Corpus, *, longest: int = 4, least: int = 3) -> set[Phrase]:
    """Return the phrases of both groups together, as tuples of tokens; see ``count_phrases``."""
    for name, value in (("longest", longest), ("least", least)):
        if value < 2:
            raise InputError(f"{name} must be at least 2, got {value}.")
    sentences = list(corpus.tokens)
    return _unfolded(
        sentences, _candidates(sentences, longest, least, corpus.stops.dropped()), least
    )


def _among(tokens: list[str], lengths: Sequence[int], listed: set[Phrase]) -> Iterator[Phrase]:
    return (run for length in lengths for _, run in _runs(tokens, length) if run in listed)


def _candidates(
    sentences: list[list[str]], longest: int, least: int, dropped: frozenset[str]
) -> set[Phrase]:
    """Return the runs that are frequent enough, with a word of content at either end.

    A run can be frequent only if what remains of it without its first or last token is.
    """
    tokens = Counter(token for sentence in sentences for token in sentence)
    frequent: set[Phrase] = {(token,) for token, count in tokens.items() if count >= least}
    found: set[Phrase] = set()
    for length in range(2, longest + 1):
        runs = Counter(
            run
            for sentence in sentences
            for _, run in _runs(sentence, length)
            if run[:-1] in frequent and run[1:] in frequent
        )
        frequent = {run for run, count in runs.items() if count >= least}
        found |= {
            run for run in frequent if all(_has_content(run[end], dropped) for end in (0, -1))
        }
    return found


def _unfolded(sentences: list[list[str]], found: set[Phrase], least: int) -> set[Phrase]:
    """Return the phrases that occur often enough outside the longer ones."""
    listed: set[Phrase] = set()
    covered: list[list[range]] = [[] for _ in sentences]
    for length in sorted({len(phrase) for phrase in found}, reverse=True):
        free: Counter[Phrase] = Counter()
        for tokens, longer in zip(sentences, covered, strict=True):
            free.update(
                run
                for start, run in _runs(tokens, length)
                if run in found
                and not any(start in span and start + length - 1 in span for span in longer)
            )
        kept = {phrase for phrase, count in free.items() if count >= least}
        for tokens, longer in zip(sentences, covered, strict=True):
            longer += [range(i, i + length) for i, run in _runs(tokens, length) if run in kept]
        listed |= kept
    return listed


def _runs(tokens: list[str], length: int) -> Iterator[tuple[int, Phrase]]:
    """Yield (start, run) of the runs of so many tokens."""
    for start in range(len(tokens) - length + 1):
        yield start, tuple(tokens[start : start + length])


def _has_content(token: str, dropped: frozenset[str]) -> bool:
    return token not in dropped and not is_number(token)
