"""Counts of two groups as users of other tools make them, one recipe a tool.

    python size_peers.py NAME TABLE        # prints the number of terms

Run by ``benchmarks/size.py`` in a process of its own, by the Python that has the tool: this file
needs nothing of this package. From JSON lines with ``text`` and ``group`` to how often each term
occurs in either group and in how many of its documents (pycorpdiff: to its own table of keyness,
as it comes; topica: to one model of topics, where ours chooses their number and judges them). Each
tool cuts words in its own way, or in the one that its manual shows.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

WORD = r"[\p{L}\p{N}_]+"  # what \w is to Python, for regular expressions of Rust and RE2


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table."""
    with Path(table).open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def count_vectorizer(table: str) -> int:
    """Count with scikit-learn, documents × terms."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    groups: list[str] = []

    def texts() -> Iterator[str]:
        for row in rows(table):
            groups.append(row["group"])
            yield row["text"]

    counts = CountVectorizer().fit_transform(texts())
    for group in "ab":
        own = counts[np.array(groups) == group]
        own.sum(axis=0), own.getnnz(axis=0)
    return int(counts.shape[1])


def nltk(table: str) -> int:
    """Count with NLTK's frequency distributions; its pieces of punctuation are no words."""
    from nltk import FreqDist
    from nltk.tokenize import wordpunct_tokenize

    counts = {group: FreqDist() for group in "ab"}
    documents = {group: FreqDist() for group in "ab"}
    for row in rows(table):
        words = [word for word in wordpunct_tokenize(row["text"].lower()) if word.isalnum()]
        counts[row["group"]].update(words)
        documents[row["group"]].update(set(words))
    return len(counts["a"] | counts["b"])


def polars(table: str) -> int:
    """Count with lazy queries of Polars, by its streaming engine."""
    import polars as pl

    texts = pl.scan_ndjson(table).select(
        "group", term=pl.col("text").str.to_lowercase().str.extract_all(WORD)
    )

    def counted(texts: pl.LazyFrame, name: str) -> pl.LazyFrame:
        return texts.explode("term").group_by("term", "group").agg(pl.len().alias(name))

    once = texts.with_columns(pl.col("term").list.unique())
    query = counted(texts, "n").join(counted(once, "documents"), on=["term", "group"])
    return int(query.collect(engine="streaming")["term"].n_unique())


def duckdb(table: str) -> int:
    """Count with a query of DuckDB."""
    import duckdb

    query = f"""
        with texts as (
            select "group", regexp_extract_all(lower(text), '{WORD}') as words
            from read_json($table, format = 'newline_delimited')
        ),
        met as (
            select "group", unnest(words) as term, 1 as n, 0 as documents from texts
            union all
            select "group", unnest(list_distinct(words)), 0, 1 from texts
        )
        select term, "group", sum(n) as n, sum(documents) as documents from met group by all
    """
    return int(duckdb.execute(query, {"table": table}).df()["term"].nunique())


def pycorpdiff(table: str) -> int:
    """Contrast with pycorpdiff."""
    import pandas as pd
    import pycorpdiff as pcd

    corpus = pcd.from_dataframe(pd.read_json(table, lines=True), meta_cols=("group",))
    return len(pcd.compare(corpus.slice(group="a"), corpus.slice(group="b")).keyness().to_df())


def topica(table: str) -> int:
    """Fit one structural topic model of twenty topics, prevalence by group, with topica."""
    import numpy as np
    import topica

    own = list(rows(table))
    words = [topica.tokenize(row["text"], stopwords="english") for row in own]
    target = np.array([[float(row["group"] == "a")] for row in own])
    corpus = topica.Corpus.from_documents(words)
    topica.STM(20).fit(corpus, prevalence=target)
    return int(corpus.num_words)


RECIPES: dict[str, Callable[[str], int]] = {
    "CountVectorizer": count_vectorizer,
    "NLTK": nltk,
    "Polars": polars,
    "DuckDB": duckdb,
    "pycorpdiff": pycorpdiff,
    "topica": topica,
}

if __name__ == "__main__":
    print(RECIPES[sys.argv[1]](sys.argv[2]))
