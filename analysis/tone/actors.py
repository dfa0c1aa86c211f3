"""Tone toward actors: who is named where, and the tone of the sentences that name them.

An actors file lists, per actor, who is meant and, for each word, why it names the actor; words that
look like a name but are none stand under ``[not]``, which may be left out::

    [[actor]]
    name = "Russia"
    definition = "The country and its government."

    [actor.words]
    "Russian" = "of the country"
    "Kremlin" = "seat of its government"

    [not]
    "United Russia" = "a party"

A word is one or several tokens, whatever their case. It may name more than one actor.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import SHOWN, InputError
from analysis.files import read_toml
from analysis.inference.levels import DRAWS, passes
from analysis.inference.weights import Floats
from analysis.numbers import ordered, steady
from analysis.result import Outcome, analysis
from analysis.sentences import say
from analysis.text import Corpus, token_spans, tokenize
from analysis.text.units import UNIT_TOKENS
from analysis.tone.calibration import COMBINED, load_calibration, scale
from analysis.tone.masking import mask
from analysis.tone.parts import COLUMNS as CONTRAST
from analysis.tone.parts import LEAST, METHOD, SIDES, Parts, contrast_parts, contrast_with_rest
from analysis.tone.scoring import Scorer, scorer
from analysis.tone.sentences import (
    Reading,
    Units,
    calibrated,
    outcome,
    read,
    unit_length,
    without_tone,
)
from analysis.tone.voices import VOICES, sentence_voices, voice_at, voices_of

Alias = tuple[str, ...]
_KEYS = ("name", "definition", "words")
_PIECE = re.compile(r"[^-\u2010\u2011]+")
_EXAMPLE = "data/actors.toml is an example"
REST = [f"{what}_{side}" for side in SIDES for what in ("rest", "rest_low", "rest_high")]
COLUMNS = [
    "actor", *(f"{what}_{side}" for what in ("n", "others") for side in SIDES), *CONTRAST, *REST,
    "too_few",
]  # fmt: skip
SENTENCES = "actor document group sentence start end named around words tone text".split()
REACH = 12  # tokens on either side of a name whose words are about it
FEW = 5  # sentences of a group that must name an actor
_BREAK = re.compile(
    r"[;:()]|\s[—–-]\s|—|,\s+(?:but|while|whereas|although|though|yet|unlike|despite)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Actor:
    """Someone, or some state, that texts speak of.

    Attributes
    ----------
    name, definition : who is meant
    words : each word that names the actor, with the reason
    """

    name: str
    definition: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Actors:
    """The actors of a file.

    Attributes
    ----------
    actors : in the file's order
    nobody : words that name none of them, each with the reason
    """

    actors: tuple[Actor, ...]
    nobody: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named: dict[Alias, tuple[str, ...]] = {_alias(word): () for word in self.nobody}
        for actor in self.actors:
            for word in actor.words:
                named[_alias(word)] = (*named.get(_alias(word), ()), actor.name)
        opening: dict[str, list[tuple[Alias, tuple[str, ...]]]] = {}
        for alias in sorted(named, key=len, reverse=True):
            opening.setdefault(alias[0], []).append((alias, named[alias]))
        object.__setattr__(self, "_opening", opening)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, actor) of every mention in a text.

        A text is read from left to right, compounds in their parts; at each part the longest word
        that begins there is taken, and reading goes on behind it.

        >>> from analysis import load_corpus
        >>> load_actors(load_corpus().actors).find("United Russia and pro-Russian voices")
        [(22, 29, 'Russia')]
        """
        opening: dict[str, list[tuple[Alias, tuple[str, ...]]]] = self.__dict__["_opening"]
        pieces, found, place = list(_pieces(text)), [], 0
        tokens = tuple(token for *_, token in pieces)
        while place < len(pieces):
            length = 1
            for alias, named in opening.get(tokens[place], ()):
                if tokens[place : place + len(alias)] == alias:
                    length = len(alias)
                    span = pieces[place][0], pieces[place + length - 1][1]
                    found += [(*span, actor) for actor in named]
                    break
            place += length
        return found


def load_actors(path: str | Path) -> Actors:
    """Read an actors file.

    Raises
    ------
    InputError
        The file is missing, is no TOML, holds no actor, names a key or leaves out one that it
        should not, a list is empty, or a word stands twice in one list.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> [actor.name for actor in load_actors(load_corpus().actors).actors][:3]
    ['Russia', 'Iran', 'United States']
    """
    declared = read_toml(Path(path), f"mend the path or that line; {_EXAMPLE}")
    entries, nobody = declared.get("actor"), declared.get("not", {})
    if not set(declared) <= {"actor", "not"} or not isinstance(entries, list) or not entries:
        raise InputError(
            f"{path}: an actors file holds [[actor]] tables, at least one, and a table [not] or "
            f"none, got the keys {sorted(declared)}; {_EXAMPLE}."
        )
    actors = tuple(_actor(entry, path) for entry in entries)
    names = [actor.name for actor in actors]
    if twins := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{path}: two actors are called {twins[0]!r}; give each its own name.")
    _check_words(nobody, "[not]", path)
    _refuse_contradictions(actors, nobody, path)
    return Actors(actors, nobody)


@analysis("tone of actors")
def actor_tone(
    corpus: Corpus,
    actors: Actors | None = None,
    *,
    reader: Scorer | None = None,
    unit_tokens: int = UNIT_TOKENS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Outcome:
    """Contrast the tone toward each actor: of the words around its names.

    Around a name are up to 12 tokens on either side, within its clause: a semicolon, colon, dash,
    bracket or ", but" (while, whereas, although and the like) ends it. What stands there is scored
    as a sentence of its own, all names masked, the actor's words too; of a sentence that names an
    actor twice, both stretches. Tone is calibrated, of the combination; intervals are those of
    ``contrast_parts``. Words near a name need not be about it: who does and who suffers is not told
    apart, and pronouns are not followed.

    Parameters
    ----------
    corpus : the two groups
    actors : as from ``load_actors``; the file that the corpus names if left out
    reader : what reads the words around a name: the combination by default, or the sentence model
        (``sentence_model``), which agrees with raters better and needs an optional package
    unit_tokens : aimed length of a unit, in tokens (see ``sentiment``)
    draws, seed : of the random numbers behind family-wise p-values

    Returns
    -------
    Result
        One row an actor, in the file's order:

        ``actor, n_target, n_reference, units_target, units_reference``
            sentences that name it, and units that hold one
        ``others_target, others_reference``
            share of these sentences in which the name stands in words that are quoted, or
            attributed to others (``voice_parts``): the tone is theirs, not the author's
        ``mean_target, low_target, high_target`` and the same of the reference
            mean tone around its names in a group, with its 95 % interval
        ``estimate, ci_low, ci_high``
            target minus reference
        ``p_value, p_family``
            and ``family_low, family_high, floor, established``: as in ``inference.contrast``
        ``rest_target, rest_low_target, rest_high_target`` and the same of the reference
            their mean tone less that of the group's other sentences
        ``too_few``
            whether fewer than three units or five sentences of a group name it, so that there is
            no contrast (NaN)

        Parts:

        - ``actors``: who is meant, ``actor, definition, words``
        - ``sentences``: those that name each, in text order: ``actor, document, group, sentence``;
          ``start, end``, offsets into the raw text; ``named``, how the text names it; ``around``,
          what stands around the names, these masked; ``words``, the scored words of the whole
          sentence with their contributions, the largest first; ``tone``, of what stands around;
          ``text``

    Raises
    ------
    InputError
        The corpus names no actors file and none is given; a group has one sentence only.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> actor_tone(load_corpus(), draws=99).table["actor"].tolist()[:3]
    ['Russia', 'Iran', 'United States']
    """
    known, reading, units = _known(corpus, actors), read(corpus), Units.cut(corpus, unit_tokens)
    names = [actor.name for actor in known.actors]
    column, found = reader.column if reader else COMBINED, _found(known, corpus)
    toward, whole = _toward(known, found, reading, reader), _whole(reading, reader)
    naming = np.isfinite(toward)
    plain = np.broadcast_to(np.nan_to_num(whole)[:, None], naming.shape)
    spoken = np.broadcast_to(~reading.silent[:, None], naming.shape)
    part = _parts(naming, np.nan_to_num(toward), units, column)
    rest = _parts(spoken & ~naming, plain, units, column)
    others = _in_other_voices(corpus, known, found)
    target = reading.target
    table = contrast_parts(part, draws=draws, seed=seed).assign(
        actor=names,
        n_target=naming[target].sum(axis=0),
        n_reference=naming[~target].sum(axis=0),
    )
    few = table[[f"n_{side}" for side in SIDES]].min(axis=1) < FEW
    table.loc[few, [*CONTRAST[CONTRAST.index("estimate") : -1]]] = np.nan
    table["established"] = passes(table["p_family"])
    for name, side in zip(SIDES, (target, ~target), strict=True):
        held = naming[side].sum(axis=0)
        quoted = (others & naming)[side].sum(axis=0)
        table[f"others_{name}"] = np.where(held > 0, quoted / np.maximum(held, 1), np.nan)
    for name, side in zip(SIDES, (units.target, ~units.target), strict=True):
        ends = [f"rest_{name}", f"rest_low_{name}", f"rest_high_{name}"]
        table[ends] = contrast_with_rest(part.of(side), rest.of(side))
    table["too_few"] = few | (table[[f"units_{side}" for side in SIDES]].min(axis=1) < LEAST)
    table = table.astype({f"units_{side}": int for side in SIDES})[COLUMNS]
    meant = [(one.name, one.definition, ", ".join(one.words)) for one in known.actors]
    parts = {
        "actors": pd.DataFrame(meant, columns=["actor", "definition", "words"]),
        "sentences": pd.concat(
            [_sentences(reading, name, found, toward[:, place]) for place, name in enumerate(names)]
        ),
    }
    return outcome(corpus, table, METHOD, length=unit_length(corpus, unit_tokens), parts=parts)


def _found(actors: Actors, corpus: Corpus) -> list[list[tuple[int, int, str]]]:
    """Return the mentions of each sentence."""
    return [actors.find(text) for text in corpus.sentences["text"]]


def _sentences(
    reading: Reading, actor: str, found: list[list[tuple[int, int, str]]], tone: Floats
) -> pd.DataFrame:
    """Return the sentences that name an actor, from what is found in each (``actor_tone``)."""
    sentences = reading.corpus.sentences
    spans = [_spans(own, actor) for own in found]
    named = np.array([bool(own) for own in spans], dtype=bool)
    rows = np.flatnonzero(named)
    texts = sentences["text"].to_numpy()[rows]
    given = [(text, spans[row]) for text, row in zip(texts, rows, strict=True)]
    table = sentences[named].assign(
        actor=actor,
        named=[", ".join(dict.fromkeys(text[a:b] for a, b in own)) for text, own in given],
        around=[around(text, own) for text, own in given],
        tone=tone[named],
    )
    listed = _words_listed(reading.words[reading.words["row"].isin(table.index)])
    words = [", ".join(listed.get(row, ())) for row in table.index]
    return table.assign(words=words)[SENTENCES].reset_index(drop=True)


def score_toward(
    lines: Sequence[str], names: Sequence[str], *, extra: Sequence[Scorer] = ()
) -> pd.DataFrame:
    """Score sentences toward someone whom each names: the words around the name (``actor_tone``).

    Parameters
    ----------
    lines : sentences
    names : of each, whom it is about, as it writes the name (a word or several, whatever their
        case)
    extra : further scorers that the calibration knows (``sentence_model``), each with a column
        ``tone_`` and its name

    Returns
    -------
    DataFrame
        One row a line: ``line`` (numbered from 1), ``name``; ``around``, the words that are scored,
        names masked; ``others``, whether every mention stands in words that are quoted or
        attributed to others; ``tone, tone_class`` and the further scorers' tone; ``note``, why a
        tone is undefined (NaN): the line does not name them, or nothing can be said of it.

    Raises
    ------
    InputError
        There are not as many names as lines, or a name holds no token.

    Examples
    --------
    >>> found = score_toward(["Rome was kind, but Carthage was cruel."] * 2, ["Rome", "Carthage"])
    >>> found["tone_class"].tolist()
    ['positive', 'negative']
    """
    if isinstance(lines, str) or len(lines) != len(names):
        raise InputError(
            f"Give as many names as sentences, in two lists, got {len(lines)} and {len(names)}."
        )
    units = scale(COMBINED, masked=True, calibrated=True)
    spans = [_mentioned(text, name) for text, name in zip(lines, names, strict=True)]
    known = np.array([bool(own) for own in spans], dtype=bool)
    given = list(zip(lines, spans, strict=True))
    seen = [around(mask(text), own) if own else "" for text, own in given]
    sums = {part: scorer(part).scores(seen) for part in units.slopes}
    silent = without_tone(lines, [any(s[row] for s in sums.values()) for row in range(len(lines))])
    undefined = silent | ~known
    tone = np.where(undefined, np.nan, units.score(units.linear(sums)))
    table = pd.DataFrame(
        {
            "line": np.arange(1, len(lines) + 1),
            "name": list(names),
            "around": seen,
            "others": [_spoken_by_others(text, own) for text, own in given],
            "tone": tone,
            "tone_class": load_calibration().classes(tone),
        }
    )
    for own in extra:
        stretches = [around(text, where) if where else "" for text, where in given]
        scores = calibrated(own, own.scores(stretches))
        table[f"tone_{own.column}"] = np.where(undefined, np.nan, scores)
    table["note"] = np.select(
        [~known, silent], [say("tone.notes.unnamed", {}), say("tone.notes.silent", {})], ""
    )
    return table


def _mentioned(text: str, name: str) -> list[tuple[int, int]]:
    if not _alias(name):
        raise InputError(f"The name {name!r} holds no token: give it as the sentence writes it.")
    return _spans(Actors((Actor(name, name, {name: name}),)).find(text), name)


def _spoken_by_others(text: str, spans: list[tuple[int, int]]) -> bool:
    own = voices_of(text)
    return bool(spans) and all(voice_at(own, start) for start, _ in spans)


def _known(corpus: Corpus, actors: Actors | None) -> Actors:
    if actors is not None:
        if not isinstance(actors, Actors):
            raise InputError(f"Actors are given as from load_actors, got {repr(actors)[:SHOWN]}.")
        if not actors.actors:
            raise InputError("There is no actor to look for: give at least one, with its words.")
        return actors
    if corpus.actors is None:
        raise InputError(
            "This corpus names no actors: put a file of their names beside the manifest and add "
            'actors = "actors.toml" to it; data/actors.toml is an example.'
        )
    return load_actors(corpus.actors)


def _toward(
    actors: Actors,
    found: list[list[tuple[int, int, str]]],
    reading: Reading,
    reader: Scorer | None = None,
) -> Floats:
    """Return the tone around each actor's names, sentences × actors; NaN where it is not named."""
    place = {actor.name: column for column, actor in enumerate(actors.actors)}
    tone = np.full((len(reading.texts), len(place)), np.nan)
    cells, stretches = [], []
    sentences = zip(reading.corpus.sentences["text"], reading.texts, strict=True)
    for row, (text, seen) in enumerate(sentences):
        if reading.silent[row]:
            continue
        for name in dict.fromkeys(actor for *_, actor in found[row]):
            cells.append((row, place[name]))
            stretches.append(around(text if reader else seen, _spans(found[row], name)))
    if cells:
        tone[tuple(np.transpose(cells))] = _read(stretches, reading, reader)
    return tone


def _whole(reading: Reading, reader: Scorer | None) -> Floats:
    """Return the tone of every sentence as a whole."""
    texts = list(reading.corpus.sentences["text"])
    return calibrated(reader, reader.scores(texts)) if reader else reading.tone


def _read(stretches: Sequence[str], reading: Reading, reader: Scorer | None) -> Floats:
    if reader:
        return calibrated(reader, reader.scores(stretches))
    return reading.tones_of(stretches)


def _spans(found: list[tuple[int, int, str]], name: str) -> list[tuple[int, int]]:
    return [(start, end) for start, end, actor in found if actor == name]


def around(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the stretches of a sentence around some of its words, these masked.

    Parameters
    ----------
    text : the sentence, names masked or not
    spans : the words' offsets

    Examples
    --------
    >>> around("Rome was kind, but Carthage, they say, was cruel.", [(0, 4)])
    'Xxxx was kind'
    """
    tokens = [(start, end) for start, end, _ in token_spans(text)]
    for start, end in spans:
        hidden = re.sub(r"\w", "x", text[start:end]).replace("x", "X", 1)
        text = text[:start] + hidden + text[end:]
    breaks = [(match.start(), match.end()) for match in _BREAK.finditer(text)]
    reached: list[tuple[int, int]] = []
    for start, end in spans:
        low = max((b for _, b in breaks if b <= start), default=0)
        high = min((a for a, _ in breaks if a >= end), default=len(text))
        before = [a for a, b in tokens if low <= a and b <= start][-REACH:]
        after = [b for a, b in tokens if a >= end and b <= high][:REACH]
        first, last = min([*before, start]), max([*after, end])
        if reached and first <= reached[-1][1]:
            reached[-1] = reached[-1][0], max(last, reached[-1][1])
        else:
            reached.append((first, last))
    return " … ".join(text[first:last] for first, last in reached)


def _in_other_voices(
    corpus: Corpus, actors: Actors, found: list[list[tuple[int, int, str]]]
) -> np.ndarray:
    """Tell where every name of an actor stands in others' words: sentences × actors."""
    stretches = [own for document in corpus.documents for own in sentence_voices(document)]
    flags = np.zeros((len(stretches), len(actors.actors)), dtype=bool)
    for row, own in enumerate(stretches):
        if all(voice == VOICES[0] for _, _, voice, _ in own):
            continue
        for column, actor in enumerate(actors.actors):
            starts = [start for start, _ in _spans(found[row], actor.name)]
            flags[row, column] = bool(starts) and all(voice_at(own, at) for at in starts)
    return flags


def _parts(flags: np.ndarray, tone: Floats, units: Units, column: str) -> Parts:
    documents, sizes = units.table["document"].to_numpy(), units.sum(flags.astype(float))
    return Parts(units.sum(flags * tone), sizes, units.target, documents, column)


def _words_listed(words: pd.DataFrame) -> dict[int, list[str]]:
    """Write the scored words of each sentence with what each gives, the largest first."""
    sums = words.groupby(["row", "term"])["contribution"].sum().reset_index()
    sums["size"] = sums["contribution"].abs()
    ranked = ordered(sums, ["size", "term"], ascending=[False, True])
    listed = zip(ranked["row"], ranked["term"], ranked["contribution"], strict=True)
    found: dict[int, list[str]] = {}
    for row, term, value in listed:
        found.setdefault(row, []).append(f"{term} {steady(value):+.2f}")
    return found


# The actors file


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, token) of every token, those of a compound one by one."""
    for start, end, token in token_spans(text):
        for piece in _PIECE.finditer(text[start:end]):
            whole = piece.end() - piece.start() == end - start
            for own in (token,) if whole else tokenize(piece.group()):
                yield start + piece.start(), start + piece.end(), own


def _alias(word: str) -> Alias:
    return tuple(token for _, _, token in _pieces(word))


def _actor(entry: Any, path: str | Path) -> Actor:
    if not isinstance(entry, dict) or set(entry) != set(_KEYS):
        got = sorted(entry) if isinstance(entry, dict) else repr(entry)
        raise InputError(f"{path}: an [[actor]] has the keys {', '.join(_KEYS)}; got {got}.")
    texts = entry["name"], entry["definition"]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise InputError(
            f"{path}: the actor {entry['name']!r} needs a name and a definition, in quotes and "
            "not empty."
        )
    if not entry["words"]:
        raise InputError(
            f"{path}: no word names the actor {entry['name']!r}; give each in [actor.words], as "
            '"word" = "why it names the actor".'
        )
    _check_words(entry["words"], repr(entry["name"]), path)
    return Actor(*texts, entry["words"])


def _check_words(words: Any, whose: str, path: str | Path) -> None:
    """Refuse a list that is no table of words with reasons, or holds a word twice."""
    if not isinstance(words, dict) or not all(
        isinstance(reason, str) and reason.strip() for reason in words.values()
    ):
        raise InputError(
            f"{path}: the words of {whose} must each have a reason in quotes, as "
            '"word" = "why it is here".'
        )
    seen: set[Alias] = set()
    for word in words:
        if not _alias(word):
            raise InputError(f"{path}: {word!r} of {whose} holds no token; remove it.")
        if _alias(word) in seen:
            raise InputError(f"{path}: {word!r} stands twice under {whose}; remove one of them.")
        seen.add(_alias(word))


def _refuse_contradictions(
    actors: tuple[Actor, ...], nobody: Mapping[str, str], path: str | Path
) -> None:
    none = {_alias(word) for word in nobody}
    for actor in actors:
        for word in actor.words:
            if _alias(word) in none:
                raise InputError(
                    f"{path}: {word!r} names {actor.name!r} and, under [not], nobody; remove one."
                )
