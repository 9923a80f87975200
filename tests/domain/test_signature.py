"""Signatures of webhooks: only what was signed with a live secret, lately, is believed."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import signature

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret, of thirty-two by").decode()
NOW = 1_700_000_000


def verify(
    secrets: tuple[str, ...] = (SECRET,),
    *,
    message_id: str = "msg_1",
    timestamp: str = str(NOW),
    body: bytes = b'{"a":1}',
    signed: str | None = None,
    real_now: float = NOW,
) -> bool:
    given_signature = signed or signature.sign(SECRET, message_id="msg_1", timestamp=NOW, body=b'{"a":1}')
    return signature.verify(
        secrets,
        message_id=message_id,
        timestamp=timestamp,
        signature=given_signature,
        body=body,
        real_now=real_now,
    )


def test_example_of_the_specification_is_verified() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signature.sign(
        secret, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=b'{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_signed_message_is_believed() -> None:
    assert verify()


def test_either_of_two_live_secrets_is_believed() -> None:
    assert verify((OTHER, SECRET))


def test_one_right_signature_among_others_is_enough() -> None:
    right = signature.sign(SECRET, message_id="msg_1", timestamp=NOW, body=b'{"a":1}')
    assert verify(signed=f"v1a,abc v1,AAAA {right}")


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": "msg_2"},
        {"timestamp": str(NOW + 1)},
        {"body": b'{"a":2}'},
        {"secrets": (OTHER,)},
        {"secrets": ()},
        {"message_id": ""},
        {"message_id": "msg 1"},
        {"message_id": "ü"},
        {"timestamp": "nan"},
        {"timestamp": "9" * 5000},
        {"timestamp": "\u0661" * 10},
        {"signed": "v2,abc"},
        {"signed": "v1,"},
        {"signed": "v1,\xff"},
        {"signed": "v1," + "A" * 43 + "="},
    ],
)
def test_anything_else_is_not_believed(change: dict[str, object]) -> None:
    assert not verify(**change)  # type: ignore[arg-type]


@pytest.mark.parametrize(("age", "believed"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_signed_time_may_lie_five_minutes_off_and_no_more(age: int, believed: bool) -> None:
    assert verify(real_now=NOW + age) is believed


@given(bit=st.integers(0, 8 * 32 - 1))
def test_no_signature_with_a_flipped_bit_is_believed(bit: int) -> None:
    right = signature.sign(SECRET, message_id="msg_1", timestamp=NOW, body=b'{"a":1}')
    digest = bytearray(base64.b64decode(right.removeprefix("v1,")))
    digest[bit // 8] ^= 1 << bit % 8
    assert not verify(signed="v1," + base64.b64encode(digest).decode())


@given(message_id=st.text(), timestamp=st.text(), signed=st.text(), body=st.binary(max_size=50))
def test_no_header_whatever_raises(message_id: str, timestamp: str, signed: str, body: bytes) -> None:
    assert not signature.verify(
        (SECRET,), message_id=message_id, timestamp=timestamp, signature=signed, body=body, real_now=NOW
    )


@pytest.mark.parametrize("secret", ["whsec_", "whsec_not base64!", "whsec_c2hvcnQ="])
def test_unusable_secret_is_refused_with_a_sentence(secret: str) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        signature.key_of(secret)
