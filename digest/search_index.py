"""The index of the search as the two databases are asked for it: keys of the newest hits.

PostgreSQL's index knows where a word stands in no row: a phrase or an author is looked up again in the `vector` of
every paper that has its words, and to unpack one takes some 30 µs, several times as long as to read its key. So the
words are asked for first, in any order, and the rest of the newest ones only, until there are enough.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from digest.search_query import Narrow, Query, fts5, rough_tsquery, tsquery

Inside = tuple[str, Sequence[Any]]
"""A query for the papers among which a hit must be, with its values."""
_COMMON = 30_000
"""Papers. Of a word that more of them have, those that it must be among are asked first."""
_MATCH = "vector @@ to_tsquery('paperglot', %s)"


def select(
    query: Query,
    narrow: Narrow,
    between: tuple[int, int],
    inside: Inside | None = None,
    limit: int = 500,
) -> list[int]:
    """At most `limit` keys of papers that match, the newest first."""
    if connection.vendor == "sqlite":
        statement, values = _sqlite(query, narrow, between, inside)
    else:
        statement, values = _postgresql(query, narrow, between, inside)
    return [row[0] for row in _rows(f"{statement} LIMIT {limit:d}", values)]


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _sqlite(query: Query, narrow: Narrow, between: tuple[int, int], inside: Inside | None) -> Inside:
    must, must_not = fts5(query, narrow)
    table, key = ("digest_search", "rowid") if must else ("digest_indexed", "id")
    where = [f"{key} BETWEEN %s AND %s"]
    values: list[Any] = [*between]
    if must:
        where, values = [*where, "digest_search MATCH %s"], [*values, must]
    if must_not:
        where.append(f"{key} NOT IN (SELECT rowid FROM digest_search WHERE digest_search MATCH %s)")
        values.append(must_not)
    if inside:
        # The plus keeps SQLite from asking the index for each of them, one by one.
        brought = f"SELECT id FROM digest_indexed WHERE paper_id IN ({inside[0]})"
        where.append(f"{'+' if must else ''}{key} IN ({brought})")
        values += inside[1]
    return f"SELECT {key} FROM {table} WHERE {' AND '.join(where)} ORDER BY {key} DESC", values


def _postgresql(query: Query, narrow: Narrow, between: tuple[int, int], inside: Inside | None) -> Inside:
    must, must_not = tsquery(query, narrow)
    rough = rough_tsquery(query, narrow)
    among = f"paper_id IN ({inside[0]})" if inside else "TRUE"
    own = [*inside[1]] if inside else []
    if not rough:
        asked, values = f"SELECT id, vector FROM digest_indexed WHERE id BETWEEN %s AND %s AND {among}", own
    elif inside and _expected(rough) <= _COMMON:
        words = f"SELECT id, paper_id, vector FROM digest_indexed WHERE id BETWEEN %s AND %s AND {_MATCH} OFFSET 0"
        asked, values = f"SELECT id, vector FROM ({words}) words WHERE {among}", [rough, *own]
    elif inside:
        asked, values = f"SELECT id, vector FROM digest_indexed WHERE id BETWEEN %s AND %s AND {among}", own
        must = must or rough
    else:
        asked, values = (
            f"SELECT id, vector FROM digest_indexed WHERE id BETWEEN %s AND %s AND {_MATCH}",
            [rough],
        )
        must = "" if must == rough else must
    last = [*([_MATCH] if must else []), *([f"NOT {_MATCH}"] if must_not else [])]
    values = [*between, *values, *filter(None, (must, must_not))]
    if not last:
        return f"SELECT id FROM ({asked}) found ORDER BY id DESC", values
    # OFFSET 0: a query of its own, in whose order the rest is asked.
    newest = f"({asked} ORDER BY id DESC OFFSET 0) newest"
    return f"SELECT id FROM {newest} WHERE {' AND '.join(last)} ORDER BY id DESC", values


def _expected(words: str) -> int:
    """How many papers PostgreSQL believes to have these words."""
    ((plan,),) = _rows(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM digest_indexed WHERE {_MATCH}", [words])
    told = json.loads(plan) if isinstance(plan, str) else plan
    return int(told[0]["Plan"]["Plan Rows"])
