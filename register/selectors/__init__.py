"""What the public reads of the register."""

from register.selectors.entry import (
    CASES_MAX,
    Asked,
    Found,
    Leaving,
    changed_at,
    entry_by_number,
    entry_changed_at,
    find,
    history,
    related,
    state_choices,
    state_words,
    stores,
    stores_of,
    titles,
    tracks_left,
    words_published,
)
from register.selectors.figure import (
    ROWS_SHOWN,
    Shown,
    all_figures,
    figure_rows,
    figure_series,
    figures_changed_at,
    latest_figures,
)
from register.selectors.measure import Measured, OptOutCounts, measure, opt_outs_on
from register.selectors.open_data import (
    all_entries,
    figure_values,
    last_made_at,
    open_days,
    open_file,
    register_rows,
    track_rows,
)
from register.selectors.passage import passages_waiting
