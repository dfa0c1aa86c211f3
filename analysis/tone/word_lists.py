"""Word lists: read from a file, and applied to a sentence.

A file is a table of two columns, parted by a tab, under the heading ``word`` and ``valence``. Lines
that begin with ``#`` say where it comes from. A word is in lower case; it may be a phrase.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from analysis.errors import InputError
from analysis.text import token_spans
from analysis.tone.scored import Scored

HEADING = "word\tvalence"
NEGATORS = frozenset(
    """aint cannot cant didnt doesnt dont hadnt hardly hasnt havent isnt neither never no nobody
    none nor not nothing nowhere rarely scarcely seldom wasnt werent without wont wouldnt""".split()
)
REACH = 3  # words before a scored word in which a negation turns it
TURN = -0.74  # what a negation multiplies a valence by, from ratings (Hutto & Gilbert 2014)


def read_word_list(path: str | Path) -> dict[str, float]:
    """Read a word list.

    Raises
    ------
    InputError
        The file is missing, not UTF-8, has no heading or no word, or a line is no word and number,
        or lists a word again; the message names file, line and cure.
    """
    entries: dict[str, float] = {}
    headed = False
    for number, line in enumerate(_lines(Path(path)), start=1):
        if line.startswith("#") or not line.strip():
            continue
        if not headed:
            headed = _check_heading(line, f"{path}, line {number}")
            continue
        word, valence = _entry(line, f"{path}, line {number}")
        if word in entries:
            raise InputError(f"{path}, line {number}: {word!r} is listed already; remove one line.")
        entries[word] = valence
    if not entries:
        raise InputError(f"{path} lists no word: put one on each line, as 'good', a tab, '1'.")
    return entries


def is_negation(token: str) -> bool:
    """Tell whether a token negates what follows ("not", "never", "without", "isn't")."""
    return token in NEGATORS or token.endswith("n't")


class WordListEngine:
    """Scores a sentence by a list of valences: ``Σ v / sqrt(n)``, n the sentence's tokens.

    A negation among the three words before a scored word multiplies its valence by -0.74: "not
    good" is mildly bad. Reach and factor are VADER's (Hutto & Gilbert 2014,
    doi:10.1609/icwsm.v8i1.14550: the reach catches nearly 90 % of negations, the factor comes from
    ratings). Tokens are those of ``analysis.text``; of phrases that begin at a word, the longest
    is taken. The root of the length lies between a sum, which grows with every word, and a mean,
    which lets a long sentence say little; on rated sentences of four genres it serves best.

    Parameters
    ----------
    valences : of each word or phrase, in lower case
    """

    def __init__(self, valences: Mapping[str, float]) -> None:
        self._words = {word: valence for word, valence in valences.items() if " " not in word}
        self._phrases: dict[str, list[tuple[list[str], float]]] = {}
        for phrase in sorted(set(valences) - set(self._words), key=len, reverse=True):
            words = phrase.split()
            self._phrases.setdefault(words[0], []).append((words, valences[phrase]))
        self._opening = self._words.keys() | self._phrases.keys()

    def score(self, text: str) -> float:
        """Return the sentence's score."""
        return sum(word.score for word in self.read(text))

    def read(self, text: str) -> list[Scored]:
        """Return every scored word with its share, its valence over the measure of length."""
        spans, tokens = _tokens(text)
        if self._opening.isdisjoint(tokens):
            return []
        scale = len(tokens) ** -0.5
        scored, past = [], 0
        for place in [i for i, token in enumerate(tokens) if token in self._opening]:
            if place < past:
                continue
            length, valence = self._match(tokens, place)
            past = place + length
            if valence:
                if any(is_negation(token) for token in tokens[max(0, place - REACH) : place]):
                    valence *= TURN
                start, end = spans[place][0], spans[past - 1][1]
                scored.append(Scored(start, end, " ".join(tokens[place:past]), valence * scale))
        return scored

    def _match(self, tokens: list[str], place: int) -> tuple[int, float]:
        """Return length and valence of the longest entry that begins at a token."""
        for words, valence in self._phrases.get(tokens[place], ()):
            if tokens[place : place + len(words)] == words:
                return len(words), valence
        return 1, self._words.get(tokens[place], 0.0)


@lru_cache(64)
def _tokens(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Return spans and tokens; several lists read a sentence one after the other."""
    spans = token_spans(text)
    return [(start, end) for start, end, _ in spans], [token for _, _, token in spans]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8: save it as UTF-8 and try again.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): mend the path.") from None


def _check_heading(line: str, where: str) -> bool:
    if line.rstrip() != HEADING:
        raise InputError(
            f"{where}: the first line of a word list is the heading 'word', a tab, 'valence', "
            f"got {line!r}; add it."
        )
    return True


def _entry(line: str, where: str) -> tuple[str, float]:
    cells = line.split("\t")
    try:
        word, valence = " ".join(cells[0].split()), float(cells[1])
        sound = len(cells) == 2 and word and word == word.lower() and abs(valence) < 1e6
    except (IndexError, ValueError):
        sound = False
    if not sound:
        raise InputError(
            f"{where}: expected a word in lower case, a tab and a number, got {line!r}; mend it."
        )
    return word, valence
