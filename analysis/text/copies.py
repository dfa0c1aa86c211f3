"""Copies: documents that are the same, nearly the same, or share long passages.

Two documents are the same where their words are; the later one is nearly the same where at least
80 % of its runs of eight words (a fixed eighth of them, chosen by their sum) stand in the earlier;
they share passages where a tenth of the shorter one's do. A paragraph of 25 words or more that
stands again is repeated.
"""

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import pandas as pd

from analysis.errors import InputError
from analysis.text.documents import Document
from analysis.text.edits import Edit

COLUMNS = ["kind", "document", "copy_of", "group", "group_of", "words", "share"]
CHOICES = ("tell", "once", "refuse")
NEAR, SHARED = 0.8, 0.1
RUN, SAMPLE, COMMON, FEWEST = 8, 8, 20, 6
PARAGRAPH = 25  # words of a paragraph that is looked for
_KINDS = (
    ("same", "holds the same words as", "hold the same words as"),
    ("near", "is nearly the same as", "are nearly the same as"),
    ("passages", "shares long passages with", "share long passages with"),
)
_WORD = re.compile(r"\w+")


def find_copies(documents: Sequence[Document]) -> pd.DataFrame:
    """Return which documents are copies of earlier ones, and which repeat paragraphs.

    Returns
    -------
    DataFrame
        One row a pair: ``kind`` (same, near, passages; repeated, of paragraphs of one document),
        ``document``, ``copy_of`` (the earlier one), their groups, ``words`` of the later one that
        are shared (estimated but for *same* and *repeated*), and their ``share``.
    """
    words = [_WORD.findall(document.edited.text.lower()) for document in documents]
    pairs = [*_same(words), *_near(words)]
    rows = [
        (kind, documents[b].id, documents[a].id, documents[b].group, documents[a].group,
         round(share * len(words[b])), round(share, 3))
        for kind, a, b, share in pairs
    ]  # fmt: skip
    for document, own in zip(documents, words, strict=True):
        if again := sum(count for *_, count in repeated([document])):
            share = round(again / max(1, len(own)), 3)
            id, group = document.id, document.group
            rows.append(("repeated", id, id, group, group, again, share))
    return pd.DataFrame(rows, columns=COLUMNS)


def _same(words: Sequence[Sequence[str]]) -> Iterator[tuple[str, int, int, float]]:
    first: dict[tuple[str, ...], int] = {}
    for place, own in enumerate(words):
        earlier = first.setdefault(tuple(own), place)
        if earlier != place and own:
            yield "same", earlier, place, 1.0


def _near(words: Sequence[Sequence[str]]) -> Iterator[tuple[str, int, int, float]]:
    """Yield pairs that share runs of words, by a sample of runs that hangs on the run alone."""
    samples = [_sample(own) for own in words]
    holders: dict[int, list[int]] = defaultdict(list)
    for place, sample in enumerate(samples):
        for run in sample:
            holders[run].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in holders.values():
        if 1 < len(places) <= COMMON:
            shared.update(combinations(places, 2))
    for (a, b), count in sorted(shared.items()):
        share, most = count / len(samples[b]), count / min(len(samples[a]), len(samples[b]))
        if count >= FEWEST and most >= SHARED and list(words[a]) != list(words[b]):
            yield ("near" if share >= NEAR else "passages"), a, b, share


def _sample(words: Sequence[str]) -> set[int]:
    sums = [zlib.crc32(word.encode()) for word in words]
    runs = (hash(tuple(sums[i : i + RUN])) for i in range(len(sums) - RUN + 1))
    return {run for run in runs if run % SAMPLE == 0}


def repeated(documents: Iterable[Document]) -> Iterator[tuple[Document, int, int, int]]:
    """Yield (document, start, end, words) of each long paragraph that stood before.

    Offsets are those of the clean text, from the end of the paragraph before.
    """
    seen: set[tuple[str, ...]] = set()
    for document in documents:
        place = 0
        for match in re.finditer(r"[^\n]+", document.edited.text):
            own = tuple(_WORD.findall(match[0].lower()))
            if len(own) >= PARAGRAPH:
                if own in seen:
                    yield document, place, match.end(), len(own)
                seen.add(own)
            place = match.end()


def settle(documents: Sequence[Document], choice: str) -> tuple[tuple[Document, ...], list[str]]:
    """Do with copies what was chosen, and return the documents and sentences that tell.

    Parameters
    ----------
    documents : of both groups
    choice : ``tell``; ``once``: of copies in a group the first counts, the same and nearly the
        same, and of its repeated paragraphs too; ``refuse``

    Raises
    ------
    InputError
        The choice is unknown; or copies are to be refused, and there are some.
    """
    if choice not in CHOICES:
        raise InputError(f"copies is one of {', '.join(CHOICES)}; got {choice!r}.")
    found = find_copies(documents)
    told = _sentences(found, choice == "once")
    if told and choice == "refuse":
        raise InputError(" ".join([*told, "Take them out, or read on with copies='tell'."]))
    if not told or choice == "tell":
        return tuple(documents), told
    inside = found[found["group"] == found["group_of"]]
    dropped = set(inside.loc[inside["kind"].isin(["same", "near"]), "document"])
    kept = [document for document in documents if document.id not in dropped]
    edits: dict[str, list[Edit]] = defaultdict(list)
    for label in dict.fromkeys(document.group for document in kept):
        for document, start, end, _ in repeated(d for d in kept if d.group == label):
            reason = "a paragraph that stands before in this group"
            edits[document.id].append(Edit(start, end, "", "copy", reason))
    once = tuple(
        replace(d, edited=d.edited.then(edits[d.id])) if d.id in edits else d for d in kept
    )
    return tuple(d for d in once if d.edited.text.strip()), told


def _sentences(found: pd.DataFrame, once: bool) -> list[str]:
    """Say what was found, a sentence a kind, and what is done about it."""
    done = "Counted once." if once else "copies='once' (--copies once) counts once."
    told = []
    across = found["group"] != found["group_of"]
    for kind, one, several in _KINDS:
        for both, where in ((False, "in its group"), (True, "in the other group")):
            rows = found[(found["kind"] == kind) & (across == both)]
            if rows.empty:
                continue
            many, row = rows["document"].nunique(), rows.iloc[0]
            settled = "" if both or kind == "passages" else f" {done}"
            says = f"1 document {one}" if many == 1 else f"{many} documents {several}"
            told.append(f"{says} another {where} ({row['document']}: {row['copy_of']}).{settled}")
    if len(rows := found[found["kind"] == "repeated"]):
        says = "1 document repeats" if len(rows) == 1 else f"{len(rows)} documents repeat"
        told.append(
            f"{says} whole paragraphs, {rows['words'].sum():,} words "
            f"({rows['document'].iloc[0]}). {done}"
        )
    return told
