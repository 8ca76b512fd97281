"""Addresses and keys as people paste them."""

from __future__ import annotations

import pytest

from openroom.ports.address import bases, is_forbidden, pasted_address, pasted_key

KEY = "sk-abcdefgh12345678"


@pytest.mark.parametrize(
    "text",
    [
        f"{KEY}\n", f" {KEY} ", f"{KEY}\r\n", f"\t{KEY}", f'"{KEY}"', f"'{KEY}'\n", f"\ufeff{KEY}", f"{KEY}\u200b",
        f"\u00a0{KEY}", f"Bearer {KEY}", f"bearer  {KEY}\n", "sk-abcdefgh\n12345678", "sk-abcdefgh\r\n  12345678",
    ],
)  # fmt: skip
def test_a_key_is_taken_without_what_came_along(text: str) -> None:
    assert pasted_key(text) == KEY


@pytest.mark.parametrize("key", ["", "correct horse", "a", "sk_live-1/2+3=="])
def test_a_key_of_any_look_stays_as_it_is(key: str) -> None:
    assert pasted_key(key) == key


@pytest.mark.parametrize("text", ["sk-schlüssel", "sk-\u2026abc", "sk-a\x00b"])
def test_what_no_header_can_carry_is_no_key(text: str) -> None:
    with pytest.raises(ValueError, match="plain letters"):
        pasted_key(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        (" http://127.0.0.1:8080/v1/ \n", "http://127.0.0.1:8080/v1"),
        ('"https://x.example/v1"', "https://x.example/v1"),
        ("<https://x.example/v1>", "https://x.example/v1"),
        ("\ufeffhttps://x.example/v1\u200b", "https://x.example/v1"),
        ("HTTPS://x.example/v1", "https://x.example/v1"),
        ("https://x.example/v1/chat/completions", "https://x.example/v1"),
        ("https://x.example/v1/chat/completions/", "https://x.example/v1"),
        ("https://x.example/v1/models", "https://x.example/v1"),
        ("https://x.example/v1/completions", "https://x.example/v1"),
        ("https://x.example/v1/responses", "https://x.example/v1"),
        ("https://x.example/api/chat/completions", "https://x.example/api"),
        ("http://localhost:11434/api/chat", "http://localhost:11434"),
        ("http://localhost:11434", "http://localhost:11434"),
        ("https://x.example/v1beta/openai/#top", "https://x.example/v1beta/openai"),
        ("https://me:secret@x.example:8443/v1", "https://me:secret@x.example:8443/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_an_address_is_taken_as_it_was_meant(text: str, url: str) -> None:
    assert pasted_address(text) == url
    assert pasted_address(url) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ftp://x/v1",
        "models.example",
        "http://",
        "http:///v1",
        "http://a b/v1",
        "http://x/v1 http://y",
        "http://x\\y",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="starts with http"):
        pasted_address(text)


def test_where_an_address_has_no_path_two_are_tried() -> None:
    assert bases("http://x:1") == ("http://x:1/v1", "http://x:1")
    assert bases("http://x:1/v1") == ("http://x:1/v1",)
    assert bases("https://x/v1beta/openai") == ("https://x/v1beta/openai",)


@pytest.mark.parametrize(
    ("host", "forbidden"),
    [
        ("169.254.1.1", True), ("[fe80::1]", True), ("[::ffff:169.254.1.1]", True), ("[fe80::1%eth0]", True),
        ("0xA9FE0101", True), ("2851995905", True), ("0251.0376.1.1", True), ("169.254.257", True),
        ("169.254.1.1.", True),
        ("[64:ff9b::169.254.1.1]", True), ("100.100.100.200", True), ("metadata.google.internal", True),
        ("127.0.0.1", False), ("[::1]", False), ("10.0.0.1", False), ("x.example", False), ("localhost", False),
        ("169.253.1.1", False), ("999.1.1.1", False), ("1.2.3.4.5", False), ("[64:ff9b::10.0.0.1]", False),
    ],
)  # fmt: skip
def test_no_prompt_goes_where_a_machine_keeps_its_credentials(host: str, forbidden: bool) -> None:
    assert is_forbidden(host) is forbidden
    if forbidden:
        with pytest.raises(ValueError, match="credentials"):
            pasted_address(f"http://{host}/v1")
    else:
        assert pasted_address(f"http://{host}:8080/v1")
