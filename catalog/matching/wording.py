"""Methods and reasons of matches in words a reviewer understands. Codes are stored, these words are shown."""

from typing import Final

from django.utils.translation import gettext_lazy as _

METHODS: Final = {
    "": _("Not matched"),
    "isrc": _("By its ISRC"),
    "isrc_and_name": _("By its ISRC and its name"),
    "icpn": _("By its ICPN"),
    "name": _("By its name"),
    "name_and_duration": _("By its name and playing time"),
    "similar": _("By a similar name"),
    "person": _("By a person"),
    "rule": _("By a rule of the store"),
}
REASONS: Final = {
    "isrc_equal": _("Same ISRC."),
    "isrc_on_several_tracks": _("Several tracks have this ISRC."),
    "several_isrcs": _("The store names several ISRCs."),
    "isrcs_disagree": _("The store's ISRCs are of different tracks."),
    "icpn_equal": _("Same ICPN."),
    "name_equal": _("Same title and artist."),
    "name_differs": _("Title or artist is written differently."),
    "name_contradicts": _("Title and artist are of another track than the ISRC."),
    "name_decides_nothing": _("Title and artist do not say which."),
    "name_on_several_tracks": _("Several tracks have this title and artist."),
    "name_on_several_releases": _("Several releases have this title and artist."),
    "title_equal": _("Same title."),
    "title_words_in_other_order": _("Same words of the title in another order."),
    "title_typed_alike": _("The title differs by few letters."),
    "title_sounds_alike": _("The title sounds the same in the other script."),
    "title_differs": _("Another title."),
    "title_has_another_word": _("The title has another word."),
    "title_too_short": _("The title is so short that one letter makes another title."),
    "artist_equal": _("Same artist."),
    "artist_words_in_other_order": _("Same words of the artist in another order."),
    "artist_typed_alike": _("The artist differs by few letters."),
    "artist_sounds_alike": _("The artist sounds the same in the other script."),
    "artist_part_of_several": _("One of several artists."),
    "artist_differs": _("Another artist."),
    "title_and_artist_swapped": _("Title and artist are swapped."),
    "artist_in_title": _("The artist stands in the title."),
    "text_repaired": _("The text was garbled by a wrong encoding; it was repaired for comparing."),
    "text_lost": _("The letters of title or artist are lost."),
    "duration_equal": _("Same playing time."),
    "duration_differs": _("Another playing time."),
    "label_equal": _("Same label."),
    "release_equal": _("On the release named."),
    "version_differs": _("Another version: remix, live, karaoke or the like."),
    "number_differs": _("Another number: part, volume or year."),
    "details_differ": _("Other words in brackets."),
    "several_alike": _("Several tracks fit equally well."),
    "score_too_low": _("Not alike enough to match by itself."),
    "rejected_before": _("A person said before that it is not this track."),
    "corrected_by_person": _("Corrected by a person."),
    "chosen_by_person": _("Chosen by a person."),
    "same_as_rule": _("A rule of the store."),
}


def method_text(code: str) -> str:
    """This will say in words how a match was made."""
    return str(METHODS.get(code, code))


def reason_text(code: str) -> str:
    """This will say a reason in words; a reason a person wrote is given as it is."""
    return str(REASONS.get(code, code))
