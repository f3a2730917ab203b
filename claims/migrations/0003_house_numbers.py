"""The numbers the house starts with: staff replace them by dated rows of their own, never here."""

from datetime import date

from django.db import migrations
from django.utils import timezone

START = date(2005, 1, 1)
WHY = "Assumption of the portal, to be replaced by the society's own number."
SOURCE = "Assumption of the portal, 2026, to be replaced by a rule of the society"
SUMS = {
    "light_money": {"EUR": "10", "RUB": "500", "USD": "10"},
    "full_money": {"EUR": "1000", "RUB": "50000", "USD": "1000"},
    "second_money": {"EUR": "1000", "RUB": "50000", "USD": "1000"},
    "queue_money": {"EUR": "1.2", "RUB": "0.025", "USD": "1"},
}
NUMBERS = {
    "light_points": 30,
    "full_points": 80,
    "velocity_days": 7,
    "velocity_claims": 20,
    "name_percent": 60,
    "sample_size": 5,
    "sample_percent": 10,
    "batch_size": 200,
    "lease_minutes": 30,
    "weight_identity": 40,
    "weight_identifier": 10,
    "weight_duplicate": 10,
    "weight_shares": 30,
    "weight_overlap": 30,
    "weight_withdrawn": 20,
    "weight_value": 20,
    "weight_evidence": 10,
    "weight_scope": 20,
    "weight_authority": 60,
    "weight_velocity": 20,
    "weight_bank_account": 20,
    "weight_name_distance": 30,
    "weight_fraud": 100,
    "weight_ownership": 60,
    "weight_partial": 20,
    "weight_disputed": 30,
    "weight_already_out": 10,
    "weight_rows": 10,
}
CHALLENGE_DAYS = 30
CORRECTION_LIMITS = {"EUR": 100, "RUB": 10000, "USD": 100}
CLOCKS = {
    "claim_decision": (14, 0),
    "claim_answer": (21, 7),
    "opt_out_decision": (10, 0),
    "opt_out_answer": (14, 5),
    "appeal_decision": (14, 0),
}
EVIDENCE = [
    ("contract", "Contract or licence", "Договор или лицензия", True, 10),
    ("registration", "Registration or society statement", "Регистрация или справка общества", True, 20),
    ("chain_of_title", "Chain of title", "Цепочка прав", True, 30),
    ("inheritance", "Certificate of inheritance", "Свидетельство о праве на наследство", True, 40),
    ("identity", "Identity document", "Документ, удостоверяющий личность", False, 50),
    ("company", "Extract from a company register", "Выписка из реестра компаний", False, 60),
    ("authority", "Letter of authority", "Доверенность", False, 70),
    ("other", "Other", "Другое", False, 90),
]


def set_numbers(apps, schema_editor):
    """This will set the first numbers of the review and, above which money, a correction needs a second person."""
    rule, now = apps.get_model("claims", "HouseRule"), timezone.now()
    rows = [(code, currency, value, WHY) for code, sums in SUMS.items() for currency, value in sums.items()]
    rows += [(code, "", value, WHY) for code, value in NUMBERS.items()]
    rows += [("challenge_days", "", CHALLENGE_DAYS, SOURCE)]
    rule.objects.bulk_create(
        rule(code=code, currency=currency, value=str(value), start=START, why=why, set_at=now)
        for code, currency, value, why in rows
    )
    limit = apps.get_model("claims", "SecondPersonLimit")
    limit.objects.bulk_create(
        limit(currency=currency, amount=amount, source="Assumption of the portal, 2026")
        for currency, amount in CORRECTION_LIMITS.items()
    )


def set_clocks(apps, schema_editor):
    """This will set the first clocks of the house."""
    house = apps.get_model("claims", "ClockSet").objects.create(
        code="house", name="House rules", basis="house", source=SOURCE
    )
    clock = apps.get_model("claims", "Clock")
    for purpose, (days, remind) in CLOCKS.items():
        clock.objects.create(of=house, purpose=purpose, days=days, remind_days=remind, start=START)


def set_evidence_kinds(apps, schema_editor):
    """The kinds known so far; further ones are rows, not code."""
    kind = apps.get_model("claims", "EvidenceKind")
    kind.objects.bulk_create(
        kind(code=code, name=name, name_ru=name_ru, proves_title=proves_title, position=position)
        for code, name, name_ru, proves_title, position in EVIDENCE
    )


class Migration(migrations.Migration):
    replaces = [("claims", "0003_correction"), ("claims", "0011_vault")]

    dependencies = [("claims", "0002_rules")]

    operations = [
        migrations.RunPython(set_numbers, migrations.RunPython.noop),
        migrations.RunPython(set_clocks, migrations.RunPython.noop),
        migrations.RunPython(set_evidence_kinds, migrations.RunPython.noop),
    ]
