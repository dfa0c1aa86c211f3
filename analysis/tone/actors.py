"""Tone of the sentences that name an actor."""

from difflib import get_close_matches

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference.permutation import DRAWS
from analysis.inference.weights import Floats
from analysis.text import Corpus
from analysis.text.units import UNIT_TOKENS
from analysis.tone.aliases import Actors, load_actors
from analysis.tone.ratios import (
    COLUMNS as CONTRAST,
)
from analysis.tone.ratios import (
    LEAST,
    SIDES,
    Parts,
    contrast_parts,
    contrast_with_rest,
)
from analysis.tone.reading import Reading, Units, read

REST = [f"{what}_{side}" for side in SIDES for what in ("rest", "rest_low", "rest_high")]
COLUMNS = ["actor", *(f"n_{side}" for side in SIDES), *CONTRAST, *REST, "note"]
SENTENCES = "actor document group sentence start end named words tone text".split()


def actor_tone(
    corpus: Corpus,
    actors: Actors | None = None,
    *,
    words: int = UNIT_TOKENS,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Contrast the tone of the sentences that name each actor.

    A sentence that names two actors counts for both, so that this is the tone in whose company an
    actor stands, not only what is said of it. Tone is calibrated, of the combined lexicons, names
    masked; intervals are those of ``contrast_parts``.

    Parameters
    ----------
    corpus : the two groups
    actors : as from ``load_actors``; the file that the corpus names if left out
    words : aimed length of a unit, in tokens (see ``sentiment``)
    draws, seed : of the permutation test

    Returns
    -------
    DataFrame
        One row an actor, in the file's order:

        ``actor, n_target, n_reference, units_target, units_reference``
            sentences that name it, and units that hold one
        ``mean_target, low_target, high_target`` and the same of the reference
            their mean tone in a group, with its 95 % interval
        ``estimate, ci_low, ci_high``
            target minus reference
        ``p_value, p_family``
            permutation of units; the second adjusted over the actors
        ``rest_target, rest_low_target, rest_high_target`` and the same of the reference
            their mean tone less that of the group's other sentences
        ``note``
            empty, or why the contrast is undefined (NaN): fewer than three units of a group

    Raises
    ------
    InputError
        The corpus names no actors file and none is given; a group has one sentence only.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> actor_tone(load_corpus(), draws=99)["actor"].tolist()[:3]
    ['Russia', 'Iran', 'United States']
    """
    known, reading, units = _known(corpus, actors), read(corpus), Units.cut(corpus, words)
    names = [actor.name for actor in known.actors]
    naming = _naming(corpus, known) & ~reading.silent[:, None]
    spoken = np.broadcast_to(~reading.silent[:, None], naming.shape)
    part, rest = (_parts(flags, reading, units) for flags in (naming, spoken & ~naming))
    target = reading.target
    table = contrast_parts(part, draws=draws, seed=seed).assign(
        actor=names,
        n_target=naming[target].sum(axis=0),
        n_reference=naming[~target].sum(axis=0),
    )
    for name, side in zip(SIDES, (units.target, ~units.target), strict=True):
        ends = [f"rest_{name}", f"rest_low_{name}", f"rest_high_{name}"]
        table[ends] = contrast_with_rest(part.of(side), rest.of(side))
    table.attrs = {"seed": seed, "draws": draws, "words": words}
    table["note"] = [_note(row, corpus) for _, row in table.iterrows()]
    return table.astype({f"units_{side}": int for side in SIDES})[COLUMNS]


def actor_sentences(corpus: Corpus, actor: str, actors: Actors | None = None) -> pd.DataFrame:
    """Return the sentences that name an actor, with their tone.

    Returns
    -------
    DataFrame
        One row a sentence, in text order: ``actor, document, group, sentence``; ``start, end``,
        offsets into the raw text; ``named``, how the text names it; ``words``, the scored words
        with their contributions, the largest first; ``tone``; ``text``.

    Raises
    ------
    InputError
        There is no such actor, or no actors file.
    """
    known = _known(corpus, actors)
    names = [one.name for one in known.actors]
    if actor not in names:
        near = get_close_matches(actor, names, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise InputError(f"No actor {actor!r}: {hint}Choose one of {', '.join(names)}.")
    reading = read(corpus)
    table = corpus.sentences.assign(
        actor=actor,
        named=[_mentions(known, text, actor) for text in corpus.sentences["text"]],
        tone=reading.tone,
    )
    table = table[table["named"] != ""]
    listed = _listed(reading.words[reading.words["row"].isin(table.index)])
    words = [", ".join(listed.get(row, ())) for row in table.index]
    return table.assign(words=words)[SENTENCES].reset_index(drop=True)


def _known(corpus: Corpus, actors: Actors | None) -> Actors:
    if actors is not None:
        return actors
    if corpus.actors is None:
        raise InputError(
            "This corpus names no actors: put a file of their names beside the manifest and add "
            'actors = "actors.toml" to it; data/actors.toml is an example.'
        )
    return load_actors(corpus.actors)


def _naming(corpus: Corpus, actors: Actors) -> np.ndarray:
    """Tell which sentences name which actors: sentences × actors."""
    named = [{name for *_, name in actors.find(text)} for text in corpus.sentences["text"]]
    flags = [[actor.name in names for actor in actors.actors] for names in named]
    return np.array(flags, dtype=bool)


def _parts(flags: np.ndarray, reading: Reading, units: Units) -> Parts:
    tone: Floats = np.where(reading.silent, 0.0, reading.tone)
    documents = units.table["document"].to_numpy()
    return Parts(
        units.sum(flags * tone[:, None]), units.sum(flags.astype(float)), units.target, documents
    )


def _mentions(actors: Actors, text: str, actor: str) -> str:
    found = [text[start:end] for start, end, name in actors.find(text) if name == actor]
    return ", ".join(dict.fromkeys(found))


def _listed(words: pd.DataFrame) -> dict[int, list[str]]:
    """Write the scored words of each sentence with what each gives, the largest first."""
    sums = words.groupby(["row", "term"], as_index=False)["contribution"].sum()
    order = np.lexsort((sums["term"], -sums["contribution"].abs().round(12)))
    found: dict[int, list[str]] = {}
    for row, term, value in sums.iloc[order].itertuples(index=False):
        found.setdefault(row, []).append(f"{term} {value:+.2f}")
    return found


def _note(row: pd.Series, corpus: Corpus) -> str:
    few = [
        f"{int(row[f'units_{group.role}'])} of {group.label!r}"
        for group in corpus.groups
        if row[f"units_{group.role}"] < LEAST
    ]
    if not few:
        return ""
    return f"Named in too few units ({' and '.join(few)}): a contrast needs {LEAST} in each group."
