"""Who may open which address: every named address of the portal is listed here, and test_url_access.py tries each.

    public        anybody
    login         anybody who is logged in; others are sent to the login page
    private       somebody's own: a logged-in stranger gets 404, like an address that does not exist
    staff         the society's staff; a stranger gets 404
    api_public, api_login, api_private    the same with 401 instead of the login page
    invited       for an address that got a link by mail; another person is told only that it is not theirs (403)
    hidden        only where a setting opens it (development); 404 for everybody else
    library       pages of a package (allauth, the Django admin), which has tests of its own

`make` makes the object the address needs, owned by somebody who is not the stranger, and returns the URL's arguments.
It is run in the `db` tier, once for all addresses with the very same `make`. A private address with arguments must have
one, else its 404 would prove nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests import factories


@dataclass(frozen=True)
class Address:
    """One named address: who may open it, with which methods."""

    name: str
    kind: str
    methods: tuple[str, ...] = ("GET",)
    make: Callable[[], dict[str, Any]] | None = None


GET_POST = ("GET", "POST")
POST = ("POST",)

LIBRARY_PREFIXES = ("admin:", "account_", "mfa_", "set_language")


def named(track: Any) -> str:
    """This will give the address of the name a track made just now has."""
    return "kino" if track else ""


def a_token() -> dict[str, Any]:
    """This will make somebody watch a name and give the address in the mail."""
    from claims import services

    return {"token": services.watch_token(factories.a_watch())}


@cache
def money(*names: str, holder: bool = True) -> Callable[[], dict[str, Any]]:
    """This will make a holder with money and give those arguments of a money address that it takes."""

    def make() -> dict[str, Any]:
        from datetime import date

        from ledger.models import Posting
        from payouts import services
        from tests.conftest import person
        from tests.factories import an_account
        from tests.payouts.world import NOW, a_money_world

        alice = person("alice")
        world = a_money_world(alice, person("bob"), person("store"))
        period = {"start": date(2007, 1, 1), "end": date(2008, 1, 1)}
        kept = services.keep_statement(holder=world.label, by=alice, now=NOW, **period)
        arguments = {
            "holder_id": world.label.public_id,
            "track_id": world.kino.public_id,
            "right": "phonogram",
            "report_id": world.may.public_id,
            "place": "payable",
            "currency": "USD",
            "statement_id": kept.public_id,
            "posting_id": Posting.objects.order_by("-pk").values_list("pk", flat=True)[0],
            "residence_id": "TAX-00000000000",
            "form": "csv",
            "year": 2007,
        }
        if "payee_id" in names:
            account = an_account()
            payee = services.propose_payee(holder=world.label, account=account, currency="EUR", by=alice, now=NOW)
            arguments["payee_id"] = payee.public_id
        return {name: arguments[name] for name in (*(["holder_id"] if holder else []), *names)}

    return make


def a_batch() -> dict[str, Any]:
    """This will make an empty draft of a payout."""
    from django.utils import timezone

    from payouts.models import PayoutBatch
    from tests.conftest import person

    made = PayoutBatch.objects.create(currency="USD", drafted_by=person("frank"), drafted_at=timezone.now())
    return {"batch_id": made.public_id}


def a_run() -> dict[str, Any]:
    """This will make an ordered run of the distribution."""
    from django.utils import timezone

    from claims.models import PlannedRun
    from tests.conftest import person

    return {"run_id": PlannedRun.objects.create(ordered_by=person("frank"), ordered_at=timezone.now()).public_id}


def a_bank_file() -> dict[str, Any]:
    """This will make a bank file that was taken in."""
    from django.utils import timezone

    from payouts.models import BankFile
    from tests.conftest import person

    made = BankFile.objects.create(
        kind="camt.053", message_id="N-1", sha256="0" * 64, taken_by=person("frank"), taken_at=timezone.now()
    )
    return {"file_id": made.public_id}


@cache
def books(*names: str) -> Callable[[], dict[str, Any]]:
    """This will make a plan, a refund, a bank line, a list that fits a holder and a booking, and give arguments."""

    def make() -> dict[str, Any]:
        from datetime import date
        from decimal import Decimal

        from catalog.names import artist_key
        from core.money import Money
        from payouts import services
        from payouts.models import ScreeningCase
        from tests.conftest import person
        from tests.payouts.paying import staff
        from tests.payouts.world import NOW, a_money_world

        frank = staff("frank", "finance")
        world = a_money_world(person("alice"), person("bob"), person("store"))
        notes, five = services.issue_amounts_due(report=world.may, now=NOW), Money(Decimal(5), "USD")
        parts = [(date(2007, 8, 1), Decimal(15)), (date(2007, 9, 1), Decimal("15.01"))]
        table = f"Date;Payer;Amount;Currency;Reference;Text\n2007-07-01;Bank;5.00;USD;{world.licensee.code};x\n"
        line = services.take_payments_table(content=table.encode(), by=frank, now=NOW).file.lines.get()
        services.enter_bank_line(line=line, licensee=world.licensee, reports=[], by=frank, now=NOW)
        by = {"by": frank, "now": NOW}
        factories.a_holder("Somebody").names.create(text="X", name_key=artist_key("Severnyy Veter"))
        euros = services.record_remittance(
            licensee=world.licensee,
            payer="Xrost",
            amount=Money(Decimal("7.29"), "EUR"),
            received_date=date(2007, 7, 1),
            reference="EUR",
            allocations=[services.Allocation(world.june)],
            paid_in="USD",
            **by,
        )
        arguments = {
            "plan_id": services.propose_plan(licensee=world.licensee, notes=notes, parts=parts, **by).public_id,
            "refund_id": services.propose_refund(licensee=world.licensee, amount=five, reason="x", **by).public_id,
            "file_id": line.file.public_id,
            "number": line.number,
            "edition_id": services.take_sanctions_list(name="EU", content=b"Severnyy Veter\n", **by).public_id,
            "case_id": ScreeningCase.objects.get().public_id,
            "conversion_id": services.propose_conversion(
                remittances=[euros],
                sold=services.up_to_coin(euros.changed, "EUR"),
                bought=Decimal(3),
                day=date(2007, 7, 1),
                reference="F-1",
                **by,
            ).public_id,
            "booking_id": services.book_house(
                kind="bank_charge", amount=five, day=date(2007, 7, 1), reference="F-1", **by
            ).public_id,
        }
        return {name: arguments[name] for name in names}

    return make


def a_store_code() -> dict[str, Any]:
    """This will make a store the stranger does not act for."""
    from tests.factories import a_licensee

    return {"code": a_licensee().code}


def a_note() -> dict[str, Any]:
    """This will make an amount-due note of a store the stranger does not act for."""
    from payouts.services import issue_amounts_due
    from tests.factories import a_report
    from tests.payouts.world import NOW

    (made,) = issue_amounts_due(report=a_report(), now=NOW)
    return {"number": made.number}


def an_erasure() -> dict[str, Any]:
    """This will make a request to forget a person who is not the stranger."""
    from django.utils import timezone

    from payouts.services import ask_erasure
    from tests.conftest import person

    somebody = person("gone")
    return {"request_id": ask_erasure(subject=somebody, by=somebody, now=timezone.now()).public_id}


@cache
def a_sales_report(**more: int) -> Callable[[], dict[str, Any]]:
    """This will make a report of a store the stranger does not act for, when asked."""

    def make() -> dict[str, Any]:
        from tests.factories import a_report

        return {"report_id": a_report().public_id, **more}

    return make


@cache
def an_objection(name: str) -> Callable[[], dict[str, Any]]:
    """This will make an approved claim of a newcomer and Charlie's objection to it."""

    def make() -> dict[str, Any]:
        from tests.conftest import person

        alice, charlie = person("alice"), person("charlie")
        claim = factories.an_awarded_claim(alice, factories.a_holder(owner=alice), reviewer=person("rita"))
        found = factories.an_objection(charlie, factories.a_holder(owner=charlie), claim)
        return {name: found.window.public_id if name == "window_id" else found.public_id}

    return make


def a_leaf() -> dict[str, Any]:
    """This will make a document and name its first page."""
    return {**a_case("document_id", "document")(), "number": 1}


@cache
def a_decision(*names: str) -> Callable[[], dict[str, Any]]:
    """This will make a refused claim with its appeal, a batch, a group and an absence, and give these arguments."""

    def make() -> dict[str, Any]:
        from datetime import timedelta

        from django.utils import timezone

        from claims import services
        from claims.models import QueueItem
        from tests.conftest import person

        now, alice, rita = timezone.now(), person("alice"), person("rita")
        holder = factories.a_holder("Alice Records", owner=alice)
        refused = factories.a_reviewed_claim(alice, holder, reviewer=rita)
        services.reject_claim(claim=refused, reason="proof_missing", by=rita, now=now)
        refused.refresh_from_db()
        appeal = services.file_appeal(case=refused, words="Look again.", by=alice, now=now)
        claims = [factories.a_claim(alice, holder, factories.a_track("Song", "Alice")) for _ in range(2)]
        absence = services.set_absence(
            user=rita, start=now.date(), end=now.date() + timedelta(days=1), cover=None, by=rita, now=now
        )
        arguments = {
            "case_id": claims[0].public_id,
            "claim_id": claims[0].public_id,
            "appeal_id": appeal.public_id,
            "absence_id": absence.pk,
            "key": QueueItem.objects.get(public_id=claims[0].public_id).group_key,
            "batch_id": services.draft_batch(by=rita, now=now).public_id,
        }
        return {name: arguments[name] for name in names}

    return make


def a_fraud_mark() -> dict[str, Any]:
    """This will make a mark of something known from a fraud."""
    from django.utils import timezone

    from claims import services
    from tests.conftest import person

    mark = services.add_fraud_mark(
        kind="name", value="Mallory", hint="A name", why="Forged papers.", by=person("rita"), now=timezone.now()
    )
    return {"mark_id": mark.pk}


def a_mapping_template() -> dict[str, Any]:
    """This will make a mapping template of a store the stranger does not act for."""
    from django.utils import timezone

    from sales.formats.rules import Rules
    from sales.models import MappingTemplate
    from sales.services import create_template
    from tests.factories import a_licensee

    columns = {"UsagePeriod": "Month", "Title": "Song", "Usages": "Sold", "NetRevenue": "Sum"}
    said = Rules(columns=columns, constants={"Currency": "USD"}, dates="dmy")
    create_template(
        licensee=a_licensee(), name="Ours", said=said, columns=[*columns.values()], by=None, now=timezone.now()
    )
    return {"template_id": MappingTemplate.objects.get().public_id}


def an_upload() -> dict[str, Any]:
    """This will announce a file of a store's person."""
    from django.utils import timezone

    from sales import services
    from tests.conftest import person

    store = person("store")
    made = services.open_upload(
        licensee=factories.a_licensee(member=store), name="a.tsv", size=3, key="", by=store, now=timezone.now()
    )
    return {"upload_id": made.public_id}


def a_closed_month() -> dict[str, Any]:
    """This will close a month."""
    from datetime import UTC, date, datetime

    from sales import services

    services.close_month(month=date(2006, 10, 1), by=None, now=datetime(2007, 1, 1, tzinfo=UTC))
    return {"month": "2006-10"}


def a_key() -> dict[str, Any]:
    """This will make a key of Alice."""
    from datetime import UTC, datetime, timedelta

    from accounts import services
    from tests.conftest import person

    now = datetime(2007, 7, 1, tzinfo=UTC)
    token, _key = services.create_token(
        user=person("alice"), name="till", scopes=["read"], expires_at=now + timedelta(days=1), now=now
    )
    return {"token_id": token.public_id}


@cache
def a_case(name: str, kind: str = "filed") -> Callable[[], dict[str, Any]]:
    """This will make a claim of Alice (a draft, filed, a document, a dispute, a new holder) and give its argument."""

    def make() -> dict[str, Any]:
        from django.utils import timezone

        from claims import services
        from claims.models import Dispute
        from tests.conftest import person

        alice = person("alice")
        holder = factories.a_holder(owner=alice, status="under_review" if kind == "holder" else "verified")
        if kind == "holder":
            return {name: holder.public_id}
        track = factories.a_track()
        if kind == "dispute":
            factories.a_share(track)
            factories.an_awarded_claim(alice, holder, track, reviewer=person("rita"))
            found = Dispute.objects.get()
            return {name: found.group_key if name == "key" else found.public_id}
        terms = {"choice": "reserve"} if kind == "reserved" else {}
        claim = factories.a_claim(alice, holder, track, filed=kind != "draft", **terms)
        if kind == "document":
            document = services.add_evidence(
                holder=holder, name="a.txt", content=b"proof", kind="other", by=alice, now=timezone.now(), claim=claim
            )
            return {name: document.public_id}
        return {name: claim.public_id}

    return make


def a_group_act() -> dict[str, Any]:
    """This will let Alice answer a group of one dispute and give the argument of that."""
    from django.utils import timezone

    from claims import services
    from claims.models import Claim, Dispute

    key = a_case("key", "dispute")()["key"]
    said = services.DisputeSaid(words="It is ours.")
    found, alice = list(Dispute.objects.filter(group_key=key)), Claim.objects.get().created_by
    act = services.answer_group(disputes=found, said=said, by=alice, now=timezone.now())
    return {"act_id": act.public_id}


@cache
def a_paper(*names: str) -> Callable[[], dict[str, Any]]:
    """This will make a holder of Alice with an agent of Charlie, and give the arguments asked for."""

    def make() -> dict[str, Any]:
        from tests.conftest import person

        alice, charlie = person("alice"), person("charlie")
        paper = factories.an_authority(factories.a_holder(owner=alice), factories.a_holder(owner=charlie))
        known = {"holder_id": paper.principal.public_id, "authority_id": paper.public_id}
        return {name: known[name] for name in names}

    return make


def a_transfer() -> dict[str, Any]:
    """This will make a transfer of Alice's catalogue to Charlie, not yet confirmed, and give its argument."""
    from datetime import date

    from django.utils import timezone

    from claims import services
    from tests.conftest import person

    alice, charlie = person("alice"), person("charlie")
    giver, taker = factories.a_holder(owner=alice), factories.a_holder(owner=charlie)
    factories.a_share(factories.a_track(), giver)
    found = services.propose_transfer(
        giver=giver, taker=taker, rights=["phonogram"], start=date(2007, 1, 1), by=alice, now=timezone.now()
    )
    return {"transfer_id": found.public_id}


def a_done_transfer() -> dict[str, Any]:
    """This will make a transfer of Alice's catalogue to Charlie, who confirmed it, and give its argument."""
    from django.utils import timezone

    from accounts.models import User
    from claims import services
    from claims.models import CatalogueTransfer

    found = a_transfer()
    transfer = CatalogueTransfer.objects.get(public_id=found["transfer_id"])
    taker = User.objects.get(pk=transfer.taker.members.get().user_id)
    services.confirm_transfer(transfer=transfer, by=taker, now=timezone.now())
    return found


def a_holiday() -> dict[str, Any]:
    """This will make a holiday to come and give its argument."""
    from datetime import date

    from claims.models import Holiday

    return {"holiday_id": Holiday.objects.create(calendar="RU", day=date(2099, 1, 1), name="New Year").pk}


def a_membership(*names: str) -> Callable[[], dict[str, Any]]:
    """This will make a holder of Alice who has invited Bob, and give the arguments asked for."""

    def make() -> dict[str, Any]:
        from django.utils import timezone

        from catalog import services
        from catalog.territories import worldwide
        from tests.conftest import person

        alice = person("alice")
        holder = factories.a_holder(owner=alice)
        asked = services.invite_member(
            holder=holder, email="bob@example.org", role="reader", by=alice, now=timezone.now()
        )
        key = services.invitation_key(asked)
        today = timezone.now().date()
        places = worldwide()
        mandate = services.give_mandate(
            holder=holder, rights=["work"], territory_set=places, start=today, by=alice, now=timezone.now()
        )
        known = {"holder_id": holder.public_id, "invitation_id": asked.public_id, "key": key}
        known["mandate_id"] = mandate.public_id
        known["membership_id"] = services.state_society(
            holder=holder, society="PRS", source="Contract", by=alice, now=timezone.now()
        ).public_id
        return {name: known[name] for name in names}

    return make


def another_store() -> dict[str, Any]:
    """This will make a store the stranger does not act for."""
    return {"licensee_id": factories.a_store().public_id}


@cache
def a_list(*names: str) -> Callable[[], dict[str, Any]]:
    """This will make a list of alice's and give those arguments of its address that it takes."""

    def make() -> dict[str, Any]:
        from tests.conftest import person

        alice = person("alice")
        found = factories.a_list(alice, factories.a_holder(owner=alice), "Title,Artist\nSong,Kino\n")
        arguments = {"list_id": found.public_id, "sha256": found.files.get().sha256}
        return {name: arguments[name] for name in names}

    return make


@cache
def an_exit(name: str, kind: str = "sent") -> Callable[[], dict[str, Any]]:
    """This will make an opt-out of Alice (a draft, sent, or granted with its notice) and give its argument."""

    def make() -> dict[str, Any]:
        from django.utils import timezone

        from claims import services
        from tests.conftest import person

        alice = person("alice")
        holder = factories.a_holder(owner=alice)
        case = factories.an_opt_out(alice, holder, factories.a_track(), sent=kind != "draft")
        if kind not in ("granted", "notice"):
            return {name: case.public_id}
        factories.a_store()
        services.grant_opt_out(opt_out=case, by=person("rita"), now=timezone.now())
        if kind == "granted":
            return {name: case.public_id}
        return {name: case.notices.get().public_id}

    return make


@cache
def a_counter(*names: str) -> Callable[[], dict[str, Any]]:
    """This will make a store's objection to Alice's opt-out, with a document, and give these arguments."""

    def make() -> dict[str, Any]:
        from django.utils import timezone

        from claims import services
        from claims.models import TakedownNotice
        from tests.conftest import person

        named = an_exit("public_id", "notice")()
        notice = TakedownNotice.objects.get(**named)
        store = person("store")
        notice.licensee.members.create(user=store)
        said = services.Countered("direct_licence", "Licensed.", paper=("licence.txt", b"A licence."))
        counter = services.file_counter_notice(notice=notice, said=said, by=store, now=timezone.now())
        known = {"counter_id": counter.public_id, "sha256": counter.papers.get().sha256}
        return {name: known[name] for name in names}

    return make


@cache
def a_stop(*names: str) -> Callable[[], dict[str, Any]]:
    """This will make a store whose licence two people stopped, and give these arguments."""

    def make() -> dict[str, Any]:
        from datetime import date

        from django.utils import timezone

        from sales import services
        from tests.conftest import person

        shop, now = factories.a_store(), timezone.now()
        asked = {"kind": "end", "reason": "regulator", "source": "Order 1", "start": date(2007, 6, 1)}
        stop = services.ask_stop(licensee=shop, **asked, by=person("rita"), now=now)
        services.confirm_stop(stop=stop, by=person("frank"), now=now)
        known = {"licensee_id": shop.public_id, "stop_id": stop.public_id}
        return {name: known[name] for name in names}

    return make


@cache
def a_suspension(*names: str) -> Callable[[], dict[str, Any]]:
    """This will stop the opt-outs of Alice's holder and give these arguments."""

    def make() -> dict[str, Any]:
        from django.utils import timezone

        from claims import services
        from tests.conftest import person

        holder = factories.a_holder(owner=person("alice"))
        said = {"reason": "other", "words": "Why.", "until": None}
        made = services.suspend_sender(holder=holder, **said, by=person("rita"), now=timezone.now())
        known = {"suspension_id": made.public_id, "holder_id": holder.public_id}
        return {name: known[name] for name in names}

    return make


def a_withdrawn() -> dict[str, Any]:
    """This will make a granted opt-out and name what it took out."""
    from catalog.models import Withdrawal

    an_exit("public_id", "notice")()
    return {"withdrawal_id": Withdrawal.objects.get().public_id}


def a_notice_row() -> dict[str, Any]:
    """This will make a notice of Alice's opt-out and name its only row."""
    from claims.models import NoticeRow

    named = an_exit("public_id", "notice")()
    return named | {"track_id": NoticeRow.objects.get().track.public_id}


@cache
def a_finding() -> dict[str, Any]:
    """This will make a report of what Alice took out, and its finding."""
    from django.utils import timezone

    from claims import services
    from claims.models import ComplianceFinding
    from tests.conftest import person

    track = factories.a_track("Zvezda", isrc="RUA010500001")
    factories.a_withdrawal(track, factories.a_holder(owner=person("alice")))
    report = factories.a_sale(track, UsagePeriod="2007-08").report
    services.check_report(report_id=report.pk, now=timezone.now())
    return {"finding_id": ComplianceFinding.objects.get().public_id}


def a_match(name: str) -> Callable[[], dict[str, Any]]:
    """This will make a store's key with Alice's proposal, a rule and a correction about it, and give the argument."""

    def make() -> dict[str, Any]:
        from django.utils import timezone

        from claims import services
        from sales import services as sales
        from tests.conftest import person

        now, alice, rita, track = timezone.now(), person("alice"), person("rita"), factories.a_track()
        key = factories.a_report().sales.get().store_key
        words = {"track": track, "by": alice, "now": now, "key": key, "holder": factories.a_holder(owner=alice)}
        rule = sales.make_rule(licensee=key.licensee, pattern="nothing", track=track, by=rita, now=now)
        case = services.ask_correction(
            correction=services.merge_of(factories.a_track(), track), by=rita, now=now, reason="The same"
        )
        return {
            name: {
                "track_id": track.public_id,
                "release_id": factories.a_release("Album").public_id,
                "key_id": key.public_id,
                "rule_id": rule.public_id,
                "correction_id": case.public_id,
                "proposal_id": sales.propose_match(**words).public_id,
            }[name]
        }

    return make


@cache
def a_checkpoint(*names: str) -> Callable[[], dict[str, Any]]:
    """This will sign a checkpoint of a small ledger and prove a day, and give those arguments."""

    def make() -> dict[str, Any]:
        from datetime import date

        from django.utils import timezone

        from ledger import services
        from ledger.publishing import signer

        factories.a_report()
        services.sequence_log()
        signed = services.sign_checkpoint(signer=signer(), publish=lambda name, text: None, now=timezone.now())
        assert signed
        services.prove_day(day=date(2007, 7, 1), now=timezone.now())
        arguments = {"size": signed.size, "first": signed.size, "second": signed.size, "day": "2007-07-01"}
        return {name: arguments[name] for name in names}

    return make


def an_entry() -> dict[str, Any]:
    """This will make an opt-out and give its address in the register."""
    from accounts.models import User
    from register.models import Entry

    alice = User.objects.create_user(email="anna@example.org", display_name="Anna")
    factories.in_register(factories.an_opt_out(alice, factories.a_holder(owner=alice), factories.a_track()))
    return {"entry_id": Entry.objects.get(kind="opt_out").public_id}


@cache
def an_open_day(*names: str) -> Callable[[], dict[str, Any]]:
    """This will make today's open files and give those arguments of the address of one."""

    def make() -> dict[str, Any]:
        from django.utils import timezone

        from register import services

        services.publish_day(now=timezone.now())
        arguments = {"day": timezone.now().date().isoformat(), "name": "register.csv"}
        return {name: arguments[name] for name in names}

    return make


def a_passage() -> dict[str, Any]:
    """This will make a text that waits to be redacted."""
    from register.models import Passage

    an_entry()
    return {"passage_id": Passage.objects.get().public_id}


ADDRESSES = [
    # roms_portal
    Address("healthz", "public"),
    Address("home", "public"),
    Address("how", "public"),
    Address("percent", "public"),
    Address("openness", "public"),
    Address("dashboard", "login"),
    Address("styleguide", "hidden", GET_POST),
    Address("api-root", "api_public"),
    Address("api-schema", "api_public"),
    Address("api-docs", "public"),
    # accounts
    Address("accounts:api_tokens", "login", GET_POST),
    Address("accounts:revoke_api_token", "private", POST, make=a_key),
    Address("accounts:profile", "login", GET_POST),
    Address("accounts:outbox", "hidden"),
    Address("claims:take_mail", "hidden", POST),
    # catalog
    Address("catalog:imports", "staff", GET_POST),
    Address("catalog:import", "staff", make=lambda: {"batch_id": factories.a_catalogue_import().public_id}),
    Address(
        "catalog:decide_import", "staff", POST, make=lambda: {"batch_id": factories.a_catalogue_import().public_id}
    ),
    Address("catalog:template", "public"),
    Address("api-tracks", "api_public"),
    Address("api-track", "api_public", make=lambda: {"track_id": factories.a_track().public_id}),
    Address("api-holders", "api_login", GET_POST),
    Address("api-holder", "api_private", make=lambda: {"holder_id": factories.a_holder().public_id}),
    Address("api-register", "api_public"),
    Address("api-register-entry", "api_public", make=an_entry),
    Address("api-withdrawals", "api_public"),
    Address("api-withdrawal", "api_public", make=lambda: {"withdrawal_id": factories.a_withdrawal().public_id}),
    # sales
    Address("sales:reports", "private", GET_POST),
    Address("sales:report", "private", make=a_sales_report()),
    Address("sales:report_progress", "private", make=a_sales_report()),
    Address("sales:decide_report", "private", POST, a_sales_report()),
    Address("sales:calendar", "private"),
    Address("sales:snapshots", "private", GET_POST),
    Address("api-store-calendar", "api_private", make=lambda: {"store": factories.a_licensee().code}),
    Address("api-snapshots", "api_login", GET_POST),
    Address("sales:months", "private", GET_POST),
    Address("sales:reopen_month", "private", POST, a_closed_month),
    Address("sales:reprocess_report", "private", POST, a_sales_report()),
    Address("sales:correction_file", "private", make=a_sales_report()),
    Address("sales:mapping", "private", GET_POST, a_sales_report()),
    Address("sales:mapping_templates", "private"),
    Address("sales:mapping_template", "private", make=a_mapping_template),
    Address("sales:retire_template", "private", POST, a_mapping_template),
    Address("sales:report_line", "private", make=a_sales_report(number=1, line_no=1)),
    Address("api-reports", "api_login", GET_POST),
    Address("api-report", "api_private", make=a_sales_report()),
    Address("api-uploads", "api_login", POST),
    Address("api-upload", "api_private", ("GET", "PATCH"), an_upload),
    Address("api-upload-complete", "api_private", POST, an_upload),
    Address("api-report-faults", "api_private", make=a_sales_report()),
    Address("api-mapping-preview", "api_private", POST, a_sales_report()),
    Address("api-mapping-templates", "api_login", GET_POST),
    Address("api-mapping-template", "api_private", make=a_mapping_template),
    Address("api-report-rejected-lines", "api_private", make=a_sales_report()),
    Address("api-report-decide", "api_private", POST, a_sales_report()),
    Address("api-report-reprocess", "api_private", POST, a_sales_report()),
    # claims
    Address("claims:basket", "public"),
    Address("claims:basket_add", "public", POST),
    Address("claims:basket_remove", "public", POST),
    Address("claims:holders", "login"),
    Address("claims:new_holder", "login", GET_POST),
    Address("claims:holder", "private", make=a_membership("holder_id")),
    Address("claims:edit_holder", "private", GET_POST, make=a_membership("holder_id")),
    Address("claims:holder_names", "private", POST, make=a_membership("holder_id")),
    Address("claims:holder_numbers", "private", POST, make=a_membership("holder_id")),
    Address("claims:holder_societies", "private", POST, make=a_membership("holder_id")),
    Address("claims:decide_society", "staff", POST, make=a_membership("holder_id", "membership_id")),
    Address("claims:answer_holder", "private", POST, make=a_membership("holder_id")),
    Address("claims:people", "private", GET_POST, make=a_membership("holder_id")),
    Address("claims:change_role", "private", POST, make=a_membership("holder_id")),
    Address("claims:remove_member", "private", POST, make=a_membership("holder_id")),
    Address("claims:leave_holder", "private", POST, make=a_membership("holder_id")),
    Address("claims:revoke_invitation", "private", POST, make=a_membership("holder_id", "invitation_id")),
    Address("claims:invitation", "invited", GET_POST, make=a_membership("key")),
    Address("claims:mandate", "private", GET_POST, make=a_membership("holder_id")),
    Address("claims:end_mandate", "private", POST, make=a_membership("holder_id", "mandate_id")),
    Address("claims:agents", "private", make=a_paper("holder_id")),
    Address("claims:give_authority", "private", GET_POST, make=a_paper("holder_id")),
    Address("claims:ask_authority", "private", GET_POST, make=a_paper("holder_id")),
    Address("claims:authority", "private", make=a_paper("authority_id")),
    Address("claims:pass_on", "private", GET_POST, make=a_paper("authority_id")),
    Address("claims:end_authority", "private", POST, make=a_paper("authority_id")),
    Address("claims:retract_authority", "private", POST, make=a_paper("authority_id")),
    Address("claims:decide_authority", "staff", POST, make=a_paper("authority_id")),
    Address("api-authorities", "api_login", GET_POST),
    Address("api-authority", "api_private", make=a_paper("authority_id")),
    Address("api-end-authority", "api_private", POST, make=a_paper("authority_id")),
    Address("api-members", "api_private", make=a_membership("holder_id")),
    Address("api-remove-member", "api_private", POST, make=a_membership("holder_id")),
    Address("api-invitations", "api_private", GET_POST, make=a_membership("holder_id")),
    Address("api-societies", "api_private", GET_POST, make=a_membership("holder_id")),
    Address("api-leave-society", "api_private", POST, make=a_membership("holder_id", "membership_id")),
    Address("api-decide-society", "api_private", POST, make=a_membership("holder_id", "membership_id")),
    Address("api-answer-holder", "api_private", POST, make=a_membership("holder_id")),
    Address("api-review-holder", "api_private", POST, make=a_membership("holder_id")),
    Address("claims:claims", "login"),
    Address("claims:new_claim", "login", GET_POST),
    Address("claims:claim", "private", make=a_case("claim_id")),
    Address("claims:edit_claim", "private", GET_POST, make=a_case("claim_id", "draft")),
    Address("claims:claim_checks", "private", make=a_case("claim_id")),
    Address("claims:add_evidence", "private", POST, make=a_case("claim_id", "draft")),
    Address("claims:file_claim", "private", POST, make=a_case("claim_id", "draft")),
    Address("claims:answer_claim", "private", POST, make=a_case("claim_id")),
    Address("claims:retract_claim", "private", POST, make=a_case("claim_id")),
    Address("claims:documents", "private", GET_POST, make=a_membership("holder_id")),
    Address("claims:document", "private", make=a_case("document_id", "document")),
    Address("claims:ask_check", "private", POST, make=a_case("document_id", "document")),
    Address("claims:check_document", "staff", POST, make=a_case("document_id", "document")),
    Address("claims:refuse_document", "staff", POST, make=a_case("document_id", "document")),
    Address("claims:show_for_claim", "private", POST, make=a_case("claim_id", "draft")),
    Address("claims:show_for_opt_out", "private", POST, make=an_exit("opt_out_id")),
    Address("claims:evidence", "private", make=a_case("document_id", "document")),
    Address("claims:evidence_page", "staff", make=a_leaf),
    Address("claims:disputes", "login"),
    Address("claims:transfers", "private", make=a_paper("holder_id")),
    Address("claims:propose_transfer", "private", GET_POST, make=a_paper("holder_id")),
    Address("claims:transfer", "private", make=a_transfer),
    Address("claims:confirm_transfer", "private", POST, make=a_transfer),
    Address("claims:refuse_transfer", "private", POST, make=a_transfer),
    Address("claims:return_catalogue", "private", GET_POST, make=a_done_transfer),
    Address("claims:clocks", "staff"),
    Address("claims:set_clock", "staff", POST),
    Address("claims:set_clock_set", "staff", POST),
    Address("claims:add_holiday", "staff", POST),
    Address("claims:remove_holiday", "staff", POST, make=a_holiday),
    Address("before", "public"),
    Address("claims:claim_receipt", "private", make=a_case("claim_id")),
    Address("claims:amend_claim", "private", GET_POST, make=a_case("claim_id")),
    Address("claims:dispute_groups", "login"),
    Address("claims:disputes_table", "login"),
    Address("claims:disputes_file", "login", GET_POST),
    Address("claims:dispute_group", "private", make=a_case("key", "dispute")),
    Address("claims:answer_group", "private", POST, make=a_case("key", "dispute")),
    Address("claims:group_act", "private", make=a_group_act),
    Address("api-answer-group", "api_private", POST, make=a_case("key", "dispute")),
    Address("api-decide-group", "api_private", POST, make=a_case("key", "dispute")),
    Address("api-group-act", "api_private", make=a_group_act),
    Address("claims:decide_dispute_group", "staff", POST, make=a_case("key", "dispute")),
    Address("claims:dispute", "private", make=a_case("dispute_id", "dispute")),
    Address("claims:answer_dispute", "private", POST, make=a_case("dispute_id", "dispute")),
    Address("claims:review_queue", "staff"),
    Address("claims:take_next", "staff", POST),
    Address("claims:take_case", "staff", POST, make=a_decision("case_id")),
    Address("claims:give_back", "staff", POST, make=a_decision("case_id")),
    Address("claims:hand_over", "staff", POST, make=a_decision("case_id")),
    Address("claims:save_note", "staff", POST, make=a_decision("case_id")),
    Address("claims:absences", "staff", GET_POST),
    Address("claims:end_absence", "staff", POST, make=a_decision("absence_id")),
    Address("claims:confirm_decision", "staff", POST, make=a_decision("claim_id")),
    Address("claims:send_back", "staff", POST, make=a_decision("claim_id")),
    Address("claims:revoke_claim", "staff", POST, make=a_decision("claim_id")),
    Address("claims:batches", "staff", GET_POST),
    Address("claims:batch", "staff", make=a_decision("batch_id")),
    Address("claims:judge_sample", "staff", POST, make=a_decision("batch_id", "claim_id")),
    Address("claims:approve_batch", "staff", POST, make=a_decision("batch_id")),
    Address("claims:dissolve_batch", "staff", POST, make=a_decision("batch_id")),
    Address("claims:groups", "staff"),
    Address("claims:group", "staff", GET_POST, make=a_decision("key")),
    Address("claims:challenges", "public"),
    Address("claims:challenge", "public", make=an_objection("window_id")),
    Address("claims:object_to_claim", "login", POST, make=an_objection("window_id")),
    Address("claims:objection", "private", make=an_objection("objection_id")),
    Address("claims:retract_objection", "private", POST, make=an_objection("objection_id")),
    Address("claims:decide_objection", "staff", POST, make=an_objection("objection_id")),
    Address("claims:write_message", "private", POST, make=a_decision("case_id")),
    Address("claims:file_appeal", "private", POST, make=a_decision("case_id")),
    Address("claims:appeal", "private", make=a_decision("appeal_id")),
    Address("claims:retract_appeal", "private", POST, make=a_decision("appeal_id")),
    Address("claims:decide_appeal", "staff", POST, make=a_decision("appeal_id")),
    Address("claims:house_rules", "staff", GET_POST),
    Address("claims:fraud_marks", "staff", GET_POST),
    Address("claims:end_fraud_mark", "staff", POST, make=a_fraud_mark),
    Address("claims:review_claim", "staff", make=a_case("claim_id")),
    Address("claims:start_review", "staff", POST, make=a_case("claim_id")),
    Address("claims:request_evidence", "staff", POST, make=a_case("claim_id")),
    Address("claims:look_again", "staff", POST, make=a_case("claim_id")),
    Address("claims:decide_claim", "staff", POST, make=a_case("claim_id")),
    Address("claims:review_holder", "staff", GET_POST, make=a_case("holder_id", "holder")),
    Address("claims:review_dispute", "staff", make=a_case("dispute_id", "dispute")),
    Address("claims:order_hold", "staff", POST, make=a_case("dispute_id", "dispute")),
    Address("claims:decide_dispute", "staff", POST, make=a_case("dispute_id", "dispute")),
    Address("claims:unmatched", "staff"),
    Address("claims:decide_unmatched", "staff", POST),
    Address("claims:match_rules", "staff", GET_POST),
    Address("claims:remove_match_rule", "staff", POST, make=a_match("rule_id")),
    Address("claims:match_file", "staff", GET_POST),
    Address("claims:corrections", "staff"),
    Address("claims:new_correction", "staff", GET_POST),
    Address("claims:correction", "staff", make=a_match("correction_id")),
    Address("claims:confirm_correction", "staff", POST, make=a_match("correction_id")),
    Address("claims:refuse_correction", "staff", POST, make=a_match("correction_id")),
    Address("claims:track_keys", "staff", GET_POST, make=a_match("track_id")),
    Address("claims:release_keys", "staff", GET_POST, make=a_match("release_id")),
    Address("claims:propose", "login", GET_POST, make=a_match("track_id")),
    Address("claims:proposals", "login"),
    Address("claims:proposal", "private", GET_POST, make=a_match("proposal_id")),
    Address("claims:retract_proposal", "private", POST, make=a_match("proposal_id")),
    Address("api-unmatched", "api_private"),
    Address("api-decide-unmatched", "api_private", POST),
    Address("api-match-rules", "api_private", GET_POST),
    Address("api-match-rule", "api_private", ("DELETE",), make=a_match("rule_id")),
    Address("api-match-file", "api_private", POST),
    Address("api-proposals", "api_login", GET_POST),
    Address("api-proposal", "api_private", make=a_match("proposal_id")),
    Address("api-retract-proposal", "api_private", POST, make=a_match("proposal_id")),
    Address("api-decide-proposal", "api_private", POST, make=a_match("proposal_id")),
    Address("api-corrections", "api_private", GET_POST),
    Address("api-correction", "api_private", make=a_match("correction_id")),
    Address("api-confirm-correction", "api_private", POST, make=a_match("correction_id")),
    Address("api-refuse-correction", "api_private", POST, make=a_match("correction_id")),
    Address("api-review-queue", "api_private"),
    Address("api-take-next", "api_private", POST),
    Address("api-case-messages", "api_private", GET_POST, make=a_decision("case_id")),
    Address("api-file-appeal", "api_private", POST, make=a_decision("case_id")),
    Address("api-appeal", "api_private", make=a_decision("appeal_id")),
    Address("api-decide-appeal", "api_private", POST, make=a_decision("appeal_id")),
    Address("api-claims", "api_login", GET_POST),
    Address("api-claim-attestation", "api_login"),
    Address("api-claim", "api_private", ("GET", "PUT"), make=a_case("claim_id", "draft")),
    Address("api-claim-lines", "api_private", make=a_case("claim_id")),
    Address("api-claim-evidence", "api_private", POST, make=a_case("claim_id", "draft")),
    Address("api-file-claim", "api_private", POST, make=a_case("claim_id", "draft")),
    Address("api-answer-claim", "api_private", POST, make=a_case("claim_id")),
    Address("api-retract-claim", "api_private", POST, make=a_case("claim_id")),
    Address("api-start-review", "api_private", POST, make=a_case("claim_id")),
    Address("api-request-evidence", "api_private", POST, make=a_case("claim_id")),
    Address("api-approve-claim", "api_private", POST, make=a_case("claim_id")),
    Address("api-reject-claim", "api_private", POST, make=a_case("claim_id")),
    Address("claims:search", "public"),
    Address("claims:track", "public", make=lambda: {"track_id": factories.a_track().public_id}),
    Address("api-unclaimed", "api_public"),
    Address("claims:artist", "public", make=lambda: {"slug": named(factories.a_track(artist="Kino"))}),
    Address("claims:label", "public", make=lambda: {"slug": named(factories.a_track(label="Kino"))}),
    Address("claims:ask_watch", "public", GET_POST),
    Address("claims:watch_asked", "public"),
    Address("claims:watch", "public", make=a_token),
    Address("claims:confirm_watch", "public", POST, make=a_token),
    Address("claims:stop_watch", "public", GET_POST, make=a_token),
    Address("api-name", "api_public", make=lambda: {"kind": "artist", "slug": named(factories.a_track(artist="Kino"))}),
    Address("api-watches", "api_public", POST),
    Address("claims:lists", "login"),
    Address("claims:new_list", "login", GET_POST),
    Address("claims:list", "private", make=a_list("list_id")),
    Address("claims:list_progress", "private", make=a_list("list_id")),
    Address("claims:choose_groups", "private", POST, make=a_list("list_id")),
    Address("claims:choose_rows", "private", POST, make=a_list("list_id")),
    Address("claims:list_correction", "private", make=a_list("list_id")),
    Address("claims:mend_list", "private", POST, make=a_list("list_id")),
    Address("claims:reopen_list", "private", POST, make=a_list("list_id")),
    Address("claims:drop_list", "private", POST, make=a_list("list_id")),
    Address("claims:follow_list", "private", POST, make=a_list("list_id")),
    Address("claims:list_original", "private", make=a_list("list_id", "sha256")),
    Address("claims:opt_outs", "login"),
    Address("claims:new_opt_out", "login", GET_POST),
    Address("claims:check_rows", "login", POST),
    Address("claims:opt_out", "private", make=an_exit("opt_out_id")),
    Address("claims:edit_opt_out", "private", GET_POST, make=an_exit("opt_out_id", "draft")),
    Address("claims:opt_out_checks", "private", make=an_exit("opt_out_id")),
    Address("claims:add_opt_out_evidence", "private", POST, make=an_exit("opt_out_id")),
    Address("claims:answer_opt_out", "private", POST, make=an_exit("opt_out_id")),
    Address("claims:retract_opt_out", "private", POST, make=an_exit("opt_out_id")),
    Address("claims:withdraw_name", "private", POST, make=an_exit("opt_out_id")),
    Address("claims:return_opt_out", "private", GET_POST, make=an_exit("opt_out_id", "granted")),
    Address("claims:suspend_sender", "staff", GET_POST, make=a_suspension("holder_id")),
    Address("claims:suspension", "private", make=a_suspension("suspension_id")),
    Address("claims:appeal_suspension", "private", POST, make=a_suspension("suspension_id")),
    Address("claims:decide_suspension", "staff", POST, make=a_suspension("suspension_id")),
    Address("claims:send_back_opt_out", "staff", POST, make=an_exit("opt_out_id")),
    Address("claims:stores", "public"),
    Address("claims:store", "public", make=a_stop("licensee_id")),
    Address("claims:ask_stop", "staff", POST, make=a_stop("licensee_id")),
    Address("claims:decide_stop", "staff", POST, make=a_stop("licensee_id", "stop_id")),
    Address("claims:lift_stop", "staff", POST, make=a_stop("licensee_id", "stop_id")),
    Address("claims:stop_file", "private", make=a_stop("licensee_id", "stop_id")),
    Address("claims:contest", "login", GET_POST, make=a_withdrawn),
    Address("claims:counter_notice", "private", make=a_counter("counter_id")),
    Address("claims:decide_counter_notice", "staff", POST, make=a_counter("counter_id")),
    Address("claims:retract_counter_notice", "private", POST, make=a_counter("counter_id")),
    Address("claims:note_suit", "private", POST, make=a_counter("counter_id")),
    Address("claims:counter_paper", "private", make=a_counter("counter_id", "sha256")),
    Address("claims:review_opt_out", "staff", make=an_exit("opt_out_id")),
    Address("claims:start_opt_out_review", "staff", POST, make=an_exit("opt_out_id")),
    Address("claims:grant_opt_out", "staff", POST, make=an_exit("opt_out_id")),
    Address("claims:refuse_opt_out", "staff", POST, make=an_exit("opt_out_id")),
    Address("claims:request_opt_out_evidence", "staff", POST, make=an_exit("opt_out_id")),
    Address("claims:webhook", "private", GET_POST, make=another_store),
    Address("claims:renew_webhook_secret", "private", POST, make=another_store),
    Address("claims:close_webhook", "private", POST, make=another_store),
    Address("claims:try_webhook", "private", POST, make=another_store),
    Address("claims:notices", "login"),
    Address("claims:notice", "private", make=an_exit("public_id", "notice")),
    Address("claims:notice_file", "private", make=an_exit("public_id", "notice")),
    Address("claims:findings", "login"),
    Address("claims:findings_file", "login"),
    Address("claims:findings_paper", "login"),
    Address("claims:finding", "private", make=a_finding),
    Address("claims:answer_finding", "private", POST, make=a_finding),
    Address("claims:decide_finding", "private", POST, make=a_finding),
    Address("claims:notice_ern", "private", make=an_exit("public_id", "notice")),
    Address("claims:acknowledge_notices", "login", POST),
    Address("claims:answer_file", "private", POST, make=an_exit("public_id", "notice")),
    Address("claims:observe", "private", GET_POST, make=a_notice_row),
    Address("claims:acknowledge_notice", "private", POST, make=an_exit("public_id", "notice")),
    Address("claims:mark_removed", "private", POST, make=an_exit("public_id", "notice")),
    Address("claims:object_to_notice", "private", POST, make=an_exit("public_id", "notice")),
    Address("claims:retry_delivery", "private", POST, make=an_exit("public_id", "notice")),
    Address("register:entries", "public"),
    Address("register:feed", "public"),
    Address("register:entry", "public", make=an_entry),
    Address("register:figures", "public"),
    Address("register:figure", "public", make=lambda: {"code": "sales"}),
    Address("register:figure_on", "public", make=lambda: {"code": "accrued", "day": "2007-06-30"}),
    Address("register:opt_outs_ask", "public"),
    Address("register:opt_outs_on", "public", make=lambda: {"day": "2007-06-30"}),
    Address("register:open_data", "public"),
    Address("register:open_sums", "public", make=an_open_day("day")),
    Address("register:open_file", "public", make=an_open_day("day", "name")),
    Address("register:passages", "staff"),
    Address("register:passage", "staff", GET_POST, make=a_passage),
    Address("register:withhold", "staff", POST, make=a_passage),
    Address("api-disputes", "api_login"),
    Address("api-dispute", "api_private", make=a_case("dispute_id", "dispute")),
    Address("api-answer-dispute", "api_private", POST, make=a_case("dispute_id", "dispute")),
    Address("api-hold-dispute", "api_private", POST, make=a_case("dispute_id", "dispute")),
    Address("api-decide-dispute", "api_private", POST, make=a_case("dispute_id", "dispute")),
    Address("api-opt-outs", "api_login", GET_POST),
    Address("api-opt-out-attestation", "api_login"),
    Address("api-opt-out-list-file", "api_login", POST),
    Address("api-lists", "api_login", GET_POST),
    Address("api-list", "api_private", make=a_list("list_id")),
    Address("api-list-rows", "api_private", make=a_list("list_id")),
    Address("api-choose-list", "api_private", POST, make=a_list("list_id")),
    Address("api-mend-list", "api_private", POST, make=a_list("list_id")),
    Address("api-list-correction", "api_private", make=a_list("list_id")),
    Address("api-reopen-list", "api_private", POST, make=a_list("list_id")),
    Address("api-drop-list", "api_private", POST, make=a_list("list_id")),
    Address("api-amendments", "api_private", GET_POST, make=a_case("claim_id")),
    Address("api-case-clocks", "api_private", make=a_case("case_id")),
    Address("api-clocks", "api_private", GET_POST),
    Address("api-transfers", "api_login", GET_POST),
    Address("api-transfer", "api_private", make=a_transfer),
    Address("api-confirm-transfer", "api_private", POST, make=a_transfer),
    Address("api-refuse-transfer", "api_private", POST, make=a_transfer),
    Address("api-transfer-returns", "api_private", GET_POST, make=a_transfer),
    Address("api-follow-list", "api_private", POST, make=a_list("list_id")),
    Address("api-opt-out", "api_private", ("GET", "PUT"), make=an_exit("opt_out_id", "draft")),
    Address("api-opt-out-rows", "api_private", make=an_exit("opt_out_id")),
    Address("api-opt-out-evidence", "api_private", POST, make=an_exit("opt_out_id")),
    Address("api-request-opt-out", "api_private", POST, make=an_exit("opt_out_id", "draft")),
    Address("api-answer-opt-out", "api_private", POST, make=an_exit("opt_out_id")),
    Address("api-retract-opt-out", "api_private", POST, make=an_exit("opt_out_id")),
    Address("api-withdraw-name", "api_private", POST, make=an_exit("opt_out_id")),
    Address("api-grant-opt-out", "api_private", POST, make=an_exit("opt_out_id")),
    Address("api-refuse-opt-out", "api_private", POST, make=an_exit("opt_out_id")),
    Address("api-returns", "api_private", GET_POST, make=an_exit("opt_out_id", "granted")),
    Address("api-order-return", "api_private", POST, make=an_exit("opt_out_id", "granted")),
    Address("api-contest", "api_login", POST, make=a_withdrawn),
    Address("api-counter-notices", "api_login"),
    Address("api-counter-notice", "api_private", make=a_counter("counter_id")),
    Address("api-decide-counter-notice", "api_private", POST, make=a_counter("counter_id")),
    Address("api-retract-counter-notice", "api_private", POST, make=a_counter("counter_id")),
    Address("api-note-suit", "api_private", POST, make=a_counter("counter_id")),
    Address("api-takedown-notices", "api_login"),
    Address("api-takedown-notice", "api_private", make=an_exit("public_id", "notice")),
    Address("api-takedown-notice-rows", "api_private", make=an_exit("public_id", "notice")),
    Address("api-takedown-notice-acknowledge", "api_private", POST, make=an_exit("public_id", "notice")),
    Address("api-takedown-notice-removed", "api_private", POST, make=an_exit("public_id", "notice")),
    Address("api-takedown-notice-objection", "api_private", POST, make=an_exit("public_id", "notice")),
    Address("api-takedown-notices-acknowledge", "api_login", POST),
    Address("api-takedown-notice-answers", "api_private", POST, make=an_exit("public_id", "notice")),
    Address("api-takedown-notice-observations", "api_private", GET_POST, make=an_exit("public_id", "notice")),
    Address("api-store-messages", "api_login"),
    Address("api-findings", "api_login"),
    Address("api-finding", "api_private", make=a_finding),
    Address("api-answer-finding", "api_private", POST, make=a_finding),
    Address("api-decide-finding", "api_private", POST, make=a_finding),
    # payouts
    Address("payouts:balance", "login"),
    Address("payouts:holder_balance", "private", make=money()),
    Address("payouts:ask_for_money", "private", POST, make=money()),
    Address("payouts:balance_tracks", "private", make=money("place", "currency")),
    Address("payouts:entries", "private", make=money("track_id", "right")),
    Address("payouts:accrual", "private", make=money("track_id", "right", "report_id")),
    Address("payouts:proof", "private", make=money("posting_id")),
    Address("payouts:statement", "private", make=money()),
    Address("payouts:statement_file", "private", make=money("form")),
    Address("payouts:keep_statement", "private", POST, make=money()),
    Address("payouts:kept_statement", "private", make=money("statement_id", "form")),
    Address("payouts:reservation", "private", make=a_case("claim_id", "reserved")),
    Address("payouts:payees", "private", make=money()),
    Address("payouts:new_payee", "private", GET_POST, make=money()),
    Address("payouts:confirm_payee", "private", POST, make=money("payee_id")),
    Address("payouts:end_payee", "private", POST, make=money("payee_id")),
    Address("payouts:hold", "private", POST, make=money()),
    Address("payouts:payees_waiting", "staff"),
    Address("payouts:payee", "private", make=money("payee_id", holder=False)),
    Address("payouts:tax", "private", GET_POST, make=money()),
    Address("payouts:tax_year", "private", make=money("year")),
    Address("payouts:tax_document", "private", make=money("residence_id")),
    Address("payouts:decide_tax", "private", POST, make=money("residence_id")),
    Address("payouts:payments", "private", make=money()),
    Address("payouts:batches", "staff", GET_POST),
    Address("payouts:batch", "staff", make=a_batch),
    Address("payouts:approve_batch", "staff", POST, make=a_batch),
    Address("payouts:discard_batch", "staff", POST, make=a_batch),
    Address("payouts:send_batch", "staff", POST, make=a_batch),
    Address("payouts:batch_file", "staff", make=a_batch),
    Address("payouts:runs", "staff", GET_POST),
    Address("payouts:run", "staff", make=a_run),
    Address("payouts:decide_run", "staff", POST, make=a_run),
    Address("payouts:bank_files", "staff", GET_POST),
    Address("payouts:bank_file_taken", "staff", make=a_bank_file),
    Address("payouts:enter_bank_line", "staff", POST, make=lambda: {"line_id": 1}),
    Address("payouts:reconciliation", "staff"),
    Address("payouts:explain_bank_line", "staff", POST, make=lambda: {"line_id": 1}),
    Address("payouts:store_account", "staff", make=a_store_code),
    Address("payouts:store_account_file", "staff", make=lambda: a_store_code() | {"form": "pdf"}),
    Address("payouts:unpaid_csv", "staff", make=a_store_code),
    Address("payouts:propose_write_off", "staff", POST, make=lambda: a_store_code() | {"note_number": "X-00001"}),
    Address("payouts:propose_refund", "staff", POST, make=a_store_code),
    Address("payouts:decide_refund", "staff", POST, make=books("refund_id")),
    Address("payouts:propose_plan", "staff", POST, make=a_store_code),
    Address("payouts:decide_plan", "staff", POST, make=books("plan_id")),
    Address("payouts:decide_write_off", "staff", POST, make=lambda: {"write_off_id": "WOF-00000000000"}),
    Address("payouts:screening", "staff", GET_POST),
    Address("payouts:choose_sanctions_list", "staff", POST, make=books("edition_id")),
    Address("payouts:decide_screening", "staff", POST, make=books("case_id")),
    Address("payouts:house", "staff", GET_POST),
    Address("payouts:conversions", "staff", GET_POST),
    Address("payouts:decide_conversion", "staff", POST, make=books("conversion_id")),
    Address("payouts:paid_before", "staff", GET_POST),
    Address("payouts:decide_paid_before", "staff", POST, make=lambda: {"payment_id": "PBF-00000000000"}),
    Address("payouts:paid_before_document", "private", make=lambda: {"payment_id": "PBF-00000000000"}),
    Address("payouts:closes", "staff", GET_POST),
    Address("payouts:forget_me", "login", GET_POST),
    Address("payouts:erasure_status", "public", make=an_erasure),
    Address("payouts:withdraw_erasure", "private", POST, make=an_erasure),
    Address("payouts:erasures", "staff", GET_POST),
    Address("payouts:erasure", "staff", make=an_erasure),
    Address("payouts:decide_erasure", "staff", POST, make=an_erasure),
    Address("payouts:decide_close", "staff", POST, make=lambda: {"close_id": 1}),
    Address("payouts:amounts_due", "staff"),
    Address("payouts:note", "staff", make=a_note),
    Address("payouts:note_pdf", "staff", make=a_note),
    Address("payouts:remittances", "staff", GET_POST),
    Address("api-statements", "api_private"),
    Address("api-distribution-runs", "api_private", GET_POST),
    Address("api-distribution-run", "api_private", make=a_run),
    Address("api-approve-run", "api_private", POST, make=a_run),
    Address("api-kept-statements", "api_private", GET_POST),
    Address("api-kept-statement", "api_private", make=money("statement_id", "form", holder=False)),
    Address("api-balances", "api_private"),
    Address("api-money-requests", "api_login", POST),
    Address("api-amounts-due", "api_private"),
    Address("api-amount-due", "api_private", make=a_note),
    Address("api-payees", "api_private"),
    Address("api-payments", "api_private"),
    Address("api-payout-batches", "api_private", GET_POST),
    Address("api-approve-batch", "api_private", POST, make=a_batch),
    Address("api-bank-files", "api_private", POST),
    Address("api-remittances", "api_private", GET_POST),
    Address("api-instalment-plans", "api_private", GET_POST),
    Address("api-instalment-plan", "api_private", make=books("plan_id")),
    Address("api-decide-plan", "api_private", POST, make=books("plan_id")),
    Address("api-end-plan", "api_private", POST, make=books("plan_id")),
    Address("api-refunds", "api_private", GET_POST),
    Address("api-refund", "api_private", make=books("refund_id")),
    Address("api-decide-refund", "api_private", POST, make=books("refund_id")),
    Address("api-bank-lines", "api_private"),
    Address("api-open-entries", "api_private"),
    Address("api-bank-line", "api_private", make=books("file_id", "number")),
    Address("api-explain-bank-line", "api_private", POST, make=books("file_id", "number")),
    Address("api-enter-bank-line", "api_private", POST, make=books("file_id", "number")),
    Address("api-pass-bank-line", "api_private", POST, make=books("file_id", "number")),
    Address("api-sanctions-lists", "api_private", GET_POST),
    Address("api-sanctions-list", "api_private", make=books("edition_id")),
    Address("api-choose-sanctions-list", "api_private", POST, make=books("edition_id")),
    Address("api-screening-cases", "api_private"),
    Address("api-screening-case", "api_private", make=books("case_id")),
    Address("api-decide-screening", "api_private", POST, make=books("case_id")),
    Address("api-open-exchanges", "api_private"),
    Address("api-conversions", "api_private", GET_POST),
    Address("api-conversion", "api_private", make=books("conversion_id")),
    Address("api-decide-conversion", "api_private", POST, make=books("conversion_id")),
    Address("api-house-bookings", "api_private", GET_POST),
    Address("api-house-booking", "api_private", make=books("booking_id")),
    # ledger
    Address("ledger:check", "public"),
    Address("ledger:latest_checkpoint", "public", make=a_checkpoint()),
    Address("ledger:checkpoint", "public", make=a_checkpoint("size")),
    Address("ledger:consistency", "public", make=a_checkpoint("first", "second")),
    Address("ledger:day", "public", make=a_checkpoint("day")),
]
