from claims.models.amendment import ClaimAmendment
from claims.models.appeal import Appeal, Appealed
from claims.models.case_mail import CaseMail
from claims.models.challenge import ChallengeWindow, Objection
from claims.models.check import Check, Proof, Scored
from claims.models.claim import Claim, ClaimLine
from claims.models.clock import CaseClock, Clock, ClockSet, Holiday
from claims.models.compliance import ComplianceCheck, ComplianceFinding
from claims.models.correction import Correction, CorrectionKey, MergeConflict
from claims.models.counter import CounterDocument, CounterNotice
from claims.models.decision import BatchClaim, Decision, DecisionProposal, LightApproval, ReviewBatch
from claims.models.dispute import Dispute, DisputeParty
from claims.models.dispute_step import DisputeAnswer, DisputeDigest, DisputeVerdict
from claims.models.distribution import DistributionRun, PlannedRun, PlannedTotal
from claims.models.evidence import Attestation, AttestationText, EvidenceDocument, EvidenceKind, EvidenceUse
from claims.models.group_act import GroupAct
from claims.models.house_rule import FraudMark, HouseRule
from claims.models.invitation import InvitationMail
from claims.models.message import CaseMessage
from claims.models.money_request import MoneyRequest
from claims.models.observation import Observation
from claims.models.opt_out import OptOut, OptOutLine
from claims.models.paid_before import PaidBefore
from claims.models.queue import Absence, QueueItem, ReviewNote
from claims.models.reentry import Reentry
from claims.models.relay import RelayedMail
from claims.models.repertoire import RepertoireFile, RepertoireList, RepertoirePart, RepertoireRow
from claims.models.store_message import StoreMessage
from claims.models.suspension import SenderSuspension
from claims.models.takedown import Acknowledgement, NoticeDelivery, NoticeRow, TakedownNotice
from claims.models.transfer import CatalogueTransfer
from claims.models.watch import NameWatch, WatchMail
from claims.models.webhook import Webhook, WebhookSecret
