"""What a pack holds comes back as it was, and what is no pack is refused."""

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.report.pack import _table
from analysis.report.unpack import _read, read_pack, run_cells
from analysis.text import load_texts


def test_a_table_comes_back_as_it_was(tmp_path):
    table = pd.DataFrame(
        {
            "term": ["-a", "", 'say "so"\nnow', "NA"],
            "n": [1, 2, 3, 4],
            "share": [0.1 + 0.2, float("inf"), float("nan"), -1e-300],
            "sure": [True, False, True, True],
            "some": pd.array([1, None, 3, 4], dtype="Int64"),
            "mixed": pd.Series(["a", None, 2, float("nan")], dtype=object),
        }
    )
    files: dict[str, str] = {}
    entry = _table(table, "folder/table.csv", files)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/table.csv").write_text(files["folder/table.csv"], encoding="utf-8")
    back = _read(entry, tmp_path)
    assert back.dtypes.astype(str).to_dict() == table.dtypes.astype(str).to_dict()
    pd.testing.assert_frame_equal(back, table, rtol=1e-12)


def test_what_is_no_pack_is_refused(tmp_path):
    with pytest.raises(InputError, match="is no pack"):
        read_pack(tmp_path)


def test_what_texts_do_not_bear_is_passed_over_and_other_errors_are_not(tmp_path):
    corpus = load_texts(["Cats sleep."], ["Dogs bark."])
    cells = ["from analysis import keyness\nfound = keyness(sources)\nfound.table", "done = 1"]
    refused = list(run_cells({"01": cells}, corpus, tmp_path))
    assert [own.cell for own in refused] == ["found = keyness(sources)", "found.table"]
    with pytest.raises(KeyError):
        list(run_cells({"01": ["{}['no key']"]}, corpus, tmp_path))
