-- What a row refers to exists: the rule of a foreign key, for tables that get a million rows in one act.
--
-- A foreign key looks every row up by itself at commit: of a takedown of 200,000 tracks that was 8 of 19 CPU seconds.
-- Here an INSERT is one pass with a join for each column; an UPDATE looks at those rows alone whose reference changes.
-- Unlike a foreign key this takes no lock on what is referred to. That never goes away (core.sqlfiles.kept), or tells
-- when it does (core_referred_to).

-- Arguments: column, table, column, table, ... No DISTINCT and no LIMIT: with either the planner expects few rows and
-- looks each up by itself again, which takes eight times as long.
CREATE FUNCTION public.core_refers() RETURNS trigger LANGUAGE plpgsql SET work_mem = '64MB' AS $$
DECLARE
    missing text;
BEGIN
    FOR place IN 0 .. TG_NARGS / 2 - 1 LOOP
        EXECUTE format(
            'SELECT min(%1$I) FROM new_rows n
             WHERE %1$I IS NOT NULL AND NOT EXISTS (SELECT FROM public.%2$I p WHERE p.id = n.%1$I)',
            TG_ARGV[2 * place], TG_ARGV[2 * place + 1]
        ) INTO missing;
        IF missing IS NOT NULL THEN
            RAISE EXCEPTION '% refers to % % of %, which does not exist',
                TG_TABLE_NAME, TG_ARGV[2 * place], missing, TG_ARGV[2 * place + 1]
                USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[2 * place];
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Arguments: column, table. For each row of which that column changes.
CREATE FUNCTION public.core_refers_anew() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_missing boolean;
BEGIN
    EXECUTE format(
        'SELECT ($1).%1$I IS NOT NULL AND NOT EXISTS (SELECT FROM public.%2$I p WHERE p.id = ($1).%1$I)',
        TG_ARGV[0], TG_ARGV[1]
    ) INTO is_missing USING NEW;
    IF is_missing THEN
        RAISE EXCEPTION '% refers to % of %, which does not exist', TG_TABLE_NAME, TG_ARGV[0], TG_ARGV[1]
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[0];
    END IF;
    RETURN NULL;
END $$;

-- Arguments: table, column. A row goes that others refer to.
CREATE FUNCTION public.core_referred_to() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_kept boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM public.%I c WHERE c.%I IN (SELECT id FROM old_rows))', TG_ARGV[0], TG_ARGV[1]
    ) INTO is_kept;
    IF is_kept THEN
        RAISE EXCEPTION '% refers to this row of %', TG_ARGV[0], TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
