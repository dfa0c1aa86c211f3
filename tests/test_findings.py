"""All analyses together: one scale, facts for claims, a record of each analysis."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.findings import (
    COLUMNS,
    NOT_HELD,
    TONE,
    all_results,
    claim_tables,
    multiverse,
    summary,
)
from analysis.keywords import keyness
from analysis.report.findings import _held, multiverse_finding, summary_figure
from analysis.text import load_folders
from analysis.tone import sentiment
from analysis.topicmodels import topics


@pytest.fixture(scope="module")
def parts(corpus):
    """Keywords, tone and topics of the articles, each with settings of its own."""
    return (
        keyness(corpus, draws=99, seed=1),
        sentiment(corpus, draws=98, seed=2),
        topics(corpus, k=2, draws=97, seed=3),
    )


@pytest.fixture(scope="module")
def joint(parts):
    return summary(*parts, each=2)


def test_each_contrast_is_divided_by_its_self_contrast(parts, joint):
    table, (terms, tone, prevalence) = joint.table, parts
    assert list(table) == COLUMNS
    assert table["analysis"].tolist() == ["keyword"] * 4 + ["tone"] + ["topic"] * 2
    ends = [*terms.table["term"].head(2), *terms.table["term"].tail(2)]
    assert table["name"].tolist() == [*ends, TONE, *prevalence.table["label"]]
    first = terms.table.iloc[0]
    itself = max(first["self_target"], first["self_reference"])
    assert table["itself"].iloc[0] == itself
    assert table["scaled"].iloc[0] == first["log_ratio"] / itself
    assert table["scaled_low"].iloc[0] == first["family_low"] / itself
    passing = (table["family_low"] > 0) | (table["family_high"] < 0)
    assert (passing == (table["p_family"] < 0.05)).all()
    assert table["estimate"].iloc[4] == tone.table["estimate"].iloc[0]
    assert table["p_family"].iloc[4] == tone.table["p_value"].iloc[0]  # a family of one


def test_a_topic_that_is_no_finding_says_why(parts):
    terms, tone, prevalence = parts
    table = prevalence.table.assign(p_family=[0.01, 0.9], finding=False)
    table["alarm"] = [type(alarm)(0) for alarm in table["alarm"]]
    flags = summary(terms, tone, replace(prevalence, table=table)).table["flag"].tolist()[-2:]
    assert flags == [NOT_HELD, ""]


def test_the_record_of_a_joint_figure_holds_every_analysis_with_its_seed(joint):
    drawn = summary_figure(joint)
    record = json.loads((drawn.folder / f"{drawn.id}.json").read_text("utf-8"))["record"]
    (whole,) = record["analyses"]
    sources = {name: whole["settings"][name] for name in ("terms", "tone", "prevalence")}
    assert {name: source["seed"] for name, source in sources.items()} == {
        "terms": 1, "tone": 2, "prevalence": 3,
    }  # fmt: skip
    assert [source["settings"]["draws"] for source in sources.values()] == [99, 98, 97]
    assert all(source["units"] and source["unit"] for source in sources.values())
    assert set(record["texts"]) == {"2017", "2018"}


def test_results_of_other_texts_are_not_joined(parts, write_folder):
    other = load_folders(
        write_folder("new", "Cats sleep. Cats eat fish.\n\nThe dogs bark. Cats run."),
        write_folder("old", "Dogs bark. Dogs eat.\n\nDogs and cats sleep. Cats run."),
    )
    foreign = keyness(other, unit_tokens=4, draws=99)
    with pytest.raises(InputError, match="results of different texts"):
        summary(foreign, *parts[1:])


# Facts for claims


@pytest.fixture(scope="module")
def results(corpus):
    return all_results(corpus)


def test_claims_rest_on_the_tables_with_their_names(results):
    tables = claim_tables(results)
    assert tables["keywords"].loc["relationship", "n_target"] == 11
    assert tables["sizes"].index.tolist() == ["2018", "2017"]
    assert {"combined masked calibrated", "VADER"} <= set(tables["tone"].index)
    assert "Russia" in tables["actors"].index
    own = tables["referents"].loc["relationship: Russia and Iran"]
    assert own["rate_target"] == pytest.approx(
        1000 * own["n_target"] / tables["sizes"]["tokens"].iloc[0]
    )
    others = tables["sizes"]["tokens"] - own[["n_target", "n_reference"]].to_numpy()
    four = [own[["n_target", "n_reference"]].tolist(), others.tolist()]
    assert own["fisher_p"] == pytest.approx(stats.fisher_exact(four).pvalue)


def test_the_overall_counts_are_those_of_the_tables(results):
    tables = claim_tables(results)
    terms, prevalence = tables["keywords"], tables["topics"]
    row = tables["overall"].loc["all"]
    tokens = tables["sizes"]["tokens"]
    assert row["longer"] == tokens.max() / tokens.min()
    assert row["terms"] == len(terms) == terms.index.nunique()
    assert row["established"] == sum(p < 0.05 for p in terms["p_family"])
    assert row["steadiest_topic"] == max(prevalence["stability"])
    assert row["topics"] == len(prevalence)
    assert row["topic_findings"] == sum(prevalence["finding"])
    assert abs(row["widest_topic"]) == prevalence["estimate"].abs().max()
    widest = prevalence[prevalence["estimate"] == row["widest_topic"]].iloc[0]
    assert row["widest_refit_low"] == widest["refit_low"]
    assert row["widest_refit_high"] == widest["refit_high"]


def test_a_corpus_without_actors_has_none(results):
    bare = {name: result for name, result in results.items() if name != "actors"}
    tables = claim_tables(bare)
    assert tables["actors"].empty
    assert tables["overall"].loc["all", "actors"] == 0
    assert isinstance(tables["overall"], pd.DataFrame)


@pytest.fixture(scope="module")
def routes(corpus):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.findings.LENGTHS", (100, 200))
        return multiverse(corpus, words=["objectives", "zebra"])


def test_a_finding_is_taken_by_every_route(routes, parts):
    table = routes.table
    assert table.groupby("finding").size().to_dict() == {"objectives": 8, "tone": 20, "zebra": 8}
    own = table[table["finding"] == "objectives"]
    plain = own[(own["length"] == 100) & (own["terms"] == "without function words")]
    words = parts[0].table.set_index("term").loc["objectives"]
    by = plain.set_index("counted")["p_judged"]
    assert by["words"] == pytest.approx(words["p_within_family"])
    source = plain.set_index("counted")["p_source"]
    assert source["words"] == pytest.approx(words["p_family"])
    assert by["families"] < by["words"]  # "objective" is counted with it
    assert (own["holds"] == (own["p_judged"] < 0.05)).all()
    assert table.loc[table["finding"] == "zebra", "p_judged"].isna().all()


def test_the_figure_of_routes_counts_those_that_hold(routes):
    said = multiverse_finding(routes).text
    held = int(routes.table.loc[routes.table["finding"] == "objectives", "holds"].sum())
    assert held == 7
    assert "bursts within the texts explain, is shown by 7 of 8 routes" in said
    source = routes.table.loc[routes.table["finding"] == "objectives", "p_source"]
    assert (source >= 0.05).all()
    assert (
        "by none of the 8 routes is it more than two texts of one source may differ by (p from"
        in said
    )
    assert "A difference in “tone” is shown by none of 20 routes" in said
    found = _held(routes)
    assert found[-1]["finding"] == "tone"
    shares = {name: rows["holds"].mean() for name, rows in found[0]["options"]}
    tied = [name for name, share in shares.items() if share == min(shares.values())]
    assert [option["name"] for option in found[0]["worst"]] == tied
    assert [name for name, _ in found[0]["options"]] == [
        "passages of 100 words", "passages of 200 words", "without function words",
        "with function words", "words", "families",
    ]  # fmt: skip
