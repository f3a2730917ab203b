"""The public page checks proofs with the browser's own cryptography, and says which check failed."""

import copy
import json
import secrets

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOBODYS_ITEM, NOBODYS_LOT = "track:900000001:work", 900_000_001
"""Money of no track and no report, as the system of the tests is used by others after us."""
NO_CRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })"


@pytest.fixture
def log(system, settings):
    """The sizes of two checkpoints, the first of them as its text, and the proof of a posting under the second."""

    settings.ROMS_ORIGIN = system.url.replace("127.0.0.1", "localhost")  # the log is named after it

    def make():
        from django.utils import timezone

        from ledger import selectors, services
        from ledger.models import Posting
        from ledger.proofs import prove_posting
        from ledger.publishing import signer
        from tests.ledger.lines import sale

        def post(key):
            lines = sale(item=NOBODYS_ITEM, lot=NOBODYS_LOT)
            services.post_entry(kind="accrual", idempotency_key=key, event_at=timezone.now(), postings=lines)

        checkpoints = []
        for _ in range(2):
            for _ in range(3):
                post(f"proof-{secrets.token_hex(6)}")
            services.sequence_log()
            services.sign_checkpoint(signer=signer(), publish=lambda name, text: None, now=timezone.now())
            checkpoints.append(selectors.checkpoints().first())
        newest = Posting.objects.order_by("-pk").values_list("pk", flat=True)[0]
        first, second = checkpoints
        return first.size, second.size, first.note, json.loads(prove_posting(newest).as_json(signer().vkey))

    return system.run(make)


def other(step):
    """The same hash with its first digit changed."""
    return f"{'0' if step[0] != '0' else '1'}{step[1:]}"


def answer(page, proof):
    """Check a proof that was pasted; give what the page says."""
    page.goto("/ledger/")
    page.fill("#proof-text", json.dumps(proof))
    page.click("#check-proof button")
    page.wait_for_selector("#proof-answer:not([hidden])")
    return page.inner_text("#proof-answer")


def test_a_true_proof_holds_and_a_forged_one_is_told_by_the_check_that_failed(page, log):
    first, second, note, proof = log
    page.goto("/ledger/")
    continued = page.evaluate(f"fetch('/ledger/consistency/{first}/{second}').then((reply) => reply.json())")
    amount, path, signature, history = (copy.deepcopy(each) for each in (proof, proof, proof, continued))
    amount["posting"]["text"] += "1"
    path["log"]["path"][0] = other(path["log"]["path"][0])
    signature["checkpoint"] = note
    history["path"][0] = other(history["path"][0])

    assert "The proof holds" in answer(page, proof)
    assert f"{second} entries continues that of {first}" in answer(page, continued)
    for forged in (amount, path, signature):
        assert "The posting is not under the signed root" in answer(page, forged)
    assert "does not continue the earlier one" in answer(page, history)
    assert "not a whole proof" in answer(page, {"format": "of another log"})
    changed = json.loads(json.dumps(continued))
    changed["second"] = changed["second"].replace(f"\n{second}\n", f"\n{second + 1}\n")
    assert "signature of its checkpoint is wrong" in answer(page, changed)


def test_a_checkpoint_kept_is_continued_by_the_newest_and_a_strange_one_is_told(page, log):
    first, _second, note, _proof = log
    page.goto("/ledger/")

    page.fill("#kept", note)
    page.click("#check-kept button")
    page.wait_for_selector(f"#proof-answer:has-text('entries continues that of {first}')")
    page.fill("#kept", note.replace(f"\n{first}\n", "\n999999999\n"))
    page.click("#check-kept button")
    page.wait_for_selector("#proof-answer:has-text('shows no checkpoint of that size')")


def test_without_cryptography_the_page_gives_the_command(page, log):
    page.add_init_script(NO_CRYPTO)
    page.goto("/ledger/")

    assert page.is_visible("#proof-unable")
    assert not page.is_visible("#check-proof")
    assert not page.is_visible("#check-kept")
    assert "python3 verify.py" in page.inner_text("main")
