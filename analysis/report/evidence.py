"""From a claim to the sentences and offsets behind it; every sentence with what was measured."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd

from analysis.files import write_together
from analysis.numbers import FULL, largest, to_csv
from analysis.report.claims import Finding
from analysis.result import Result
from analysis.sentences import markdown
from analysis.text import Corpus
from analysis.text.concordance import concept_occurrences, occurrences
from analysis.text.units import unit_rows
from analysis.tone import score_sentences

EVIDENCE, SENTENCES = "evidence", "sentences"
COLUMNS = [
    "claim", "table", "row", "document", "group", "sentence", "start", "end", "text",
]  # fmt: skip
PLACE = ["document", "start", "end", "text"]
SHOWN = 40  # lines of a claim that the page shows; the CSV has all
WORDS = ("keywords", "phrases")


def sentence_measures(corpus: Corpus, topics: Result | None = None) -> pd.DataFrame:
    """Return every sentence by its place, without its words, with what was measured of it.

    Parameters
    ----------
    corpus : the two groups
    topics : as from ``topics``, of the same corpus

    Returns
    -------
    DataFrame
        ``document, group, sentence``; ``start, end``, its place in the raw file; ``tokens``;
        ``tone``, calibrated, NaN where none is defined; ``topic``, the one that leads its passage,
        where topics are given.
    """
    scored = score_sentences(corpus)
    table = scored[["document", "group", "sentence", "start", "end", "tone"]].copy()
    table.insert(5, "tokens", corpus.sentence_tokens)
    if topics is not None:
        table["topic"] = _leading(topics, len(table))
    return table


def _leading(topics: Result, sentences: int) -> pd.Series:
    """Return the topic that leads each sentence's passage."""
    passages = unit_rows(topics.corpus, topics.parts["passages"])
    shares = topics.parts["shares"]["share"].to_numpy().reshape(len(passages), -1)
    found = np.zeros(sentences, dtype=int)
    for rows, best in zip(passages, largest(shares), strict=True):
        found[rows] = best + 1
    return pd.Series(found).where(lambda own: own > 0).astype("Int64")


def claims_evidence(findings: Sequence[Finding], results: Mapping[str, Result]) -> pd.DataFrame:
    """Return the sentences behind each claim on words, concepts or actors, in text order.

    What a claim says of a mean over all sentences, or of topics, rests on all of them: those stand
    in ``sentence_measures``.

    Returns
    -------
    DataFrame
        ``claim, table, row`` (what it rests on), ``document, group, sentence, start, end`` (of the
        word, or of the sentence, in the raw file) and ``text``, the sentence.
    """
    found = [
        lines.assign(claim=finding.id, table=finding.table, row=row)
        for finding in findings
        for row in finding.rows
        if not (lines := _lines(finding.table, row, results)).empty
    ]
    return pd.concat(found, ignore_index=True)[COLUMNS] if found else pd.DataFrame(columns=COLUMNS)


def _lines(table: str, row: str, results: Mapping[str, Result]) -> pd.DataFrame:
    corpus = results["keywords"].corpus
    if table in WORDS:
        return _whole(occurrences(corpus, {row}))
    if table == "concepts":
        lists = results["concepts"].facts["concepts"]
        found = concept_occurrences(corpus, lists)
        return _whole(found[found["concept"] == row])
    if table == "actors" and "actors" in results:
        named = results["actors"].parts["sentences"]
        return named[named["actor"] == row].reindex(columns=COLUMNS[3:])
    if table == "sections" and "notes" in results:
        return _section(row, results["notes"])
    return pd.DataFrame()


def _section(row: str, notes: Result) -> pd.DataFrame:
    """Return the sentences of a section, which is named by its document and its name."""
    sections, sentences = notes.parts["sections"], notes.corpus.sentences
    own = sections[sections["document"] + ": " + sections["section"] == row].iloc[0]
    held = sentences["sentence"].between(own["first_sentence"], own["last_sentence"])
    inside = sentences[(sentences["document"] == own["document"]) & held]
    return inside.reindex(columns=COLUMNS[3:])


def _whole(lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines with the whole sentence beside them."""
    parts = zip(lines["left"], lines["node"], lines["right"], strict=True)
    return lines.assign(text=["".join(own) for own in parts])


def write_evidence(
    findings: Sequence[Finding], results: Mapping[str, Result], folder: str | Path
) -> None:
    """Write ``evidence.csv``, ``evidence.md`` and ``sentences.csv`` into a folder."""
    home = Path(folder)
    lines = claims_evidence(findings, results)
    measured = sentence_measures(results["keywords"].corpus, results["topics"])
    write_together(
        {
            home / f"{EVIDENCE}.csv": to_csv(lines, FULL),
            home / f"{SENTENCES}.csv": to_csv(measured),
            home / f"{EVIDENCE}.md": evidence_page(findings, lines).encode("utf-8"),
        }
    )


def evidence_page(findings: Sequence[Finding], lines: pd.DataFrame) -> str:
    """Return the appendix: each claim with the sentences that it rests on, in Markdown."""
    parts = [
        "# Evidence\n\nEvery claim of the findings, what it rests on, and the sentences behind it, "
        "with the characters of the raw file at which they stand. All lines are in "
        f"[{EVIDENCE}.csv]({EVIDENCE}.csv); every sentence with its tone and leading topic is in "
        f"[{SENTENCES}.csv]({SENTENCES}.csv)."
    ]
    for finding in findings:
        own = lines[lines["claim"] == finding.id]
        named = ", ".join(f"“{markdown(row)}”" for row in finding.rows)
        rows = "the row" if len(finding.rows) == 1 else "the rows"
        rests = f"Rests on {rows} {named} of the table “{finding.table}”."
        shown = [
            f"- {markdown(document)}, {start}–{end}: {markdown(text)}"
            for document, start, end, text in own[PLACE].head(SHOWN).to_numpy().tolist()
        ]
        more = [f"{len(own) - SHOWN} more are in the file."] if len(own) > SHOWN else []
        look = [
            f"[{markdown(row)} in the explorer](../figures/explorer.html#word={quote(row)})"
            for row in finding.rows
            if finding.table in WORDS
        ]
        heading = f"## {finding.id}\n\n{markdown(finding.sentence)}"
        rest = "All sentences are behind it." if own.empty else "\n".join(shown)
        parts.append("\n\n".join([heading, " ".join([rests, *look]), rest, *more]))
    return "\n\n".join(parts) + "\n"
