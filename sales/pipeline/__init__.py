"""The data plane of sales intake: whole files and tables at once, in stages that can be started again.

    parse.py     bytes -> columnar archive, line by line accounted for
    lines.py     archive -> validated lines, the same shape for every format   (SQL)
    facts.py     lines -> identities, and sums per identity and context        (SQL)
    match.py     identities -> store keys and their tracks                     (PostgreSQL)
    accrue.py    sums x tariff -> Sales, exactly divided                       (SQL)
    post.py      Sales -> database and ledger

Polars reads and writes blocks of lines, DuckDB does the sums; both only see files, PostgreSQL sees only results.
"""
