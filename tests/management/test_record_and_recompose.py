"""What an operator asks on the command line."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles import guards
from articles.models import Event, Publication, Stamp


def test_an_untouched_record_is_as_it_was_written(story, capsys):
    call_command("verify_audit")

    out = capsys.readouterr().out
    assert out.startswith("The record of 1 events is as it was written.\n")
    noted = out.split()[-1]
    call_command("verify_audit", expect=noted)
    with pytest.raises(CommandError, match="--expect takes what an earlier run printed"):
        call_command("verify_audit", expect="yesterday")
    capsys.readouterr()
    call_command("export_audit")
    assert json.loads(capsys.readouterr().out)["verb"] == "started"


def test_a_touched_record_is_named(story):
    guards.lift(connection)
    Event.objects.update(verb="forged")

    with pytest.raises(CommandError, match="event 1: what it says is not what was written"):
        call_command("verify_audit")


def test_the_html_of_a_publication_is_derived_anew_and_its_pages_grow_old(published, capsys):
    publication = published()
    Publication.objects.update(body_html="<p>From an old renderer.</p>")
    stamp = Stamp.objects.filter(name=f"story:{publication.article_id}").values_list("value", flat=True)
    before = stamp.get()

    call_command("recompose")
    once = stamp.get()
    call_command("recompose")

    assert Publication.objects.get().body_html == publication.body_html
    assert before < once == stamp.get()
    out = capsys.readouterr().out
    assert out == "1 of 1 publications changed.\n0 of 1 publications changed.\n"
