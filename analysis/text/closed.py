"""A corpus without its texts: what was counted in them stands for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import TextWithheld
from analysis.text.documents import Corpus


class Withheld:
    """Stands where a text would, and says so whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise TextWithheld(
            "This needs the texts themselves, which a pack without texts does not hold: run it "
            "where they lie."
        )


WITHHELD: Any = Withheld()
MISSING = "withheld"  # of a table's attributes: the columns that it lacks, as they repeat texts


class Places(pd.DataFrame):
    """The table of sentences without their words."""

    def __getitem__(self, key: Any) -> Any:
        asked = [key] if isinstance(key, str) else key
        if isinstance(asked, list) and "text" in asked:
            WITHHELD.text()
        return super().__getitem__(key)


@dataclass(frozen=True)
class ClosedCorpus(Corpus):
    """A corpus whose documents hold no text.

    Attributes
    ----------
    places : the sentences as ``Corpus.sentences`` has them, without ``text``; and ``tokens``, how
        many each has
    companions : of the files beside figures that repeat the texts, what their records say
    """

    places: pd.DataFrame = field(default_factory=pd.DataFrame)
    companions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def sentences(self) -> pd.DataFrame:
        """One row a sentence, without its text."""
        return Places(self.places.drop(columns="tokens"))

    @property
    def sentence_tokens(self) -> np.ndarray:
        """How many tokens each sentence has."""
        return self.places["tokens"].to_numpy(dtype=np.int64)

    @property
    def edits(self) -> pd.DataFrame:
        """Refused: what was taken away is text."""
        found: pd.DataFrame = WITHHELD.edits()
        return found
