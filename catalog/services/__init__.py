from catalog.services.authority import (
    ask_authority,
    decide_authority,
    end_authority,
    grant_authority,
    retract_authority,
)
from catalog.services.errors import (
    AlreadyExclusive,
    AlreadyInvited,
    AlreadyMember,
    AlreadyMerged,
    AuthorityTooWide,
    CatalogueError,
    DecidesOwnCase,
    DocumentMissing,
    EndsWrongly,
    GoesInCircles,
    InvitationClosed,
    LastOwner,
    MayNotDelegate,
    MergeEnded,
    NameMissing,
    NotAMember,
    NotAReviewer,
    NothingGranted,
    NotInvited,
    PartLimitExceeded,
    ReasonMissing,
    SameSubject,
    ShareLimitExceeded,
    SharesDiffer,
    SourceMissing,
    UnknownCountry,
    WorksDiffer,
    WrongNumber,
)
from catalog.services.holder import (
    add_holder_name,
    add_identifier,
    change_holder,
    register_holder,
    register_principal,
    remove_holder_name,
    remove_identifier,
)
from catalog.services.intake import (
    FileTooLarge,
    ImportOutcome,
    confirm_import,
    continue_import,
    drop_import,
    import_catalogue,
    preview_import,
    receive_catalogue,
    run_import,
    waiting_imports,
)
from catalog.services.mandate import end_mandate, give_mandate
from catalog.services.member import (
    accept_invitation,
    add_member,
    decline_invitation,
    invitation_key,
    invitation_of,
    invite_member,
    remove_member,
    revoke_invitation,
)
from catalog.services.merge import (
    Merged,
    family_of,
    forget_rows,
    hand_over_isrcs,
    merge_tracks,
    merge_works,
    move_rows,
    note_rows,
    noted_rows,
    return_rows,
    undo_merge,
)
from catalog.services.merge_holder import merge_holders, undo_holder_merge
from catalog.services.share import end_share, hand_over_shares, record_share, record_shares
from catalog.services.society import decide_society, leave_society, state_society
from catalog.services.track import NewTrack, OtherName, add_track, add_track_names, add_tracks
from catalog.services.verification import (
    ask_for_verification,
    ask_holder,
    look_at_holder_again,
    refuse_holder,
    suspend_holder,
    verify_holder,
)
from catalog.services.withdrawal import (
    record_returns,
    record_withdrawal,
    record_withdrawals,
    withdraw_subjects,
)
from catalog.services.work import add_work, ensure_work_for_track, ensure_works_for_tracks, link_track_to_work
