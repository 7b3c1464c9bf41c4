"""Who must act is told, once, on the desk and by mail; a mail server that is down stops nothing."""

import asyncio
import socket
import threading
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.db import transaction

from articles.desk import embargoes, holds, moves, notices
from articles.models import Notice
from newsroom import clock

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def hour():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


class MailServer:
    """A mail server on this machine, as far as RFC 5321 is needed to take a mail in; it keeps what it was given."""

    def __init__(self):
        self.mails: list[bytes] = []
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    async def serve(self, reader, writer):
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n")).removesuffix(b"\r\n.\r\n"))
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                break
        writer.close()

    def stop(self):
        async def end():
            self.server.close()
            await self.server.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def read(self) -> list[tuple[str, str, str]]:
        """To whom, about what, and what it says."""
        mails = [message_from_bytes(mail, policy=policy.default) for mail in self.mails]
        return [(mail["To"], mail["Subject"], mail.get_content()) for mail in mails]


@pytest.fixture
def server(settings):
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    yield server
    server.stop()


@pytest.fixture
def subeditors(account):
    return [account("Sub-editor", name, email=f"{name}@news.example") for name in ("ann", "bo")]


def told(person) -> list[str]:
    return [notice.sentence for notice in notices.of(person)]


def test_those_who_must_act_are_told_and_nobody_else(story, reporter, subeditors, editor, picture_editor):
    moves.submit(story, seen=1, by=reporter)

    assert [told(person) for person in subeditors] == [["Rosa Diaz has submitted a story."]] * 2
    assert told(editor) == ["Rosa Diaz has submitted a story."]
    assert told(picture_editor) == told(reporter) == []
    moves.send_back(story, seen=1, by=subeditors[0], note="Who says so?")
    assert told(reporter) == [f"{subeditors[0]} has given a story back to you."]


def test_the_same_is_told_once(story, editor):
    for _time in range(3):
        notices.tell([editor], "Look.", key="one", kind="test", at=NOW, article=story)

    assert Notice.objects.count() == 1


def test_what_did_not_happen_is_not_told(story, editor):
    with transaction.atomic():
        notices.tell([editor], "Look.", key="one", kind="test", at=NOW, article=story)
        transaction.set_rollback(True)

    assert told(editor) == []


def test_a_mail_goes_out_at_once_and_once(story, reporter, subeditors, server):
    moves.submit(story, seen=1, by=reporter)

    for beat in range(3):
        assert clock.beat(NOW + beat * MINUTE) == []

    mails = server.read()
    assert sorted(to for to, _subject, _text in mails) == ["ann@news.example", "bo@news.example"]
    assert mails[0][1] == "Northing newsroom: something for you"
    assert "- Rosa Diaz has submitted a story. “Base handed over”" in mails[0][2]
    assert "http://127.0.0.1:8000/admin/" in mails[0][2]


def test_with_the_mail_server_down_the_act_succeeds_and_the_mail_waits(story, reporter, subeditors, server, settings):
    up = settings.EMAIL_PORT
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = nobody.getsockname()[1]
        assert moves.submit(story, seen=1, by=reporter).state == "submitted"
        assert clock.beat(NOW) == []
    assert server.mails == []
    assert set(Notice.objects.filter(user__in=subeditors).values_list("tries", "mail_at")) == {(1, NOW + MINUTE)}

    settings.EMAIL_PORT = up
    clock.beat(NOW + MINUTE / 2)
    assert server.mails == []
    clock.beat(NOW + MINUTE)
    assert len(server.mails) == 2


def test_what_cannot_be_mailed_is_given_up_after_a_while_and_counted(story, reporter, subeditors, server, settings):
    server_port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    moves.submit(story, seen=1, by=reporter)
    for hour in range(24):
        clock.beat(NOW + timedelta(hours=hour))

    assert notices.given_up() == 2
    settings.EMAIL_PORT = server_port


def test_a_digest_comes_once_a_day_with_all_of_it(story, reporter, subeditors, server):
    ann, bo = subeditors
    notices.choose(ann, mail="digest", digest_at=time(18, 30))
    notices.choose(bo, mail="never", digest_at=time(7))
    moves.submit(story, seen=1, by=reporter)
    moves.send_back(story, seen=1, by=bo, note="No.")
    moves.submit(story, seen=1, by=reporter)

    clock.beat(datetime(2026, 6, 1, 17, 29, tzinfo=UTC))
    assert server.mails == []
    clock.beat(datetime(2026, 6, 1, 17, 30, tzinfo=UTC))

    ((to, subject, text),) = server.read()
    assert (to, subject) == ("ann@news.example", "Northing newsroom: 2 things for you")
    assert text.count("Rosa Diaz has submitted a story.") == 2


def test_what_was_seen_on_the_desk_is_not_mailed(story, reporter, subeditors, server):
    moves.submit(story, seen=1, by=reporter)
    assert notices.see(subeditors[0], at=NOW) == 1

    clock.beat(NOW)

    assert [to for to, _subject, _text in server.read()] == ["bo@news.example"]


@pytest.mark.parametrize("why", ["embargo", "hold", "name", "sensitive"])
def test_no_mail_names_a_story_that_must_not_be_known(story, reporter, subeditors, editor, server, why):
    if why == "embargo":
        embargoes.set_until(story, NOW + 60 * MINUTE, source="MoD", by=reporter)
    elif why == "hold":
        holds.set_on_story(story, reason="They asked.", by=editor)
    elif why == "name":
        holds.set_on_name("Base handed", reason="They asked.", by=editor)
    else:
        type(story).objects.update(sensitivity="security")
    moves.submit(story, seen=1, by=reporter)

    clock.beat(NOW)

    assert len(server.mails) == 2
    assert not any("Base handed over" in text for _to, _subject, text in server.read())
