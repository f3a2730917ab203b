"""The shape of what a person types; no database writes."""

from claims.forms.authority import AskForm, EndForm, GiveForm, LetterForm
from claims.forms.challenge import ObjectionForm
from claims.forms.claim import AmendForm, ClaimForm, EvidenceForm, LineForm, SignForm, WordsForm
from claims.forms.clock import ClockForm, ClockSetForm, HolidayForm
from claims.forms.counter import ContestForm, CounterForm
from claims.forms.decision import AppealForm, RevokeForm
from claims.forms.desk import AbsenceForm, HandOverForm
from claims.forms.dispute import AnswerForm, AnswersFileForm, VerdictForm
from claims.forms.holder import (
    HolderForm,
    HolderReviewForm,
    InviteForm,
    NumberForm,
    OtherNameForm,
    RoleForm,
    SocietyForm,
)
from claims.forms.house_rule import FraudForm, HouseRuleForm
from claims.forms.match import CorrectionForm, MatchFileForm, MergeForm, NewTrackForm, ProposalForm, RuleForm
from claims.forms.message import MessageForm, QuestionForm
from claims.forms.notice import AnswerFileForm, FindingAnswerForm, ObservationForm
from claims.forms.opt_out import (
    AcknowledgeForm,
    ListForm,
    OptOutForm,
    ProofForm,
    ReviewForm,
    RowsForm,
    SwornForm,
    WebhookForm,
    read_file,
    show_as_needed,
)
from claims.forms.reach import MandateForm, ScopeOfProofForm
from claims.forms.reentry import ReturnForm
from claims.forms.repertoire import GroupsForm, MendForm, RepertoireForm
from claims.forms.store import LiftForm, StopForm
from claims.forms.suspension import SuspendForm
from claims.forms.transfer import AgreeForm, TransferForm
from claims.forms.watch import WatchForm
