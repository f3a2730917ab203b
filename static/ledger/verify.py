#!/usr/bin/env python3
"""Check a proof of the ROMS ledger on your own machine: python3 verify.py PROOF.json [CHECKPOINT.txt] [--key VKEY]

Needs Python 3.8 and nothing else: no installation, no network, no trust in the portal that gave you this file. Read it;
it takes five minutes. It answers 0 and says what holds, or answers 1 and says what does not.

PROOF.json is either
  a posting proof      ("roms-proof-1"): one posting of the ledger is under the signed checkpoint inside the file;
  a consistency proof  ("roms-consistency-1"): the second checkpoint continues the first, nothing before was changed.
CHECKPOINT.txt is a checkpoint you kept, or got from somebody else: it must be the one in the proof.
--key VKEY is the log's public key as you know it from elsewhere; without it the key inside the file is believed.

What this cannot prove: that a store reported all it sold, that the posting's amount is right, or that the portal shows
everybody the same log; for the last compare checkpoints with other people, or with the second place they are kept in.
"""

import base64
import hashlib
import json
import sys


# 1. The tree (RFC 6962): leaves and nodes are hashed with different first bytes, so neither passes for the other.
def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_leaf(leaf, index, size, path):
    """Climb from a leaf to the root (RFC 9162, 2.1.3.2)."""
    check(0 <= index < size, "the position is outside the tree")
    node, last, root = index, size - 1, leaf
    for sibling in path:
        check(last > 0, "the path is too long")
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        node, last = node >> 1, last >> 1
    check(last == 0, "the path is too short")
    return root


def continues(first, second, first_root, second_root, path):
    """Say whether the tree of size `second` is the tree of size `first` with leaves added (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not path and first_root == second_root
    steps = list(path) if first & (first - 1) else [first_root, *path]
    if not 0 < first < second or not steps:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and (old, new) == (first_root, second_root)


# 2. The signature: Ed25519 (RFC 8032, 5.1), written out because Python brings none. Slow, short, only for checking.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    check((x * x - square) % P == 0 and not (x == 0 and sign), "the signature or key is no point of the curve")
    return P - x if x & 1 != sign else x


def point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    check(y < P, "the signature or key is no point of the curve")
    x = recover_x(y, sign)
    return (x, y, 1, x * y % P)


def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(factor, one):
    result = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = add(result, one)
        one, factor = add(one, one), factor >> 1
    return result


def signature_holds(key, signature, message):
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or len(key) != 32 or scalar >= L:
        return False
    base = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)
    digest = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(scalar, base), add(point(signature[:32]), times(digest, point(key)))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# 3. The checkpoint: name, size and root, signed (C2SP tlog-checkpoint and signed-note).
def read_checkpoint(note, vkey):
    """Return size and root of a checkpoint signed by this key."""
    name, key_hash, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded)
    text, _, signatures = note.partition("\n\n")
    lines = [line for line in signatures.splitlines() if line.startswith("\u2014 " + name + " ")]
    check(lines, "the checkpoint is not signed by this key")
    signature = base64.b64decode(lines[0].rsplit(" ", 1)[1])
    expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    check(signature[:4] == expected and expected.hex() == key_hash, "the checkpoint is signed by another key")
    check(key[:1] == b"\x01", "the key is no Ed25519 key")
    check(signature_holds(key[1:], signature[4:], (text + "\n").encode()), "the signature is wrong")
    origin, size, root = text.split("\n")
    check(origin == name, "the checkpoint is of another log")
    return int(size), base64.b64decode(root)


# 4. The two kinds of proof.
def posting(proof, vkey):
    """A posting and its salt make a commitment; commitments lead to the entry; entries lead to the signed root."""
    entry, log = proof["entry"], proof["log"]
    text = proof["posting"]["text"].encode()
    commitment = leaf_hash(bytes.fromhex(proof["posting"]["salt"]) + text)
    entry_root = root_from_leaf(commitment, entry["index"], entry["postings"], from_hex(entry["path"]))
    header = entry["header"].encode()
    root = root_from_leaf(leaf_hash(header + entry_root), log["position"], log["size"], from_hex(log["path"]))
    size, signed_root = read_checkpoint(proof["checkpoint"], vkey)
    check((size, signed_root) == (log["size"], root), "the posting is not under the signed root")
    _, number, address, currency, lot, debit, credit = text.decode().rstrip("\n").split("\n")
    _, _, kind, _, _, event_at, created_at, _, _ = entry["header"].rstrip("\n").split("\n")
    return (
        f"Posting {number}: {address}, {currency}, debit {debit}, credit {credit}, lot {lot or 'none'}\n"
        f"of an entry of kind {kind}, dated {event_at}, written {created_at},\n"
        f"is number {log['position'] + 1} of the {size} entries under the signed checkpoint."
    )


def consistency(proof, vkey):
    """The later checkpoint's tree is the earlier one's with leaves added at its end."""
    first, first_root = read_checkpoint(proof["first"], vkey)
    second, second_root = read_checkpoint(proof["second"], vkey)
    check(continues(first, second, first_root, second_root, from_hex(proof["path"])), "the log was rewritten")
    return f"The log of {second} entries continues the log of {first}: nothing before was changed or taken away."


def from_hex(path):
    return [bytes.fromhex(step) for step in path]


class DoesNotHold(Exception):
    pass


def check(condition, fault):
    if not condition:
        raise DoesNotHold(fault)


def main(words):
    known = None
    if "--key" in words[:-1]:
        place = words.index("--key")
        known = words[place + 1]
        del words[place : place + 2]
    files = words
    if not 1 <= len(files) <= 2 or "--key" in files:
        print(__doc__)
        return 2
    try:
        with open(files[0], encoding="utf-8") as file:
            proof = json.load(file)
        check(known in (None, proof["key"]), "the proof is signed by another key than the one you know")
        kinds = {"roms-proof-1": posting, "roms-consistency-1": consistency}
        check(proof.get("format") in kinds, "this is no proof of the ledger")
        found = kinds[proof["format"]](proof, proof["key"])
        if files[1:]:
            with open(files[1], encoding="utf-8") as file:
                kept = file.read()
            check(kept in (proof.get("checkpoint"), proof.get("first"), proof.get("second")), "not your checkpoint")
    except (DoesNotHold, KeyError, ValueError, TypeError, AttributeError) as fault:
        print(f"DOES NOT HOLD: {fault}")
        return 1
    print(f"HOLDS\n{found}\nSigned by {proof['key']}" + ("" if known else "\n(the key inside the file, believed)"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
