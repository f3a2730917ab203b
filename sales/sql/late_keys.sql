-- Marks a store's key that gets its track or release after it was first seen: what was sold under it before may rest
-- as unidentified. Whoever matches it, and however, the sweep that moves such money finds it by the mark.

CREATE FUNCTION sales_mark_late_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_late := TRUE;
    RETURN NEW;
END $$;

CREATE TRIGGER mark_late_key BEFORE UPDATE OF track_id, release_id ON sales_storekey
    FOR EACH ROW WHEN (OLD.track_id IS NULL AND OLD.release_id IS NULL
        AND (NEW.track_id IS NOT NULL OR NEW.release_id IS NOT NULL))
    EXECUTE FUNCTION sales_mark_late_key();

-- What was matched before this file was loaded is looked at once.
UPDATE sales_storekey SET is_late = TRUE WHERE track_id IS NOT NULL OR release_id IS NOT NULL;
