"""The words of a text: its sentences, tokens, word families, and the language they are of.

**Tokens** have one definition, used everywhere. A token is a run of letters and digits with their
combining marks, together with what is tied to it: abbreviations by points ("U.S."), compounds by a
hyphen, plus or ampersand ("S-300", "covid-19", "P5+1"), and apostrophes inside a word ("Shi'ite",
"haven't"). It is case-folded and in Unicode's NFC; curly apostrophes are straight; the possessive
is stripped ("Iran's" is "iran", but "it's" stays); a quotation mark never belongs to it. Numbers
may hold points and commas.

A name of capitals has one form, with points or without, alone or in a compound: "US" is "u.s." (in
capitals it is the country, not the pronoun), "UN" is "u.n.", "U.S.S.R." is "ussr". An address, a
hashtag, a mention and an emoji are tokens of their own. In French and Italian a word that lost its
vowel is parted from the next one ("l'État" is "l" and "état").

**Sentences** end by rules that read what stands on both sides of a mark. A sentence ends at ".",
"?", "!" or an ellipsis, with the quotation marks, brackets and note marks that close behind it,
where white space and what can open a sentence follow: a capital, a figure, a letter of a script
without capitals, an opening mark. A point does not end one behind an abbreviation (lists by
language in ``resources/abbreviations.toml``; letters with points, "U.S.", "p.m."; an initial)
unless a word follows that opens sentences and is no name ("A", "They"), nor behind the number of a
list ("1. First"). The full stops of Chinese and Japanese need no space.

Text is expected as it is read (``cleaning.read``), where marks have one form; others are known too.
``tests/fixtures/sentences.txt`` holds hard cases, ``benchmarks/sentences.py`` compares splitters.
"""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, compress, count, pairwise
from typing import NamedTuple, Self

import numpy as np
import regex
from scipy import sparse

from analysis.errors import InputError
from analysis.files import resource
from analysis.text.stemming import stem_of

LEAST = 0.12  # share of tokens that are among a language's most frequent function words
ENOUGH, DIFFERENT = 20, 4  # words that tell a language, and how many of its own among them
MANY = 10  # of its own that a longer text holds, one in ten of its different words
AHEAD = 1.2  # times as many as of any other language
PROSE, HARDLY = 50, 0.08  # words of a text, and the share of function words that prose exceeds
_LOOKED_AT = 20_000  # characters
_TOGETHER = 2**12  # texts that are cut together
_ASCII = regex.compile(r"[\x00-\x7f]+")
_LETTERED = regex.compile(r"\p{L}[\p{L}\p{M}']*")
_OTHERS = {code: " " for code in range(128) if not chr(code).isalpha() and chr(code) != "'"}
_SCRIPTS = {
    "chinese": r"\p{Han}",
    "japanese": r"[\p{Hiragana}\p{Katakana}]",
    "korean": r"\p{Hangul}",
    "arabic": r"\p{Arabic}",
    "greek": r"\p{Greek}",
    "hebrew": r"\p{Hebrew}",
    "thai": r"\p{Thai}",
    "hindi": r"\p{Devanagari}",
}
UNSPACED = ("chinese", "japanese", "thai")  # no spaces between words
_CLOSERS = r"""["'”’»)\]]"""
_END = regex.compile(
    rf"""
    (?<![.!?…]) (?P<mark> [.!?…]++ (?: {_CLOSERS}{{1,4}}+ [.!?…]++ ){{0,2}}+ )
    {_CLOSERS}{{0,6}}+
    (?: \[\d{{1,3}}\] | \(\d{{1,2}}\) | \*{{1,2}}
      | (?<=[a-z]{{3}}[.])\d{{1,3}}(?=\s+\p{{Lu}}) ){{0,5}}+
    (?P<gap> \s++ )
    (?= (?:[•▪‣*]\s{{0,3}})? (?:["'] \s){{0,2}} [^\w\s.!?…]{{0,3}}+
        (?: [\p{{Lu}}\p{{Lt}}\p{{Lo}}\p{{N}}\p{{So}}] | \p{{Ll}}\p{{Lu}} | (?:al|el|de)-\p{{Lu}}
          | (?:[a-z]|[ivx]{{2,4}})[.)]\s\p{{Lu}} ) )
  | (?<![。！？]) [。！？]++ [”’」』）"']{{0,4}}+
    """,
    regex.VERBOSE,
)
_LAST_WORD = regex.compile(r"(?<![\w.'-])[\w'-]+(?:\.[\w'-]+)*\Z")
_FIRST_WORD = regex.compile(r"[^\w\s]*+(\w+)(\.?)")
_INITIALS = regex.compile(r"\p{L}{1,3}(?:\.\p{L}{1,3})+\Z")
_CONSONANTS = regex.compile(r"[A-Z][bcdfghjklmnpqrstvwxz]{1,4}\Z")
_NUMERAL = regex.compile(r"\W*(?:\d{1,3}|\p{L}|[ivxl]{1,5}|[IVXL]{1,5})\Z")
_SPEECH = regex.compile(
    r"(?!(?:He|She|It|They|We|You|I|The|This|That|A|An)\b)"
    r"(?:\p{Lu}[\w'.-]*\s){1,4}(?:said|says|asked|asks|told|added|adds|cried|replied|wrote|warned|"
    r"shouted|answered|explained|insisted|argued|declared)\b"
)
_REACH = 60  # characters looked at on each side


@cache
def _profiles() -> dict[str, frozenset[str]]:
    listed = tomllib.loads(resource("languages.toml").read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in listed.items()}


@cache
def _spoken() -> dict[str, list[str]]:
    """Return the languages that each function word is of."""
    found: dict[str, list[str]] = {}
    for language, words in _profiles().items():
        for word in words:
            found.setdefault(word, []).append(language)
    return found


def _lettered(text: str) -> list[str]:
    """Return the words of letters, and apostrophes behind them, in lower case.

    >>> _lettered("It's '10, 'tis so") == _LETTERED.findall("it's '10, 'tis so")
    True
    """
    if not text.isascii():
        return _LETTERED.findall(text.lower())
    words = text.lower().translate(_OTHERS).split()
    return list(filter(None, (word.lstrip("'") if word[0] == "'" else word for word in words)))


def language_of(text: str) -> str:
    """Return the language that a text seems to be in, or nothing where it cannot be told.

    >>> language_of("Der Minister hat nicht gesagt, dass er mit dem Vertrag und den Zielen der "
    ...             "Regierung zufrieden ist, aber auch nicht das Gegenteil.")
    'german'
    """
    start = text[:_LOOKED_AT].replace("–", " ")
    if script := "" if start.isascii() else _script_of(start):
        return script
    words = Counter(_lettered(start))
    total = words.total()
    if total < ENOUGH:
        return ""
    known = [(name, words[word]) for word in words.keys() & _spoken() for name in _spoken()[word]]
    counts, different = dict.fromkeys(_profiles(), 0), Counter(name for name, _ in known)
    for name, many in known:
        counts[name] += many
    shares = {name: count / total for name, count in counts.items()}
    best, next_best = sorted(shares, key=lambda language: (-shares[language], language))[:2]
    enough = different[best] >= max(DIFFERENT, min(MANY, len(words) // 10))
    clear = shares[best] >= max(LEAST, AHEAD * shares[next_best])
    return best if enough and clear else ""


def hardly_in(text: str, language: str) -> bool:
    """Tell whether a text of some length has next to none of a language's function words.

    >>> hardly_in("Problem je v tem, da dolgove odpišejo Grčiji. " * 8, "english")
    True
    """
    words = _lettered(text[:_LOOKED_AT])
    profile = _profiles().get(language, frozenset(words))
    return len(words) >= PROSE and sum(word in profile for word in words) < HARDLY * len(words)


def main_language(languages: Sequence[str]) -> str:
    """Return the language of most texts, as ``language_of`` has them, or nothing if none is so."""
    name, many = Counter(languages).most_common(1)[0]
    return name if many > len(languages) / 2 else ""


def _script_of(text: str) -> str:
    """Return the language that has a script of its own in which most letters are, or nothing."""
    others = _ASCII.sub("", text)
    letters = sum(map(str.isalpha, text))
    if len(others) <= 0.2 * letters:
        return ""
    for language, script in _SCRIPTS.items():
        share = len(regex.findall(script, others)) / max(1, letters)
        if share > (0.2 if language == "japanese" else 0.5):
            return "japanese" if language == "chinese" and _kana(text) else language
    return ""


def _kana(text: str) -> bool:
    return bool(regex.search(r"[\p{Hiragana}\p{Katakana}]{2}", text))


@dataclass(frozen=True)
class StopList:
    """Words that are counted but are no terms.

    Attributes
    ----------
    name : a language, whose function words they are, or the name of a file
    words : the list
    names : words dropped as names, if that was asked for
    own : whether the list is one's own, in place of function words
    """

    name: str
    words: frozenset[str]
    names: frozenset[str] = frozenset()
    own: bool = False

    def dropped(self, function_words: bool = False) -> frozenset[str]:
        """Return the words that are no terms; function words are, where that is asked for."""
        return self.names if function_words and not self.own else self.words | self.names


@cache
def function_words(language: str) -> frozenset[str]:
    """Return the function words of a language, as they are counted but are no terms.

    English has a list of this project, ``resources/stopwords.txt``; the others are those of
    ``resources/stopwords/``, each with its source.

    Raises
    ------
    InputError
        There is no list of this language.
    """
    path = resource("stopwords.txt" if language == "english" else f"stopwords/{language}.txt")
    if not path.is_file():
        known = sorted(["english", *(p.stem for p in resource("stopwords").glob("*.txt"))])
        raise InputError(f"There are no function words of {language!r}; choose one of {known}.")
    lines = path.read_text(encoding="utf-8").splitlines()
    listed = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(listed) | ELIDED.get(language, frozenset())


def _spellings(letters: str) -> tuple[str, str, str]:
    """Return a name of capitals as it is written: plain, with points, without the last point.

    >>> _spellings("un")
    ('UN', 'U.N.', 'U.N')
    """
    points = ".".join(letters.upper())
    return letters.upper(), f"{points}.", points


_UNSEEN = r"\u00AD\u200B-\u200D\u2060\uFEFF"

_LETTERS = rf"[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{N}}{_UNSEEN}]|\p{{M}}{{1,30}}+)*+"

_WORD = rf"{_LETTERS}(?:['’‘ʼ](?=\p{{L}}){_LETTERS})*+"

_ABBREVIATION = (
    r"(?:(?:\p{L}\p{M}{0,30}+\.){2,30}+|(?<![\p{L}\p{M}])(?:\p{Lu}\.){1,30}+\p{Lu}(?!\p{L}))"
    r"(?:['’ʼ]s\b)?"
)

_NUMBER = r"\p{N}++(?:[.,]\p{N}++)++"

_PIECE = rf"(?>{_ABBREVIATION}|{_NUMBER}|{_WORD})"

_COMPOUND = rf"{_PIECE}(?:[-\u2010\u2011+&]{_PIECE}){{0,30}}+"

_ADDRESS = r"""(?:https?://|www\.)[^\s<>"'“”()\[\]]*[^\s<>"'“”()\[\].,;:!?]"""

_TAG = r"(?<![\p{L}\p{M}\p{N}&])[#@](?=[\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]++"

_SMILEY = r"[\p{Extended_Pictographic}&&[\u2600-\U0010FFFF]]\uFE0F?\p{Emoji_Modifier}?"

_EMOJI = rf"{_SMILEY}(?:\u200D{_SMILEY}){{0,10}}+|\p{{Regional_Indicator}}{{2}}"

_TOKEN = regex.compile(rf"{_ADDRESS}|{_COMPOUND}|{_TAG}|{_EMOJI}", regex.V1)

# Words that lose their last vowel before another, and so stand in one piece with it.
ELIDED = {
    "french": frozenset("c d j jusqu l lorsqu m n puisqu qu quoiqu s t".split()),
    "italian": frozenset(
        """all c com coll d dall dell gl l m n nell pell quell quest s sull t tutt un v""".split()
    ),
}
_NO_NUMBER = regex.compile(r"\p{L}|\A\P{N}*\Z")

_FOLD = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ", "'"),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u2060\ufeff\ufe0f"),
    }
)

_POINTED = "u.s. u.k. u.n. e.u. d.c.".split()

_PLAIN = """usa ussr uae nyc nato asean opec nafta imf wto iaea fbi cia nsa kgb gdp gnp ngo ngos
    mp mps eec icc ira plo prc drc bbc cnn nbc""".split()

_NAMES = {
    **{spelt: name for name in _POINTED for spelt in _spellings(name.replace(".", ""))},
    **{spelt: name for name in _PLAIN for spelt in _spellings(name)},
}

_REMEMBERED = 2**17  # spellings, and pieces of text
_READ = 2**13  # texts, so that whoever reads a sentence after another need not read it again

_CONTRACTED_IS = frozenset(
    "it's that's what's who's he's she's there's here's where's how's when's let's".split()
)


def token_spans(text: str, language: str = "english") -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, token) of every token of a text, by places in it.

    Parameters
    ----------
    text : in the form that ``plain`` gives
    language : whose words are elided ("l'État"), such as ``english``, ``french``

    >>> token_spans("Iran's “S-300”")
    ((0, 6, 'iran'), (8, 13, 's-300'))
    >>> token_spans("l'État", "french")
    ((0, 2, 'l'), (2, 6, 'état'))
    """
    return _token_spans(text, language)


@lru_cache(_READ)
def _token_spans(text: str, language: str) -> tuple[tuple[int, int, str], ...]:
    found, place = list[tuple[int, int, str]](), 0
    for piece in text.split(" "):  # no token reaches over a space, nor looks beyond it
        for start, end, token in piece_tokens(piece):
            found.append((place + start, place + end, token))
        place += len(piece) + 1
    return tuple(_elided(found, text, language)) if language in ELIDED else tuple(found)


@lru_cache(_REMEMBERED)
def piece_tokens(piece: str) -> tuple[tuple[int, int, str], ...]:
    """Return the tokens of a piece of text; most pieces recur."""
    if piece.isascii() and piece.isalpha() and piece.islower():
        return ((0, len(piece), piece),)
    return tuple((*match.span(), _normal(match.group())) for match in _TOKEN.finditer(piece))


def _elided(
    found: Iterable[tuple[int, int, str]], text: str, language: str
) -> Iterator[tuple[int, int, str]]:
    """Part words that lost their last vowel before the next one from it."""
    for start, end, token in found:
        short, mark, _ = token.partition("'")
        place = start + len(short) + 1
        if mark and short in ELIDED[language] and place < end:
            yield start, place, short
            yield place, end, _normal(text[place:end])
        else:
            yield start, end, token


def tokenize(text: str, language: str = "english") -> list[str]:
    """Return the tokens of a text, in order.

    Parameters
    ----------
    text, language : as in ``token_spans``

    >>> tokenize("The U.S.-Russian deal: $10 billion, and it's 'just'.")
    ['the', 'u.s.-russian', 'deal', '10', 'billion', 'and', "it's", 'just']
    """
    if language in ELIDED:
        return [token for *_, token in token_spans(text, language)]
    return [found[2] for piece in text.split(" ") for found in piece_tokens(piece)]


def numbered(words: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the different words, as they are met, and of each word its place among these.

    >>> kinds, which = numbered(["b", "a", "b"])
    >>> kinds, which.tolist()
    (['b', 'a'], [0, 1, 0])
    """
    numbers: dict[str, int] = {}
    which = _numbers_of(words, numbers)
    return list(numbers), which


def _numbers_of(words: Sequence[str], numbers: dict[str, int]) -> np.ndarray:
    """Return the number of each word; those that have none are given the next ones."""
    fresh = [word for word in dict.fromkeys(words) if word not in numbers]
    numbers.update(zip(fresh, count(len(numbers)), strict=False))
    return _whole(map(numbers.__getitem__, words))


class Laid(NamedTuple):
    """Words of texts, in text order, as arrays.

    Attributes
    ----------
    kinds : the different words
    which : of each word, its place in ``kinds``
    rows : the text it stands in
    starts, ends : its place there
    bounds : where the words of each text begin; and, last, how many words there are
    """

    kinds: list[str]
    which: np.ndarray
    rows: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    bounds: np.ndarray


class Pieces:
    """Texts cut at spaces: what a piece holds is asked once of each different one, as most recur.

    Parameters
    ----------
    texts : as they are
    kinds : the different pieces
    which : of each piece, its place in ``kinds``
    bounds : where the pieces of each text begin; and, last, how many there are

    Examples
    --------
    >>> pieces = Pieces.cut(["So far, so good.", "", "Good!"])
    >>> found = pieces.find(piece_tokens)
    >>> found.kinds, found.which.tolist(), found.rows.tolist(), found.starts.tolist()
    (['so', 'far', 'good'], [0, 1, 0, 2, 2], [0, 0, 0, 0, 2], [0, 3, 8, 11, 0])
    >>> pieces.count(len).tolist()
    [13, 0, 5]
    """

    def __init__(
        self, texts: Sequence[str], kinds: list[str], which: np.ndarray, bounds: np.ndarray
    ) -> None:
        self.texts, self._kinds, self._which, self._bounds = texts, kinds, which, bounds

    @classmethod
    def cut(cls, texts: Sequence[str]) -> Self:
        """Cut texts, some at a time, so that pieces that recur are soon let go."""
        numbers: dict[str, int] = {}
        sizes: list[int] = []
        which = [np.empty(0, dtype=np.int32)]
        for start in range(0, len(texts), _TOGETHER):
            found = [text.split(" ") for text in texts[start : start + _TOGETHER]]
            own = _numbers_of(list(chain.from_iterable(found)), numbers)
            which.append(own.astype(np.int32))
            sizes.extend(map(len, found))
        return cls(texts, list(numbers), np.concatenate(which), _before(_whole(sizes)))

    @classmethod
    def part_of(cls, whole: "Pieces", rows: np.ndarray) -> Self:
        """Return some of the texts that have been cut."""
        many = np.diff(whole._bounds)[rows]
        which = whole._which[_spread(whole._bounds[rows], many)]
        used = np.zeros(len(whole._kinds), dtype=bool)
        used[which] = True
        which = (np.cumsum(used) - 1)[which].astype(np.int32)
        texts = [whole.texts[row] for row in rows.tolist()]
        return cls(texts, list(compress(whole._kinds, used)), which, _before(many))

    def replaced(self, rows: np.ndarray, texts: Sequence[str]) -> Self:
        """Put others, with spaces at the same places, in place of some of the texts."""
        new = Pieces.cut(texts)
        which, found = self._which.copy(), list(self.texts)
        places = _spread(self._bounds[rows], np.diff(self._bounds)[rows])
        which[places] = new._which + len(self._kinds)
        for row, text in zip(rows.tolist(), texts, strict=True):
            found[row] = text
        return type(self)(found, [*self._kinds, *new._kinds], which, self._bounds)

    def count(self, value_of: Callable[[str], int]) -> np.ndarray:
        """Return, of each text, the sum of a whole number that each piece has."""
        sums = _before(_whole(map(value_of, self._kinds))[self._which])
        return np.diff(sums[self._bounds])

    def met(self, of_text: np.ndarray, groups: int) -> tuple[list[str], sparse.csr_array]:
        """Return the different pieces, and how often each group of texts holds each.

        Parameters
        ----------
        of_text : the number of the group that each text is of, -1 where it is of none
        groups : how many there are
        """
        group = np.repeat(of_text, np.diff(self._bounds))
        there = group >= 0
        once, shape = np.ones(int(there.sum()), dtype=np.int64), (groups, len(self._kinds))
        cells = group[there].astype(np.int32), self._which[there]
        return self._kinds, sparse.coo_array((once, cells), shape=shape).tocsr()

    def lists(self, words_of: Callable[[str], Sequence[str]]) -> list[list[str]]:
        """Return the words of each text; ``words_of`` has those of a piece."""
        found, which = list(map(words_of, self._kinds)), self._which.tolist()
        runs = (which[begin:end] for begin, end in pairwise(self._bounds.tolist()))
        return [list(chain.from_iterable(map(found.__getitem__, run))) for run in runs]

    def find(self, words_of: Callable[[str], Sequence[tuple[int, int, str]]]) -> Laid:
        """Return words that no space parts: ``words_of`` has (start, end, word) of a piece."""
        found = list(map(words_of, self._kinds))
        begins = _before(_whole(map(len, found)))
        many = np.diff(begins)[self._which]
        place = _spread(begins[self._which], many)
        starts, ends, words = (
            zip(*chain.from_iterable(found), strict=True) if place.size else [()] * 3
        )
        kinds, which = numbered(words)
        texts = np.arange(len(self.texts))
        rows = np.repeat(np.repeat(texts, np.diff(self._bounds)), many)
        shift = np.repeat(self._places(), many)
        begin, end = (_whole(side)[place] + shift for side in (starts, ends))
        bounds = np.searchsorted(rows, np.arange(len(self.texts) + 1))
        return Laid(kinds, which[place], rows, begin, end, bounds)

    def _places(self) -> np.ndarray:
        """Return where each piece begins in its text."""
        lengths = 1 + _whole(map(len, self._kinds))[self._which]
        before = _before(1 + _whole(map(len, self.texts)))[:-1]
        return _before(lengths)[:-1] - np.repeat(before, np.diff(self._bounds))


def _spread(begins: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Return the places of runs, by where each begins and how many it has."""
    return np.repeat(begins - _before(many)[:-1], many) + np.arange(many.sum())


def _whole(numbers: Iterable[int]) -> np.ndarray:
    return np.fromiter(numbers, dtype=np.int64)


def _before(sizes: np.ndarray) -> np.ndarray:
    """Return the sum of all sizes before each, and of all."""
    return np.concatenate([[0], np.cumsum(sizes)])


def is_number(token: str) -> bool:
    """Tell whether a token is of figures, and holds no letter at all ("2017", "1804-1813")."""
    return not token.isalpha() and not _NO_NUMBER.search(token)


def stop_words(language: str = "english") -> frozenset[str]:
    """Return the function words of a language (of English: ``resources/stopwords.txt``)."""
    return function_words(language)


@lru_cache(_REMEMBERED)
def _normal(token: str) -> str:
    spelt = token.translate(_FOLD)
    if not spelt.islower():
        spelt = "-".join(_NAMES.get(part.removesuffix("'s"), part) for part in spelt.split("-"))
    folded = unicodedata.normalize("NFC", spelt.casefold())
    if folded.endswith("'s") and folded not in _CONTRACTED_IS:
        return folded[:-2]
    return folded


def family_labels(terms: Sequence[str], occurrences: Iterable[int]) -> list[str]:
    """Name the family of each term: its most frequent member, ties by spelling.

    Terms are of one family when Snowball's English stemmer cuts them to the same stem (Porter 2001,
    "Snowball: a language for stemming algorithms"). A stem is no lemma: "went" stays apart from
    "go", and now and then words meet that have only letters in common. What holds anything but
    letters stays whole, a family of its own: compounds with a hyphen, names with points, words with
    an apostrophe, numbers.

    Parameters
    ----------
    terms : different tokens
    occurrences : of each

    Returns
    -------
    list of str
        As long as ``terms``.

    >>> family_labels(["ally", "allied", "allies", "russian-iranian"], [3, 2, 6, 8])
    ['allies', 'allies', 'allies', 'russian-iranian']
    """
    stems = [stem(term) for term in terms]
    ranked = sorted(zip(occurrences, terms, stems, strict=True), key=lambda row: (-row[0], row[1]))
    label: dict[str, str] = {}
    for _, term, root in ranked:
        label.setdefault(root, term)
    return [label[root] for root in stems]


def stem(token: str) -> str:
    """Return the stem of a token of letters; any other token stays as it is.

    >>> stem("objectives"), stem("covid-19")
    ('object', 'covid-19')
    """
    return stem_of(token) if token.isalpha() else token


class _Rules(NamedTuple):
    """The abbreviations of a language."""

    before_name: frozenset[str]
    before_number: frozenset[str]
    either: frozenset[str]
    opener: frozenset[str]
    letter: frozenset[str]
    ordinal: frozenset[str]
    elided: frozenset[str]


def sentence_spans(text: str, language: str = "english") -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of a paragraph, white space left out.

    >>> text = "He worked with friend and foe alike. Prof. Katz wrote of the U.S. and Iran."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['He worked with friend and foe alike.', 'Prof. Katz wrote of the U.S. and Iran.']
    """
    rules = _rules(language)
    start, spans = len(text) - len(text.lstrip()), []
    for match in _END.finditer(text):
        end = match.start("gap") if match["gap"] else match.end()
        if match["gap"] is None or _ends(text, start, match, rules):
            spans.append((start, end))
            start = match.end()
    end = len(text.rstrip())
    return [*spans, (start, end)] if start < end else spans


def _ends(text: str, start: int, match: "regex.Match[str]", rules: _Rules) -> bool:
    """Tell whether a sentence that began at ``start`` ends at a mark."""
    behind = text[match.end() : match.end() + _REACH]
    closed = text[match.end("mark") : match.start("gap")]
    if closed and any(mark in closed for mark in "\"'”’»") and _SPEECH.match(behind):
        return False
    mark = match["mark"]
    stop = match.start("mark")
    if mark != ".":
        return not (mark == "!" and text[max(0, stop - 5) : stop] == "Yahoo")
    before = text[max(start, stop - _REACH) : stop]
    if len(before) < 8 and _NUMERAL.match(before):
        return False
    begin = before.rfind(" ") + 1  # no word reaches over a space, nor looks beyond it
    found = _LAST_WORD.search(before[begin:])
    return found is None or _word_ends(found[0], before[: begin + found.start()], behind, rules)


def _word_ends(word: str, before: str, behind: str, rules: _Rules) -> bool:
    """Tell whether a sentence ends at the point behind a word."""
    first = _FIRST_WORD.match(behind)
    opens = bool(first and first[1] in rules.opener and first[1] + first[2] != "A.")
    short, mark, behind_mark = word.partition("'")
    if mark and short.lower() in rules.elided:
        word = behind_mark
    if word in rules.before_name:
        return False
    if word.isdecimal() and len(word) < 4 and first is not None and first[1] in rules.ordinal:
        return False
    if word in rules.before_number and first is not None and first[1][0].isdigit():
        return False
    if len(word) == 1 and word.isalpha():
        previous = before.split()
        return opens or bool(previous and previous[-1].lower() in rules.letter)
    if word in rules.either or _INITIALS.match(word) or _CONSONANTS.match(word):
        return opens
    return True


def languages() -> tuple[str, ...]:
    """Return the languages whose abbreviations are listed."""
    return tuple(_declared())


@cache
def _declared() -> dict[str, dict[str, str]]:
    path = resource("abbreviations.toml")
    return dict(tomllib.loads(path.read_text(encoding="utf-8")))


@cache
def _rules(language: str) -> _Rules:
    declared = _declared()
    if language not in declared:
        raise InputError(f"No rules for sentences of {language!r}; choose one of {list(declared)}.")
    listed = {name: frozenset(words.split()) for name, words in declared[language].items()}
    listed["elided"] = ELIDED.get(language, frozenset())
    return _Rules(*(listed.get(name, frozenset()) for name in _Rules._fields))
