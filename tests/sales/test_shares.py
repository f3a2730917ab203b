"""Dividing in SQL is `core.money.allocate`: the same parts to the last digit, whatever the order of the rows."""

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import allocate
from sales.pipeline.engine import fill
from sales.pipeline.shares import SMALL_MAX, allocate_table, integer, split_columns

UNIT = Decimal("0.00000001")
totals = st.integers(-(10**18), 10**18)
weights = st.lists(st.integers(0, 10**15), min_size=1, max_size=12).filter(any)


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as made:
        yield made


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(groups=st.lists(st.tuples(totals, weights), min_size=1, max_size=3), seed=st.randoms())
def test_a_table_is_divided_as_single_amounts_are(engine, groups, seed):
    rows = [
        [0, group, key, total, weight]
        for group, (total, shares) in enumerate(groups)
        for key, weight in enumerate(shares)
    ]
    seed.shuffle(rows)
    rows = [[no, *row[1:]] for no, row in enumerate(rows)]
    engine.execute("CREATE OR REPLACE TABLE t (no BIGINT, g INTEGER, k INTEGER, total HUGEINT, weight HUGEINT)")
    fill(engine, "t", rows)

    allocate_table(engine, "t", "shared", group=["g"], total="total", weight="weight", key=["k"], into="part")

    found = {(g, k): part for g, k, part in engine.execute("SELECT g, k, part FROM shared").fetchall()}
    for group, (total, shares) in enumerate(groups):
        wanted = allocate(total * UNIT, [(key, Decimal(weight)) for key, weight in enumerate(shares)])
        assert {key: found[group, key] * UNIT for key in wanted} == wanted


def test_a_product_is_counted_in_a_type_that_holds_it(engine):
    engine.execute(f"CREATE OR REPLACE TABLE most AS SELECT unnest([0, -{SMALL_MAX // 10 - 1}]) AS n")

    assert integer(engine, "most", "n", 10) == "BIGINT"
    assert integer(engine, "most", "n", 11) == "HUGEINT"
    assert integer(engine, "(SELECT 1 AS n WHERE FALSE)", "n", 10) == "BIGINT"


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(total=totals, percents=st.lists(st.integers(0, 100_000_000), min_size=3, max_size=3).filter(any))
def test_a_split_over_the_rights_is_the_same_rule(engine, total, percents):
    names = ("performance", "phonogram", "work")
    kind = integer(engine, f"(SELECT {total}::HUGEINT AS total)", "total", sum(percents))
    columns = split_columns(
        f"total::{kind}", {name: f"{percent}::{kind}" for name, percent in zip(names, percents, strict=True)}
    )

    row = engine.execute(f"SELECT {', '.join(columns[name] for name in names)} FROM (SELECT {total}::HUGEINT AS total)")

    wanted = allocate(total * UNIT, [(name, Decimal(percent)) for name, percent in zip(names, percents, strict=True)])
    assert [part * UNIT for part in row.fetchone()] == [wanted[name] for name in names]
