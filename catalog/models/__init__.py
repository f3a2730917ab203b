from catalog.models.authority import Authority, Mandate
from catalog.models.feed import DeclaredShare, LicensorStatement, WorkDeclaration
from catalog.models.holder import HolderIdentifier, HolderName, RightsHolder
from catalog.models.intake import CatalogueImport, RowFault
from catalog.models.member import HolderInvitation, HolderMember
from catalog.models.merge import Merge, MergedRow
from catalog.models.share import RightsShare
from catalog.models.society import SocietyMembership
from catalog.models.territory import TerritorySet
from catalog.models.track import (
    CatalogueChange,
    NameKind,
    Release,
    ReleaseTrack,
    SearchWord,
    Track,
    TrackIsrc,
    TrackName,
)
from catalog.models.withdrawal import Return, Withdrawal
from catalog.models.work import TrackWork, Work, WorkAuthor
