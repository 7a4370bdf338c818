"""E-mails: what is new in them, whatever client, language and character set they were written in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.corpus.formats.files import call, calls, format_name, read, reason
from workbench.corpus.formats import FormatProblem
from workbench.corpus.formats.html_text import text_of_html
from workbench.corpus.formats.mail.bodies import unflowed
from workbench.corpus.formats.mail.heads import in_charset, plain
from workbench.corpus.formats.mail.quotations import new_text

HEAD = "Message-ID: <a@b>\nFrom: Ann <Ann@x.org>\nTo: bob@y.org\nSubject: s\nDate: Mon, 2 Mar 2026 09:00:00 +0100\n"
QUOTED = [
    "On Mon, 2 Mar 2026 at 10:00, Bob <b@y.org> wrote:\n> x\n> y",
    "On Mon, Mar 2, 2026 at 10:00 AM Bob Ray <\nb@y.org> wrote:\n> x",
    "On Mon, 2 Mar 2026 at 10:00, Bob <b@y.org> wrote:\n\nx without marks",
    "Am 02.03.2026 um 10:00 schrieb Bob <b@y.org>:\n> x",
    "Le lun. 2 mars 2026 à 10:00, Bob <b@y.org> a écrit :\n> x",
    "El lun, 2 mar 2026 a las 10:00, Bob (<b@y.org>) escribió:\n\n> x",
    "Il giorno lun 2 mar 2026 alle ore 10:00 Bob <b@y.org> ha scritto:\n> x",
    "Em seg., 2 de mar. de 2026 às 10:00, Bob <b@y.org> escreveu:\n> x",
    "Den mån 2 mars 2026 kl 10:00 skrev Bob <b@y.org>:\n> x",
    "Op ma 2 mrt 2026 om 10:00 schreef Bob <b@y.org>:\n> x",
    "2026年3月2日(月) 10:00 Bob <b@y.org>:\n> x",
    "пн, 2 мар. 2026 г. в 10:00, Bob <b@y.org>:\n> x",
    "________________________\nFrom: Bob <b@y.org>\nSent: Monday, March 2, 2026\nTo: Ann\nSubject: x\n\nold",
    "From: Bob\nDate: 2 March 2026\nTo: Ann\nSubject: x\n\nold",
    "Von: Bob\nGesendet: Montag, 2. März 2026 10:00\nAn: Ann\nBetreff: x\n\nold",
    "*De :* Bob <b@y.org>\n*Envoyé :* lundi\n*À :* Ann\n*Objet :* x\n\nold",
    "-----Original Message-----\nFrom: Bob\n\nold",
    "-----Ursprüngliche Nachricht-----\nVon: Bob\n\nold",
    "---------- Forwarded message ---------\nFrom: Bob <b@y.org>\n\nold",
    "Begin forwarded message:\n\nold",
    "-- \nAnn Lee\nAcme",
    "--\nAnn Lee\nAcme",
    "Sent from my iPhone",
    "Sent from my iPhone\n\n> On 2 Mar 2026, at 10:00, Bob <b@y.org> wrote:\n> \n> x",
    "Gesendet von meinem iPhone",
]


@pytest.mark.parametrize("rest", QUOTED)
def test_quotations_and_signatures_go(rest):
    assert new_text(f"It costs: 5.\nFrom here it works.\n\n{rest}") == "It costs: 5.\nFrom here it works."


@pytest.mark.parametrize(
    "text",
    [
        "Hi,\n\nwe need:\n- bikes\n- heaters\n\nThanks,\nAnn",
        "Two points: a, b.\nFrom: our side it is fine\nTo: do this we need time\nok?",
        "See the table\n-----\na | b\n-----\nbye",
        "On the roof we found a leak and Bob wrote:\nplease fix it.",
        "The subject: as before\nwas discussed.",
        "Best regards from all, and then some more text that matters.",
    ],
)
def test_text_that_only_looks_like_it_stays(text):
    assert new_text(text) == text


def test_answers_between_quoted_lines_stay():
    assert new_text("> Do you have it?\nYes.\n> And the price?\nFive.\n") == "Yes.\nFive."
    assert new_text("On Mon, 2 Mar 2026, Bob wrote:\n\n> It?\n\nYes.\n\n> price\nFive\n-- \nAnn") == "Yes.\n\nFive"


def test_a_message_tells_its_people_thread_and_time():
    content = HEAD + "Cc: =?utf-8?Q?J=C3=BCrgen?= <j@z.de>\nReferences: <r0@b> <r1@b>\nIn-Reply-To: <r1@b>\n\nHello"
    found = call("a.eml", content)
    assert (found.id, found.thread, found.title, found.kind.value) == ("a@b", "r0@b", "s", "email")
    assert found.started == datetime(2026, 3, 2, 8, tzinfo=UTC)
    emails = {party.id: party.email for party in found.parties}
    assert emails == {
        "Ann": "ann@x.org",
        "bob@y.org": "bob@y.org",
        "Jürgen": "j@z.de",
    }
    assert (found.fields["to"], found.fields["cc"]) == ("bob@y.org", "j@z.de")
    assert found.turns[0].party == "Ann"


def test_broken_heads_and_charsets_are_read_as_well_as_can_be():
    content = (
        b"Received: from x by y; Mon, 2 Mar 2026 09:20:05 +0000\nFrom: =?utf-8?B?!!!?= <a@b.c>\n"
        b"To: J\xfcrgen <j@x.de>\n"
        b'Subject: =?x-unknown?Q?=FC?= Gr\xfc\xdfe\nDate: gestern\nContent-Type: text/plain; charset="utf-8; x"\n'
        b"Content-Transfer-Encoding: 8bit\n\nGr\xc3\xbc\xc3\x9fe\n"
    )
    found = call("a.eml", content)
    assert (found.title, found.turns[0].text) == ("ü Grüße", "Grüße")
    assert found.started == datetime(2026, 3, 2, 9, 20, 5, tzinfo=UTC)
    assert call("a.eml", content).id == found.id


def test_japanese_mail():
    content = "Message-ID: <a@b>\nFrom: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <y@x.jp>\n"
    content += "Content-Type: text/plain; charset=iso-2022-jp"
    found = call("a.eml", content.encode() + b"\n\n" + "こんにちは".encode("iso-2022-jp"))
    assert (found.turns[0].party, found.turns[0].text) == ("山田", "こんにちは")


def test_alternatives_attachments_and_invitations():
    content = (
        HEAD
        + 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="q"\n\n'
        + (
            '--q\nContent-Type: multipart/alternative; boundary="r"\n\n--r\nContent-Type: text/plain\n\n \n'
            "--r\nContent-Type: text/html\n\n<p>See file.</p>\n--r--\n--q\nContent-Type: application/pdf\n"
            'Content-Disposition: attachment; filename="a b.pdf"\n\nxx\n--q\n'
            "Content-Type: message/rfc822\n\nFrom: x\n\n"
            "hidden\n--q\nContent-Type: text/calendar\n\nBEGIN\n--q--\n"
        )
    )
    found = call("a.eml", content)
    assert [turn.text for turn in found.turns] == ["See file."]
    assert found.fields["attachments"] == "a b.pdf, message/rfc822, text/calendar"


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        ("Auto-Submitted: auto-replied\n\nI am away", "automatic reply"),
        ("Content-Type: multipart/report; boundary=q\n\n--q\n\nfailed\n--q--", "bounce"),
        ("\n> only\n> quoted", "of its own"),
        ("\n", "of its own"),
    ],
)
def test_what_no_person_wrote_is_told(extra, word):
    assert word in reason("a.eml", HEAD + extra)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Hello&nbsp;<b>Bob</b>,</p><p>a &lt; b<br>c</p>", "Hello Bob,\n\na < b\nc"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<style>p{}</style><script>x</script><!-- y -->z", "z"),
        ('new<div class="gmail_quote">old<div>x</div></div><p>tail</p>', "new\n\ntail"),
        ('new<blockquote type="cite">old</blockquote>between<blockquote type=cite>x</blockquote>', "new\nbetween"),
        ('new<div id="divRplyFwdMsg">From</div>old', "new"),
        ("new<div style='border:none;border-top:solid #E1E1E1 1.0pt'>From</div>old", "new"),
        ('new<div class="gmail_signature">Ann', "new"),
        ("<table><tr><td>x</td><td>1</td></tr><tr><td>y</td></tr></table>", "x 1\ny"),
        ("5 < 6 and <unclosed", "5 < 6 and <unclosed"),
    ],
)
def test_html_becomes_text(source, text):
    assert text_of_html(source) == text


def test_flowed_lines_are_joined():
    assert unflowed("a \nb\n \n-- \nc \n> q \nd") == "a b\n\n-- \nc \n> q \nd"


def test_a_mailbox_is_parted_only_where_a_message_begins():
    mails = [
        "From a@b Mon Mar  2 09:00:00 2026\n"
        + HEAD
        + "\nOne.\n\n>From here it went.\n\nFrom here on 2 March at 09:00 2026 I wait.\n",
        "From 185@xxx Mon Mar 02 09:20:00 +0000 2026\n" + HEAD.replace("<a@b>", "<c@d>") + "X-GM-THRID: 77\n\nTwo.\n",
        "From MAILER-DAEMON Mon Mar  2 09:30:00 2026\n"
        + HEAD.replace("<a@b>", "<e@f>")
        + "Auto-Submitted: auto-replied\n\nAway\n",
    ]
    *found, problem = read("a.mbox", "\n".join(mails))
    assert [one.conversation.id for one in found] == ["a@b", "c@d"]
    assert found[0].conversation.turns[0].text.startswith("One.\n\nFrom here it went.\n\nFrom here on")
    assert found[1].conversation.thread == "77"
    assert isinstance(problem, FormatProblem)
    assert "1 automatic reply" in problem.reason


def test_the_line_where_a_message_begins_is_told():
    content = (
        "From a Mon Mar  2 09:00:00 2026\n" + HEAD + "\nOne\n\nFrom a Mon Mar  2 09:00:00 2026\n" + HEAD + "\nTwo\n"
    )
    assert [one.line for one in read("a.mbox", content)] == [2, 11]
    assert len(calls("a.mbox", content)) == 2


@pytest.mark.parametrize(
    "text", ["Agent: Hello\nCustomer: Hi\n\nAgent: x\n", "Date: 2026-03-02\nSubject: x\n\nAnn: Hi\nAnn: Ho\n"]
)
def test_lines_with_colons_are_no_mail(text):
    assert format_name("a.txt", text) != "e-mail (EML)"


@pytest.mark.parametrize(
    ("value", "text"), [("=?utf-8?Q?a_b?= =?utf-8?B?w7w=?=", "a bü"), ("x =?latin1?q?=E9?= y", "x é y")]
)
def test_encoded_words(value, text):
    assert plain(value) == text


@pytest.mark.parametrize("charset", ["utf-8", "nonsense", "us-ascii", None, "\0", "base64", "undefined"])
def test_a_wrong_charset_loses_no_text(charset):
    assert in_charset("Grüße".encode(), charset) == "Grüße"


@given(st.text(st.sampled_from("> On:\n-@19, wroteFrm<>"), max_size=200))
def test_new_text_invents_nothing(text):
    assert all(line.strip() in text for line in new_text(text).split("\n"))


@given(st.text(st.sampled_from("<>/divp!-&;\"'= a"), max_size=200))
def test_any_html_gives_text(source):
    assert isinstance(text_of_html(source), str)
