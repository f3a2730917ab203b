"""One builder per noun, minimal and valid; a test states only what matters to it.

Each builder takes what matters as keywords and makes up the rest.
"""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

_numbers = count(1)


# catalog ---------------------------------------------------------------------------------------------------------
def a_holder(name: str = "", *, owner: Any = None, reader: Any = None, status: str = "verified", **fields: Any) -> Any:
    """A verified holder; `owner` and `reader` become its members."""
    from catalog.models import HolderMember, RightsHolder
    from catalog.names import artist_key

    name = name or f"Holder {next(_numbers)}"
    fields = {"kind": "company", "country": "RU", "created_by": owner} | fields
    holder = RightsHolder.objects.create(name=name, name_key=artist_key(name), status=status, **fields)
    for user, role in ((owner, "owner"), (reader, "reader")):
        if user is not None:
            HolderMember.objects.create(holder=holder, user=user, role=role)
    return holder


def a_track(title: str = "", artist: str = "Kino", *, isrc: str = "", **fields: Any) -> Any:
    """A track with at most one ISRC, as an import would have written it."""
    from catalog import services
    from catalog.models import Track

    title = title or f"Track {next(_numbers)}"
    new = services.NewTrack(title=title, artist=artist, isrcs=(isrc,) if isrc else (), **fields)
    return Track.objects.get(pk=services.add_tracks(tracks=[new])[0])


def a_release(title: str = "", *tracks: Any, artist: str = "Kino", **fields: Any) -> Any:
    """A release with these tracks on it, in this order."""
    from catalog.models import Release, ReleaseTrack
    from catalog.names import name_key

    title = title or f"Release {next(_numbers)}"
    release = Release.objects.create(title=title, artist=artist, name_key=name_key(title, artist)[:500], **fields)
    ReleaseTrack.objects.bulk_create(
        [ReleaseTrack(release=release, track=track, sequence=place) for place, track in enumerate(tracks, 1)]
    )
    return release


def a_work(title: str = "", *tracks: Any, percent: Decimal | int = 100, **fields: Any) -> Any:
    """A work that these tracks play, each for `percent` of it."""
    from catalog.models import TrackWork, Work
    from catalog.names import title_key

    title = title or f"Work {next(_numbers)}"
    work = Work.objects.create(title=title, name_key=title_key(title), **fields)
    TrackWork.objects.bulk_create([TrackWork(track=track, work=work, percent=percent) for track in tracks])
    return work


def a_share(
    subject: Any,
    holder: Any = None,
    percent: Decimal | int | str = 100,
    *,
    right: str = "",
    territories: Any = None,
    start: date | None = None,
    end: date | None = None,
    **fields: Any,
) -> Any:
    """A share of a track (the phonogram unless said) or of a work, worldwide and for ever unless said."""
    from catalog.models import RightsShare, Work
    from catalog.territories import worldwide

    of_work = isinstance(subject, Work)
    fields = {"source": "test", "work" if of_work else "track": subject} | fields
    return RightsShare.objects.create(
        holder=holder or a_holder(),
        right=right or ("work" if of_work else "phonogram"),
        percent=percent,
        territories=territories or worldwide(),
        start=start,
        end=end,
        **fields,
    )


def the_world() -> Any:
    """The territory set of everywhere."""
    from catalog.territories import worldwide

    return worldwide()


def a_withdrawal(
    subject: Any = None, holder: Any = None, *, right: str = "", start: date = date(2007, 7, 1), **fields: Any
) -> Any:
    """A withdrawal of a track (its phonogram unless said) or of a work from all stores of the world."""
    from catalog.models import Withdrawal, Work
    from catalog.territories import worldwide

    subject = subject or a_track()
    of_work = isinstance(subject, Work)
    fields = {"basis": "owner_opt_out", "source": "test", "territories": worldwide()} | fields
    return Withdrawal.objects.create(
        holder=holder or a_holder(),
        right=right or ("work" if of_work else "phonogram"),
        start=start,
        **{"work" if of_work else "track": subject},
        **fields,
    )


def a_catalogue_import(content: str = "Title,Artist\nSong,Kino\n", *, name: str = "tracks.csv", by: Any = None) -> Any:
    """A catalogue file received and read."""
    from io import BytesIO

    from django.utils import timezone

    from catalog import services

    files = [(name, BytesIO(content.encode()))]
    return services.import_catalogue(files=files, by=by, now=timezone.now())[0].batch


# sales -----------------------------------------------------------------------------------------------------------
def a_licensee(
    code: str = "",
    *,
    member: Any = None,
    start: date = date(2005, 1, 1),
    rate: Decimal | str = "0.15",
    base: str = "consumer_price_ex_tax",
    fallbacks: tuple[str, ...] = ("net_revenue",),
    split: tuple[int, int, int] = (50, 20, 30),
    territories: Any = None,
    **tariff: Any,
) -> Any:
    """A store with a licence for the whole world and a tariff of 15 %, split phonogram, performance, work 50/20/30."""
    from catalog.territories import worldwide
    from sales.models import License, Licensee, LicenseeMember, Tariff, TariffSplit

    code = code or f"store-{next(_numbers)}"
    licensee = Licensee.objects.create(code=code, name=code.title())
    agreement = License.objects.create(licensee=licensee, territories=territories or worldwide(), start=start)
    terms = {"rate": Decimal(rate), "base": base, "fallbacks": list(fallbacks), "start": start} | tariff
    made = Tariff.objects.create(license=agreement, **terms)
    for right, percent in zip(("phonogram", "performance", "work"), split, strict=True):
        TariffSplit.objects.create(tariff=made, right=right, percent=percent, is_assumption=True)
    if member is not None:
        LicenseeMember.objects.create(licensee=licensee, user=member)
    return licensee


def flat_lines(*lines: dict[str, Any], month: str = "2006-10") -> bytes:
    """A flat report as a store would send it: a line per dict, 1 download in the US for 0.10 USD unless it says so."""
    usual = {"UsagePeriod": month, "Territory": "US", "Usages": 1, "PriceConsumerPaidExcSalesTax": "0.10"}
    usual |= {"Currency": "USD"}
    columns = list(dict.fromkeys(["UsagePeriod", "DspResourceId", "ISRC", "Title", "DisplayArtistName", *usual]))
    columns = list(dict.fromkeys([*columns, *(name for line in lines for name in line)]))
    rows = [columns, *([str((usual | line).get(name, "")) for name in columns] for line in lines)]
    return ("\n".join("\t".join(row) for row in rows) + "\n").encode()


def a_report(licensee: Any = None, content: bytes | None = None, *, name: str = "report.tsv", by: Any = None) -> Any:
    """A report a store sent, taken as far as it goes: posted, unless its content forbids."""
    import io

    from django.utils import timezone

    from sales import services

    licensee = licensee or a_licensee()
    content = flat_lines({"DspResourceId": f"T{next(_numbers)}", "Title": "Song"}) if content is None else content
    receipt = services.receive_report(
        licensee=licensee, stream=io.BytesIO(content), name=name, by=by, now=timezone.now()
    )
    services.process_report(report_id=receipt.report.pk, worker="test", now=timezone.now())
    receipt.report.refresh_from_db()
    return receipt.report


def a_sale(track: Any = None, *, units: int = 1, price: str = "0.10", licensee: Any = None, **line: Any) -> Any:
    """One posted Sale of a track, through the front door: a report with one line about it."""
    from sales.models import Sale

    track = track or a_track()
    sold = {"DspResourceId": f"T{next(_numbers)}", "Title": track.title, "DisplayArtistName": track.artist}
    isrc = track.isrcs.values_list("isrc", flat=True).first() or ""
    sold |= {"ISRC": isrc, "Usages": units, "PriceConsumerPaidExcSalesTax": price}
    report = a_report(licensee, flat_lines(sold | line))
    return Sale.objects.get(report=report)


# claims: opt-outs and notices ---------------------------------------------------------------------------------------
def a_store(name: str = "", *, member: Any = None, webhook_url: str = "", secret: str = "", **fields: Any) -> Any:
    """A licensee; `member` acts for it, `secret` signs its webhook."""
    from django.utils import timezone

    from claims.models import Webhook
    from core import vault
    from sales.models import Licensee, LicenseeMember

    number = next(_numbers)
    name = name or f"Store {number}"
    store = Licensee.objects.create(name=name, code=f"store-{number}", **fields)
    if webhook_url:
        hook = Webhook.objects.create(licensee=store, url=webhook_url)
        hook.secrets.create(sealed=vault.encrypt(f"licensee:{store.pk}", secret.encode()), created_at=timezone.now())
    if member is not None:
        LicenseeMember.objects.create(licensee=store, user=member)
    return store


def a_store_key(track: Any, store: Any, key: str = "", *, url: str = "", now: Any = None) -> Any:
    """How a store names a track."""
    from django.utils import timezone

    from sales.models import StoreKey

    return StoreKey.objects.create(
        licensee=store,
        kind="track",
        key=key or str(next(_numbers)),
        url=url,
        title=track.title,
        artist=track.artist,
        name_key=track.name_key,
        track=track,
        first_seen_at=now or timezone.now(),
    )


def an_opt_out(
    by: Any, holder: Any, *tracks: Any, text: str = "", sent: bool = True, now: Any = None, **terms: Any
) -> Any:
    """An opt-out of these tracks (or of a typed list) from all stores, signed and sent unless `sent=False`."""
    from django.utils import timezone

    from catalog.territories import worldwide
    from claims import services
    from claims.formats.pasted_list import read_list

    now = now or timezone.now()
    rows = read_list(text or "\n".join(track.public_id for track in tracks), rows_max=5000)
    terms = {"rights": ["phonogram"], "territories": worldwide()} | terms
    opt_out = services.draft_opt_out(holder=holder, terms=services.OptOutTerms(**terms), rows=rows, by=by, now=now)
    return send_opt_out(opt_out, by, now=now) if sent else opt_out


def send_opt_out(opt_out: Any, by: Any, *, now: Any = None, **changed: Any) -> Any:
    """Sign and send a draft with every field that any ground needs."""
    from django.utils import timezone

    from claims import services
    from claims.models import OptOut

    sworn = {
        "contact": {"name": "Alice", "email": "alice@example.org", "address": "1 Example Street", "phone": "+7 000"},
        "confirmed": OptOut.Element.values,
        "signature": "Alice",
        "explanation": "No licence was ever given for these tracks.",
    } | changed
    return services.request_opt_out(opt_out=opt_out, sworn=services.Sworn(**sworn), by=by, now=now or timezone.now())


def in_register(opt_out: Any = None, *, now: Any = None) -> Any:
    """What happened so far stands in the register; returns the entry of an opt-out, if one is named."""
    from django.utils import timezone

    from register import services
    from register.models import Entry

    services.read_on(now=now or timezone.now())
    return Entry.objects.get(kind="opt_out", opt_out=opt_out) if opt_out is not None else None


def an_authority(principal: Any, agent: Any, **fields: Any) -> Any:
    """A paper by which `agent` collects and takes down everything for `principal`."""
    from catalog.models import Authority
    from catalog.rights import Right
    from catalog.territories import worldwide

    usual = {"purposes": ["collect", "take_down"], "rights": list(Right.values), "territories": worldwide()}
    return Authority.objects.create(principal=principal, agent=agent, **usual | fields)


def a_rule(code: str, value: Decimal | int | str, currency: str = "") -> Any:
    """A number of the house that holds from long ago on, whatever was set before."""
    from django.utils import timezone

    from claims.models import HouseRule

    number = {"value": Decimal(value), "start": date(2005, 1, 1), "why": "Test.", "set_at": timezone.now()}
    return HouseRule.objects.create(code=code, currency=currency, **number)


# claims: claims -----------------------------------------------------------------------------------------------------
def a_watch(
    name: str = "Kino", kind: str = "artist", *, address: str = "ivan@example.org", confirmed: bool = True
) -> Any:
    """This will make somebody watch a name by mail, asked and confirmed now."""
    from django.conf import settings
    from django.utils import timezone

    from claims import services
    from claims.models import NameWatch

    asked = {"kind": kind, "name": name, "address": address, "language": "en", "secret": settings.SECRET_KEY}
    services.ask_watch(**asked, now=timezone.now())
    watch = NameWatch.objects.latest("pk")
    if confirmed:
        services.confirm_watch(watch=watch, now=timezone.now())
    return watch


def a_claim(by: Any, holder: Any, *tracks: Any, filed: bool = True, now: Any = None, **terms: Any) -> Any:
    """A claim to all of the master of these tracks, everywhere and always; signed and filed unless `filed=False`."""
    from django.utils import timezone

    from catalog.territories import worldwide
    from claims import services

    now = now or timezone.now()
    terms = {"percents": {"owns_master": Decimal(100)}, "territories": worldwide()} | terms
    claim = services.create_draft(
        holder=holder,
        track_ids=[track.pk for track in tracks or [a_track()]],
        terms=services.Terms(**terms),
        by=by,
        now=now,
    )
    if not filed:
        return claim
    return services.file_claim(claim=claim, signature="Alice Example", language="en", by=by, now=now)


def a_reviewed_claim(by: Any, holder: Any, *tracks: Any, reviewer: Any, now: Any = None, **terms: Any) -> Any:
    """A claim taken under review by `reviewer`."""
    from django.utils import timezone

    from claims import services

    now = now or timezone.now()
    return services.start_review(claim=a_claim(by, holder, *tracks, now=now, **terms), by=reviewer, now=now)


def an_awarded_claim(by: Any, holder: Any, *tracks: Any, reviewer: Any, now: Any = None, **terms: Any) -> Any:
    """A claim approved as filed, its award posted."""
    from django.utils import timezone

    from claims import services

    now = now or timezone.now()
    claim = a_reviewed_claim(by, holder, *tracks, reviewer=reviewer, now=now, **terms)
    claim = services.approve_claim(claim=claim, by=reviewer, now=now)
    claim.refresh_from_db()
    return claim


def a_decided_dispute(dispute: Any, percents: Any, *judges: Any, now: Any = None, reason: str = "By contract.") -> Any:
    """A dispute that two reviewers decide alike; a colleague of the cast is made where only one is given."""
    from django.utils import timezone

    from accounts.models import User
    from claims import services

    judges = judges if len(judges) > 1 else (*judges, a_colleague())
    assert all(isinstance(judge, User) for judge in judges)
    for judge in judges:
        dispute = services.decide_dispute(
            dispute=dispute, percents=percents, by=judge, now=now or timezone.now(), reason=reason
        )
    return dispute


def a_colleague(name: str = "", role: str = "reviewer") -> Any:
    """Another reviewer than Rita."""
    from accounts.models import User

    address = f"{name or f'reviewer{next(_numbers)}'}@example.org"
    return User.objects.create_user(address, "correct horse", display_name=name.title() or address, role=role)


def an_objection(by: Any, holder: Any, claim: Any, *, now: Any = None, words: str = "These works are mine.") -> Any:
    """An objection of another holder, with a document, to an approved claim."""
    from django.utils import timezone

    from claims import services

    now = now or timezone.now()
    document = services.add_evidence(
        holder=holder, name="contract.txt", content=b"This is a contract.", kind="contract", by=by, now=now
    )
    return services.file_objection(
        window=claim.challenge, holder=holder, words=words, documents=[document], by=by, now=now
    )


def a_list(
    by: Any, holder: Any, content: bytes | str, *, purpose: str = "claim", name: str = "list.csv", **terms: Any
) -> Any:
    """A list of repertoire received as a file, read and looked up, as it is now."""
    from io import BytesIO

    from django.utils import timezone

    from claims import services

    terms = {"rights": ["phonogram"]} | terms
    data = content if isinstance(content, bytes) else content.encode()
    found = services.receive_list(
        terms=services.ListTerms(holder=holder, purpose=purpose, **terms),
        file=BytesIO(data),
        name=name,
        by=by,
        now=timezone.now(),
    )
    found.refresh_from_db()
    return found


# payouts ----------------------------------------------------------------------------------------------------------
def an_account(scheme: str = "iban", **fields: Any) -> Any:
    """A bank account of one of the kinds, right in every digit."""
    from payouts.formats.account import read_account

    known = {
        "iban": {"account": "DE89 3704 0044 0532 0130 00", "bank": "COBADEFFXXX"},
        "ru": {"account": "40702810938000000001", "bank": "044525225", "correspondent": "30101810400000000225"},
        "us": {"account": "000123456789", "bank": "021000021"},
        "gb": {"account": "12345678", "bank": "12-34-56"},
        "other": {"account": "0123456789", "bank": "BOTKJPJT", "intermediary": "CHASUS33"},
    }
    return read_account(**{"scheme": scheme, "name": "Alice Example", **known[scheme], **fields})


def a_payee(holder: Any, *, by: Any, second: Any, currency: str = "EUR", now: Any = None, scheme: str = "iban") -> Any:
    """A holder's bank account, proposed by one person and confirmed by another; its waiting period is not over."""
    from django.utils import timezone

    from payouts import services

    now = now or timezone.now()
    own = {"ru": "RUB", "us": "USD", "gb": "GBP"}
    account = an_account(scheme)
    payee = services.propose_payee(holder=holder, account=account, currency=own.get(scheme, currency), by=by, now=now)
    return services.confirm_payee(payee=payee, by=second, now=now)
