"""`core.money.allocate` for whole tables: the largest-remainder rule as SQL, in whole units of 1e-8.

Same rule, same order of ties, so a report of millions of Sales divides exactly as a single amount does; a property
test holds the two against each other. Amounts here are HUGEINT counts of 1e-8: nothing can round. What overflows 38
digits raises in DuckDB, it does not wrap.
"""

from collections.abc import Sequence

import duckdb

UNITS_PER_ONE = 100_000_000
SMALL_MAX = 1 << 62
"""What a BIGINT holds with room to spare; dividing a HUGEINT takes twenty times as long."""


def units(column: str) -> str:
    """Spell an exact decimal of 8 places as whole units of 1e-8."""
    return f"({column} * {UNITS_PER_ONE})::HUGEINT"


def amount(column: str) -> str:
    """Spell whole units of 1e-8 as a decimal of 8 places."""
    return f"({column}::DECIMAL(30, 0) * 0.00000001::DECIMAL(9, 8))::DECIMAL(24, 8)"


def numeric(column: str) -> str:
    """Spell whole units of 1e-8 as a text that PostgreSQL takes as a number of 8 places: 15e-8."""
    return f"({column} || 'e-8')"


def integer(engine: duckdb.DuckDBPyConnection, table: str, column: str, factor: int) -> str:
    """Return the smallest type in which no value of a column can overflow when multiplied by up to `factor`."""
    (most,) = engine.execute(f"SELECT coalesce(max(abs({column})), 0) FROM {table}").fetchall()[0]
    return "BIGINT" if most * factor < SMALL_MAX else "HUGEINT"


def allocate_table(
    engine: duckdb.DuckDBPyConnection,
    source: str,
    target: str,
    *,
    group: Sequence[str],
    total: str,
    weight: str,
    key: Sequence[str],
    into: str,
) -> None:
    """This will make `target`: the rows of `source` with a column `into`, the row's share of its group's `total`.

    `source` has a column `no` that tells its rows apart. `total` is the same in all rows of a group, `weight` is zero
    or more and above zero somewhere in the group; `key` makes the order of equal remainders. All three are HUGEINT.
    Sorting happens only among rows that have a remainder, so totals that divide evenly cost one pass.
    """
    groups = ", ".join(group)
    engine.execute(f"""
        CREATE OR REPLACE TABLE floored_ AS
        SELECT s.*, abs(s.{total}) * s.{weight} // w.whole_ AS floor_, abs(s.{total}) * s.{weight} % w.whole_ AS rest_
        FROM {source} s JOIN (
            SELECT {groups}, sum({weight})::HUGEINT AS whole_ FROM {source} GROUP BY {groups}
        ) w USING ({groups})
    """)
    engine.execute(f"""
        CREATE OR REPLACE TABLE favoured_ AS
        SELECT no FROM (
            SELECT no, {groups}, row_number() OVER
                (PARTITION BY {groups} ORDER BY rest_ DESC, {", ".join(key)}) AS rank_
            FROM floored_ WHERE rest_ > 0
        ) JOIN (
            SELECT {groups}, any_value(abs({total})) - sum(floor_)::HUGEINT AS missing_ FROM floored_ GROUP BY {groups}
        ) USING ({groups}) WHERE rank_ <= missing_
    """)
    engine.execute(f"""
        CREATE OR REPLACE TABLE {target} AS
        SELECT * EXCLUDE (floor_, rest_), CASE WHEN {total} < 0 THEN -1 ELSE 1 END
            * (floor_ + (no IN (SELECT no FROM favoured_))::INTEGER)::HUGEINT AS {into}
        FROM floored_
    """)
    engine.execute("DROP TABLE floored_; DROP TABLE favoured_")


def split_columns(total: str, percents: dict[str, str]) -> dict[str, str]:
    """Spell, for each name, its share of `total` by fixed weights (SQL integers): `allocate` over a handful of keys.

    Ties go by ascending name, as keys do. For a few weights a closed form beats a window over millions of rows.
    """
    whole = "(" + " + ".join(percents.values()) + ")"
    floor = {name: f"(abs({total}) * {weight} // {whole})" for name, weight in percents.items()}
    rest = {name: f"(abs({total}) * {weight} % {whole})" for name, weight in percents.items()}
    missing = f"(abs({total}) - ({' + '.join(floor.values())}))"
    shares = {}
    for name in percents:
        before = " + ".join(
            f"({rest[other]} > {rest[name]} OR ({rest[other]} = {rest[name]} AND {str(other < name).upper()}))::INTEGER"
            for other in percents
            if other != name
        )
        shares[name] = f"sign({total})::INTEGER * ({floor[name]} + (({before or '0'}) < {missing})::INTEGER)"
    return shares
