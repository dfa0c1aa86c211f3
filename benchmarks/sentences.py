"""Sentence splitters on hard sentences: precision and recall of the boundaries that each finds.

``python -m benchmarks.sentences`` writes ``benchmarks/sentences.csv``; splitters that are not
installed are left out (``pip install nupunkt pysbd syntok blingfire sentence-splitter``). The rules
of this package were written with the first file at hand; the second was written after them.
"""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from analysis.text.tokens import sentence_spans

FIXTURES = Path(__file__).resolve().parents[1] / "tests" / "fixtures"
HARD, UNSEEN = FIXTURES / "sentences.txt", FIXTURES / "sentences-unseen.txt"
Splitter = Callable[[str], list[str]]


def passages(path: Path = HARD) -> list[list[str]]:
    """Return the passages of a file, each a list of its sentences."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split(" | ") for line in lines if line and not line.startswith("#")]


def ends(sentences: list[str]) -> set[int]:
    """Return where sentences end inside their passage, in characters that are no white space."""
    places, place = set(), 0
    for sentence in sentences[:-1]:
        place += len("".join(sentence.split()))
        places.add(place)
    return places


def ours(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def splitters() -> Iterator[tuple[str, Splitter]]:
    """Yield the splitters that are installed."""
    yield "this package", ours
    if find_spec("nupunkt"):
        import nupunkt

        yield "nupunkt", lambda text: [text[a:b] for a, b in nupunkt.sent_spans(text)]
    if find_spec("nltk"):
        from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTrainer

        trainer = PunktTrainer()
        for article in sorted((FIXTURES.parents[1] / "data" / "raw").glob("*.txt")):
            trainer.train(article.read_text(encoding="utf-8"), finalize=False)
        punkt = PunktSentenceTokenizer(trainer.get_params())
        yield "punkt, untrained", PunktSentenceTokenizer().tokenize
        yield "punkt, trained on the two articles", punkt.tokenize
    if find_spec("pysbd"):
        import pysbd

        yield "pysbd", pysbd.Segmenter(language="en", clean=False).segment
    if find_spec("syntok"):
        from syntok import segmenter

        yield (
            "syntok",
            lambda text: [
                "".join(token.spacing + token.value for token in sentence)
                for paragraph in segmenter.process(text)
                for sentence in paragraph
            ],
        )
    if find_spec("blingfire"):
        import blingfire

        yield "blingfire", lambda text: blingfire.text_to_sentences(text).split("\n")
    if find_spec("sentence_splitter"):
        from sentence_splitter import SentenceSplitter

        yield "sentence-splitter", SentenceSplitter(language="en").split


def compare(path: Path) -> pd.DataFrame:
    """Return, per splitter, how many of the boundaries it finds, and how many that it finds are."""
    rows = []
    truth = [(" ".join(sentences), ends(sentences)) for sentences in passages(path)]
    for name, split in splitters():
        found, right, whole = 0, 0, 0
        for text, places in truth:
            own = ends(split(text))
            found, right = found + len(own), right + len(own & places)
            whole += own == places
        wanted = sum(len(places) for _, places in truth)
        precision, recall = right / found, right / wanted
        rows.append(
            {
                "file": path.name,
                "splitter": name,
                "passages": len(truth),
                "boundaries": wanted,
                "precision": round(precision, 3),
                "recall": round(recall, 3),
                "f1": round(2 * precision * recall / (precision + recall), 3),
                "passages_right": round(whole / len(truth), 3),
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    table = pd.concat([compare(path) for path in (HARD, UNSEEN)])
    table.to_csv(Path(__file__).with_suffix(".csv"), index=False, lineterminator="\n")
    print(table.to_string(index=False))
