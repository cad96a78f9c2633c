"""The signature is what any receiver can compute for itself, and nothing else passes."""

import random
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.senders.signature import sign, verify

SECRET, BODY, NOW = "a shared secret", b'{"page":"p1"}', 1_700_000_000
MUTATIONS = 10_000


def test_openssl_computes_the_same_signature() -> None:
    command = ["openssl", "dgst", "-sha256", "-hmac", SECRET]
    printed = subprocess.run(command, input=f"{NOW}.".encode() + BODY, capture_output=True, check=True).stdout
    assert sign(SECRET, BODY, NOW) == f"t={NOW},v1={printed.split()[-1].decode()}"


@given(st.binary(), st.text(st.characters(codec="utf-8")), st.integers(0, 10**11))
def test_what_is_signed_verifies(body: bytes, secret: str, at: int) -> None:
    assert verify(secret, body, sign(secret, body, at), at)


@pytest.mark.parametrize(
    ("secret", "body", "header", "now"),
    [
        ("another secret", BODY, sign(SECRET, BODY, NOW), NOW),
        (SECRET, BODY + b" ", sign(SECRET, BODY, NOW), NOW),
        (SECRET, BODY, sign(SECRET, BODY, NOW).replace(f"t={NOW}", f"t={NOW + 1}"), NOW),
        (SECRET, BODY, sign(SECRET, BODY, NOW), NOW + 301),
        (SECRET, BODY, sign(SECRET, BODY, NOW), NOW - 301),
        (SECRET, BODY, sign(SECRET, BODY, NOW) + f",t={NOW}", NOW),
        (SECRET, BODY, "", NOW),
        (SECRET, BODY, f"t={NOW}", NOW),
        (SECRET, BODY, "t=now,v1=00", NOW),
        (SECRET, BODY, f"t={'9' * 400},v1=00", NOW),
        (SECRET, BODY, f"t={NOW},v1=é", NOW),
    ],
)
def test_anything_else_does_not(secret: str, body: bytes, header: str, now: float) -> None:
    assert not verify(secret, body, header, now)


def test_every_changed_request_is_refused() -> None:
    luck, good = random.Random(11), sign(SECRET, BODY, NOW)
    time, signature = good.split(",v1=")
    for _ in range(MUTATIONS):
        match luck.randrange(3):
            case 0:
                at = luck.randrange(len(BODY))
                byte = bytes([BODY[at] ^ 1 << luck.randrange(8)])
                assert not verify(SECRET, BODY[:at] + byte + BODY[at + luck.randrange(2) :], good, NOW)
            case 1:
                at, other = luck.randrange(len(signature)), luck.choice("0123456789abcdefg ")
                changed = signature[:at] + other + signature[at + luck.randrange(2) :]
                assert changed == signature or not verify(SECRET, BODY, f"{time},v1={changed}", NOW)
            case 2:
                later = NOW + luck.choice((-1, 1)) * luck.randrange(1, 10**6)
                assert not verify(SECRET, BODY, f"t={later},v1={signature}", luck.choice((NOW, later)))


def test_while_a_secret_changes_either_signature_is_enough() -> None:
    old, new = sign("old", BODY, NOW), sign("new", BODY, NOW)
    both = f"{old},{new.split(',')[1]}"
    assert verify("old", BODY, both, NOW)
    assert verify("new", BODY, both, NOW)
