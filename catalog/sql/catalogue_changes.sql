-- Notes every track and release that may answer to a name nobody knew: new ones, new names, new codes, changed names.
-- One row per statement and track; catalog.models.CatalogueChange says who takes them away.

CREATE FUNCTION catalog_note_tracks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_cataloguechange (track_id) SELECT id FROM changed;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_note_renamed_tracks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_cataloguechange (track_id)
    SELECT n.id FROM changed n JOIN former o ON o.id = n.id
    WHERE n.name_key <> o.name_key OR n.title <> o.title OR n.artist <> o.artist;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_note_tracks_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_cataloguechange (track_id) SELECT DISTINCT track_id FROM changed;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_note_releases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_cataloguechange (release_id) SELECT id FROM changed;
    RETURN NULL;
END $$;

-- A renamed track or name has other codes: they are made anew when names are next compared.
CREATE FUNCTION catalog_forget_match_codes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.match_codes := NULL;
    RETURN NEW;
END $$;

CREATE TRIGGER note_new_tracks AFTER INSERT ON catalog_track
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_tracks();
CREATE TRIGGER note_renamed_tracks AFTER UPDATE ON catalog_track
    REFERENCING NEW TABLE AS changed OLD TABLE AS former FOR EACH STATEMENT
    EXECUTE FUNCTION catalog_note_renamed_tracks();
CREATE TRIGGER note_new_names AFTER INSERT ON catalog_trackname
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_tracks_of();
CREATE TRIGGER note_new_codes AFTER INSERT ON catalog_trackisrc
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_tracks_of();
CREATE TRIGGER note_new_releases AFTER INSERT ON catalog_release
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_note_releases();
CREATE TRIGGER forget_track_codes BEFORE UPDATE OF title, artist ON catalog_track
    FOR EACH ROW WHEN ((NEW.title, NEW.artist) IS DISTINCT FROM (OLD.title, OLD.artist)
        AND NEW.match_codes IS NOT DISTINCT FROM OLD.match_codes)
    EXECUTE FUNCTION catalog_forget_match_codes();
CREATE TRIGGER forget_name_codes BEFORE UPDATE OF title, artist ON catalog_trackname
    FOR EACH ROW WHEN ((NEW.title, NEW.artist) IS DISTINCT FROM (OLD.title, OLD.artist)
        AND NEW.match_codes IS NOT DISTINCT FROM OLD.match_codes)
    EXECUTE FUNCTION catalog_forget_match_codes();
