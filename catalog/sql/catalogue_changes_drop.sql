DROP FUNCTION catalog_note_tracks, catalog_note_renamed_tracks, catalog_note_tracks_of, catalog_note_releases,
    catalog_forget_match_codes CASCADE;
