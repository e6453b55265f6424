"""What e-mails look like."""

import pytest

from service.mail.message import Mail, composed, deliverable

SENDER = "Holdfast <tickets@holdfast.example>"
VALUES = {
    "movie": "<b>Amélie</b> & co\nBcc: everybody@example.com",
    "seats": 2,
    "labels": None,
    "starts_at": "Friday 5 June 2026, 20:00",
    "place": "Lumière",
    "address": "1 rue Première",
    "total": "24.00 EUR",
    "booking": "bkg_1",
}


def test_it_has_both_forms_and_a_message_id_of_its_key() -> None:
    message = composed(Mail("booking-confirmed.bkg_1", "ada@example.com", "booking_confirmed", VALUES), SENDER)
    assert message["Message-ID"] == "<booking-confirmed.bkg_1@holdfast.example>"
    assert (message["From"], message["To"]) == (SENDER, "ada@example.com")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain
    assert html
    assert plain.get_content().startswith("2 seats for <b>Amélie</b> & co")
    assert "<h1>2 seats for &lt;b&gt;Amélie&lt;/b&gt; &amp; co" in html.get_content()


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_what_users_write_is_no_header(line_break: str) -> None:
    values = VALUES | {"movie": f"<b>Amélie</b> & co{line_break}Bcc: everybody@example.com"}
    message = composed(Mail("booking-confirmed.bkg_1", "ada@example.com", "booking_confirmed", values), SENDER)
    assert message["Subject"] == "Your tickets for <b>Amélie</b> & co Bcc: everybody@example.com"
    assert message["Bcc"] is None


def test_a_key_is_fit_for_a_message_id() -> None:
    for key in ("", "a b", "a@b", "<a>", "a" * 201):
        with pytest.raises(ValueError, match="Message-ID"):
            Mail(key, "ada@example.com", "booking_confirmed")


def test_domains_are_written_as_the_dns_has_them() -> None:
    assert deliverable("ada@bücher.example") == "ada@xn--bcher-kva.example"
    assert deliverable("adä@bücher.example") == "adä@bücher.example"
