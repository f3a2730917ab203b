"""The exact stages: one statement each over everything staged, however much it is.

An ISRC is evidence, not a key: it decides alone only where one track has it and the name asked for agrees, or says
nothing at all. A name key decides where one track has it and its playing time does not speak against. The rest is
left for judging (catalog.matching.decide).
"""

from typing import Final

STAGED: Final = """
DROP TABLE IF EXISTS pg_temp.match_asked, pg_temp.match_found, pg_temp.match_left;
CREATE TEMP TABLE match_asked (no bigint PRIMARY KEY, title text, artist text, isrcs text[], name_key text,
    seconds integer, label text, release text) ON COMMIT DROP;
CREATE TEMP TABLE match_found (no bigint PRIMARY KEY, track_id bigint, method text, score numeric(5, 4),
    reasons jsonb, nearest_id bigint) ON COMMIT DROP;
CREATE TEMP TABLE match_left (no bigint PRIMARY KEY, codes integer[]) ON COMMIT DROP
"""
_LOST: Final = r"{t}name_key ~ '(^|\|)=?[?._-]*(\||$)' OR {t}title || {t}artist ~ 'ýý|\ufffd'"
LOST: Final = f"UPDATE match_asked SET name_key = NULL WHERE {_LOST.format(t='')}"
"""No match by name where title or artist says nothing or its letters are lost (a store's ýýýýý)."""

LITERAL: Final = f"""
INSERT INTO match_found
SELECT no, min(track_id), 'isrc', CASE WHEN bool_and(is_named) THEN 1 ELSE 0.95 END,
    CASE WHEN bool_and(is_named) THEN '["isrc_equal", "name_equal"]'::jsonb ELSE '["isrc_equal", "name_differs"]' END
FROM (
    SELECT a.no, t.id AS track_id, t.merged_into_id IS NULL AS is_itself, a.title = '' AND a.artist = '' AS is_bare,
        a.title = t.title AND a.artist = t.artist AND NOT ({_LOST.format(t="t.")}) AS is_named
    FROM ({{rows}}) a JOIN catalog_trackisrc i ON i.isrc = a.isrcs[1] AND cardinality(a.isrcs) = 1
    JOIN catalog_track t ON t.id = i.track_id
) carriers
GROUP BY no HAVING count(DISTINCT track_id) = 1 AND bool_and(is_itself AND (is_bare OR is_named))
"""
"""What BY_ISRC says of rows that spell title and artist letter for letter, or give the code alone, without their key:
in a label's own list nearly all."""

BY_ISRC: Final = """
WITH candidate AS (
    SELECT DISTINCT a.no, coalesce(t.merged_into_id, t.id) AS track_id, a.name_key, cardinality(a.isrcs) > 1 AS several,
        a.name_key = CASE WHEN t.merged_into_id IS NULL THEN t.name_key
            ELSE (SELECT m.name_key FROM catalog_track m WHERE m.id = t.merged_into_id) END AS same
    FROM match_asked a CROSS JOIN LATERAL unnest(a.isrcs) AS code
    JOIN catalog_trackisrc i ON i.isrc = code JOIN catalog_track t ON t.id = i.track_id
), weighed AS MATERIALIZED (
    SELECT c.no, c.track_id, c.name_key, c.several, same IS TRUE
        OR EXISTS (SELECT FROM catalog_trackname n WHERE n.track_id = c.track_id AND n.name_key = c.name_key) AS agrees
    FROM candidate c
), counted AS (
    SELECT no, count(*) AS tracks, count(*) FILTER (WHERE agrees) AS agreeing, min(track_id) AS only_track,
        min(track_id) FILTER (WHERE agrees) AS agreeing_track, bool_or(several) AS several,
        bool_and(name_key IS NULL) AS is_nameless
    FROM weighed GROUP BY no
)
INSERT INTO match_found
SELECT no, CASE WHEN agreeing = 1 THEN agreeing_track ELSE only_track END,
    CASE WHEN tracks = 1 THEN 'isrc' ELSE 'isrc_and_name' END,
    CASE WHEN agreeing = 1 THEN 1 ELSE 0.95 END,
    (CASE WHEN several THEN '["several_isrcs"]'::jsonb ELSE '[]' END) ||
    CASE WHEN tracks = 1 AND agreeing = 1 THEN '["isrc_equal", "name_equal"]'::jsonb
        WHEN agreeing = 1 THEN '["isrc_on_several_tracks", "name_equal"]'
        ELSE '["isrc_equal", "name_differs"]' END
FROM counted WHERE agreeing = 1 OR (tracks = 1 AND is_nameless)
"""

BY_NAME: Final = """
WITH candidate AS (
    SELECT DISTINCT a.no, t.id AS track_id, a.seconds AS asked_seconds, t.duration_seconds AS seconds
    FROM match_asked a
    JOIN LATERAL (
        SELECT coalesce(k.merged_into_id, k.id) AS id FROM catalog_track k WHERE k.name_key = a.name_key
        UNION
        SELECT coalesce(k.merged_into_id, k.id) FROM catalog_trackname n JOIN catalog_track k ON k.id = n.track_id
        WHERE n.name_key = a.name_key
    ) named ON TRUE
    JOIN catalog_track t ON t.id = named.id
    WHERE a.name_key IS NOT NULL AND NOT EXISTS (SELECT FROM match_found f WHERE f.no = a.no)
        AND NOT EXISTS (SELECT FROM catalog_trackisrc i WHERE i.isrc = ANY (a.isrcs))
), counted AS (
    SELECT no, count(*) AS tracks, min(track_id) AS only_track,
        bool_or(abs(asked_seconds - seconds) > {apart}) AS differs,
        count(*) FILTER (WHERE abs(asked_seconds - seconds) <= {equal}) AS lasting,
        min(track_id) FILTER (WHERE abs(asked_seconds - seconds) <= {equal}) AS lasting_track
    FROM candidate GROUP BY no
)
INSERT INTO match_found
SELECT no, coalesce(CASE WHEN tracks > 1 THEN lasting_track END, only_track),
    CASE WHEN tracks > 1 THEN 'name_and_duration' ELSE 'name' END, CASE WHEN lasting = 1 THEN 0.95 ELSE 0.9 END,
    CASE WHEN lasting = 1 AND tracks > 1 THEN '["name_on_several_tracks", "duration_equal"]'
        WHEN lasting = 1 THEN '["name_equal", "duration_equal"]' ELSE '["name_equal"]' END::jsonb
FROM counted WHERE (tracks = 1 AND differs IS NOT TRUE) OR (tracks > 1 AND lasting = 1)
"""

BY_SWAPPED_NAME: Final = """
SELECT a.no, min(named.id) FROM unnest(%s::bigint[], %s::text[]) AS a (no, key)
CROSS JOIN LATERAL (
    SELECT coalesce(k.merged_into_id, k.id) AS id FROM catalog_track k WHERE k.name_key = a.key
    UNION
    SELECT coalesce(k.merged_into_id, k.id) FROM catalog_trackname n JOIN catalog_track k ON k.id = n.track_id
    WHERE n.name_key = a.key
) named
GROUP BY 1 HAVING count(*) = 1
"""

OPEN: Final = """
SELECT a.no, a.title, a.artist, a.isrcs, a.seconds, a.label, a.release FROM match_asked a
WHERE a.no > %s AND NOT EXISTS (SELECT FROM match_found f WHERE f.no = a.no) ORDER BY a.no LIMIT %s
"""

LOOKED_AT: Final = """
DROP TABLE IF EXISTS pg_temp.match_part;
CREATE TEMP TABLE match_part ON COMMIT DROP AS
SELECT no, codes::integer[] AS codes, isrcs::text[] AS isrcs, release
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS p (no, codes, isrcs, release)
"""

_BY_NAME: Final = """
SELECT p.no, n.* FROM match_part p CROSS JOIN LATERAL (
    SELECT coalesce(c.merged_into_id, c.id) AS track_id, c.title, c.artist, c.name_key, c.duration_seconds, c.label
    FROM catalog_track c WHERE c.match_codes && p.codes {order} LIMIT {most}
) n
UNION ALL
SELECT p.no, n.* FROM match_part p CROSS JOIN LATERAL (
    SELECT t.id, c.title, c.artist, c.name_key, t.duration_seconds, t.label FROM catalog_trackname c
    CROSS JOIN LATERAL (
        SELECT coalesce(s.merged_into_id, s.id) AS id, s.duration_seconds, s.label FROM catalog_track s
        WHERE s.id = c.track_id LIMIT 1
    ) t
    WHERE c.match_codes && p.codes {order} LIMIT {most}
) n
"""
_BEST_FIRST: Final = """
    ORDER BY (SELECT count(*) FROM unnest(c.match_codes) AS code WHERE code = ANY (p.codes)) DESC, c.id
"""
BY_CODES: Final = _BY_NAME.format(order="", most="{most}")
"""One row per candidate and name it has; tracks merged into another count as that one."""
BY_CODES_BEST_FIRST: Final = _BY_NAME.format(order=_BEST_FIRST, most="{most}")
"""The same for names with more candidates than that: those that share most codes, which takes longer to tell."""

BY_CARRIED_ISRC: Final = """
WITH coded AS (
    SELECT DISTINCT p.no, coalesce(t.merged_into_id, t.id) AS id FROM match_part p
    CROSS JOIN LATERAL unnest(p.isrcs) AS code JOIN catalog_trackisrc i ON i.isrc = code
    JOIN catalog_track t ON t.id = i.track_id
)
SELECT c.no, t.id, t.title, t.artist, t.name_key, t.duration_seconds, t.label
FROM coded c JOIN catalog_track t ON t.id = c.id
UNION ALL
SELECT c.no, t.id, n.title, n.artist, n.name_key, t.duration_seconds, t.label
FROM coded c JOIN catalog_track t ON t.id = c.id JOIN catalog_trackname n ON n.track_id = c.id
"""

ON_RELEASE: Final = """
SELECT DISTINCT p.no, place.track_id FROM match_part p
JOIN catalog_release r ON split_part(r.name_key, '|', 1) = p.release
JOIN catalog_releasetrack place ON place.release_id = r.id
WHERE p.release <> '' AND place.track_id = ANY (%s)
"""

KEEP: Final = """
INSERT INTO match_found SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::numeric[], %s::text[]::jsonb[],
    %s::bigint[])
"""

LEAVE: Final = (
    "INSERT INTO match_left SELECT no, codes::integer[] FROM unnest(%s::bigint[], %s::text[]) AS l (no, codes)"
)
