from catalog.selectors.holder import (
    Person,
    acts_since,
    has_belonged,
    holders_for,
    is_open,
    may_import_catalogue,
    may_review,
    may_write,
    open_invitations,
    people_of,
    role_in,
)
from catalog.selectors.name import Name, find_name, name_of, names_among, tracks_named
from catalog.selectors.search import search_tracks
from catalog.selectors.share import ShareOn, WithdrawalOn, owners_on, shares_for_tracks, withdrawals_for_tracks
from catalog.selectors.track import (
    current_tracks,
    find_tracks_by_isrc,
    find_tracks_by_name_keys,
    numbers,
    texts,
    tracks_in_order,
)
from catalog.selectors.withdrawal import in_force, public_withdrawals, withdrawals_of_track
