"""How pictures come to the desk, and what happens when they do not."""

import threading
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from articles import audit
from articles.models import Event, Image
from articles.photos import facts, hatch, intake
from newsroom import media

from . import pictures

pytestmark = pytest.mark.django_db

COVER = "US Forces prepare K1 Air Base transfer to Iraqi military 160320 CREDIT US DEPARTMENT OF DEFENSE.jpg"


def events(image: Image) -> list[tuple[str, str]]:
    return list(Event.objects.about("image", image.pk).order_by("number").values_list("verb", "actor_name"))


# --- received ---


def test_a_received_picture_has_its_file_its_facts_and_its_event(received, reporter, lying_in, content_of):
    content = pictures.jpeg(1000, 750)
    image = received(content, COVER, by=reporter, caption="They pack.")
    image.refresh_from_db()
    assert (image.width, image.height, image.format, image.byte_size) == (1000, 750, "JPEG", len(content))
    assert (image.title, image.caption) == ("US Forces prepare K1 Air Base transfer to Iraqi military", "They pack.")
    assert (image.credit, image.holder, image.taken_on) == (
        "US Department of Defense",
        "US Department of Defense",
        date(2020, 3, 16),
    )
    assert (image.original_name, image.received_by, image.version) == (COVER, reporter, 1)
    assert content_of("default", image.file.name) == content
    assert lying_in("default") == [f"originals/{image.uid.hex[:2]}/{image.uid}.jpg"]
    assert lying_in("public") == []
    assert events(image) == [("received", "Rosa Diaz")]


def test_each_fact_has_its_source(received):
    image = received(pictures.telltale(), COVER, source="the wire", caption="They pack.")
    assert image.facts["caption"] == {
        "value": "They pack.",
        "source": "the wire",
        "others": [
            {"value": "Vehicles leave K1.", "source": "XMP"},
            {"value": "Vehicles on a road", "source": "EXIF"},
        ],
    }
    assert image.facts["taken_on"]["source"] == facts.FILE_NAME
    assert image.facts["taken_on"]["others"][0] == {"value": "2020-03-20", "source": "XMP"}
    assert image.facts["holder"] == {"value": "US Department of Defense", "source": facts.CREDIT_LINE}
    assert image.facts["place"] == {"value": "Kirkuk, Iraq", "source": "XMP"}
    assert (image.place, image.virin, image.photographer) == (
        "Kirkuk, Iraq",
        "200320-A-AB123-1001",
        "Spc. Ann Example, Sgt. Bo Example",
    )
    assert "GPS" not in str(image.facts)


def test_a_name_outside_the_convention_leaves_the_word_to_the_file(received):
    image = received(pictures.telltale(), "IMG_1234.jpg")
    assert (image.title, image.taken_on, image.credit) == (
        "Vehicles leave the base",
        date(2020, 3, 20),
        "U.S. Army photo",
    )
    assert image.holder == "U.S. Army"
    assert received(pictures.jpeg(), "IMG_1234.jpg").title == "IMG_1234"


def test_a_day_that_cannot_be_is_reported_in_the_facts(received):
    image = received(name="Parade 310220 CREDIT MOD.jpg")
    assert (image.title, image.taken_on, image.credit) == ("Parade 310220", None, "MOD")
    assert image.facts["problems"]["value"].startswith("“310220” in the file name is not a day")


def test_a_picture_without_a_name_gets_one(picture_editor):
    assert intake.receive(ContentFile(pictures.jpeg()), by=picture_editor).title == "Picture without a name"


def test_a_name_longer_than_the_column_is_no_fault(picture_editor):
    name = "é" * 400 + " 160320 CREDIT " + "MOD " * 100 + ".jpg"
    image = intake.receive(ContentFile(pictures.jpeg(), name), by=picture_editor)
    image.refresh_from_db()
    assert (len(image.title), len(image.original_name), len(image.credit), len(image.holder)) == (300, 300, 300, 150)


def test_letters_that_no_database_takes_are_no_fault(picture_editor):
    image = intake.expect("K1\x00 \ud800base.jpg", by=picture_editor, caption="They\x00 pack \udfff.", source="wire")
    image.refresh_from_db()
    assert (image.original_name, image.title, image.caption) == ("K1 ?base.jpg", "K1 base", "They pack ?.")


def test_the_same_file_again_is_the_picture_that_is_here(received, reporter, lying_in):
    first = received(name="one.jpg")
    again = received(name="two.jpg", by=reporter, caption="Other words")
    assert (again.pk, again.title, again.caption) == (first.pk, "one", "")
    assert (Image.objects.count(), len(lying_in("default")), len(events(first))) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_is_one_picture(received, picture_editor, lying_in):
    start, got = threading.Barrier(2), []

    def work():
        start.wait()
        try:
            got.append(received().pk)
        finally:
            connection.close()

    both = [threading.Thread(target=work) for _ in range(2)]
    [one.start() for one in both]
    [one.join() for one in both]
    assert len(got) == 2
    assert set(got) == set(Image.objects.values_list("pk", flat=True))
    assert len(lying_in("default")) == 1


def test_a_twin_that_comes_between_look_and_row_is_found(received, monkeypatch, lying_in):
    first, real, calls = received(), intake._twin, []

    def late(arrival):
        calls.append(arrival)
        return None if len(calls) == 1 else real(arrival)

    monkeypatch.setattr(intake, "_twin", late)
    assert received().pk == first.pk
    assert len(lying_in("default")) == 1


def test_a_picture_keeps_its_first_file(received, lying_in):
    uid = uuid4()
    received(uid=uid)
    with pytest.raises(intake.Refused, match="“other.jpg” is not the file that this picture has already."):
        received(pictures.jpeg(320, 240), "other.jpg", uid=uid)
    assert (Image.objects.count(), len(lying_in("default"))) == (1, 1)


@pytest.mark.parametrize("role", ["Reporter", "Sub-editor", "Picture editor", "Editor"])
def test_those_who_write_or_keep_pictures_may_add_them(account, received, role):
    assert received(by=account(role, "somebody")).pk


def test_who_may_not_add_pictures_hears_who_can(administrator, received, lying_in):
    with pytest.raises(intake.Refused) as refused:
        received(by=administrator)
    assert str(refused.value) == (
        "You cannot add pictures. Ask somebody of these: Editor, Picture editor, Reporter or Sub-editor."
    )
    assert (Image.objects.count(), Event.objects.count(), lying_in("default")) == (0, 0, [])
    for verb in (lambda: intake.expect("x", by=administrator), lambda: intake.supply(Image(), None, by=administrator)):
        with pytest.raises(intake.Refused, match="You cannot add pictures"):
            verb()


def test_a_locked_account_adds_nothing(reporter, received):
    reporter.is_active = False
    with pytest.raises(intake.Refused, match="The account “Rosa Diaz” is locked. Ask a site administrator."):
        received(by=reporter)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Only words. " * 50, "“K1.jpg” is not a picture"),
        (pictures.as_bytes(pictures.quarters())[:800], "“K1.jpg” breaks off in the middle"),
        (pictures.png_of_size(30_000, 30_000), "“K1.jpg” has 900 million pixels"),
        (b"<svg/>", "kind “SVG”"),
    ],
)
def test_a_file_that_is_no_sound_picture_is_refused_and_nothing_is_kept(received, lying_in, content, said):
    with pytest.raises(intake.Refused, match=said):
        received(content, "K1.jpg")
    assert (Image.objects.count(), Event.objects.count(), lying_in("default")) == (0, 0, [])


def test_a_file_with_too_many_bytes_is_refused_at_the_first_one_too_many(received, settings):
    settings.PICTURE_MAX_BYTES = 2 * 1024 * 1024
    with pytest.raises(intake.Refused, match="“K1.jpg” is larger than 2 MB, which is the most."):
        received(b"x" * (2 * 1024 * 1024 + 1), "K1.jpg")


def test_when_the_event_cannot_be_written_nothing_is_kept(received, monkeypatch, lying_in):
    def broken(*_args, **_details):
        raise RuntimeError("the record is full")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError, match="the record is full"):
        received()
    assert (Image.objects.count(), lying_in("default")) == (0, [])


def test_a_folder_that_cannot_be_written_gets_a_sentence(received, settings, tmp_path):
    (tmp_path / "private").write_text("a file where the folder should be")
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "newsroom.storage.PrivateStorage",
            "OPTIONS": {"location": tmp_path / "private" / "deeper"},
        }
    }
    with pytest.raises(
        intake.Refused, match="The picture folder cannot be written .+: ask your operator. “K1.jpg” was not kept."
    ):
        received(name="K1.jpg")
    assert (Image.objects.count(), Event.objects.count()) == (0, 0)


def test_a_full_disk_gets_a_sentence_and_keeps_nothing(received, monkeypatch, lying_in, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | media.halves(tmp_path, settings.MEDIA_URL)

    def full(_path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("newsroom.storage.settle", full)
    with pytest.raises(intake.Refused, match="cannot be written \\(No space left on device\\)"):
        received()
    assert (Image.objects.count(), lying_in("default")) == (0, [])


def test_a_store_that_does_not_answer_gets_a_sentence_and_keeps_nothing(received, keep_in, dead_store):
    keep_in(dead_store)
    with pytest.raises(intake.Refused, match="written \\(the store cannot be asked: .+“K1.jpg” was not kept."):
        received(name="K1.jpg")
    assert (Image.objects.count(), Event.objects.count()) == (0, 0)


def test_a_file_that_stops_coming_gets_a_sentence(picture_editor):
    class BreaksOff(SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            raise OSError(5, "Input/output error")

    with pytest.raises(intake.Refused, match="Input/output error"):
        intake.receive(BreaksOff("K1.jpg", b"x"), by=picture_editor)


def test_facts_that_do_not_fit_are_refused_by_field_and_nothing_is_kept(received, lying_in):
    with pytest.raises(ValidationError) as wrong:
        received(credit="x" * 301, focal_x=101)
    assert set(wrong.value.message_dict) == {"credit", "focal_x"}
    with pytest.raises(ValidationError) as wrong:
        received(taken_on="yesterday", credit_year="soon")
    assert set(wrong.value.message_dict) == {"taken_on", "credit_year"}
    assert (Image.objects.count(), lying_in("default")) == (0, [])


def test_only_facts_can_be_given(received):
    with pytest.raises(TypeError, match="Nobody describes a picture by sha256, version."):
        received(sha256="0", version=7)


# --- awaited and supplied ---


def test_an_awaited_picture_has_all_facts_but_the_file(picture_editor):
    uid = UUID("7f4d9a36-0000-5000-8000-000000000001")
    image = intake.expect(COVER, by=picture_editor, uid=uid, alt_text="Soldiers packing", source="sidecar, inferred")
    image.refresh_from_db()
    assert (image.uid, image.is_awaiting_file, image.credit) == (uid, True, "US Department of Defense")
    assert image.facts["alt_text"] == {"value": "Soldiers packing", "source": "sidecar, inferred"}
    assert events(image) == [("expected", "Picture editor Sample")]
    assert image.facts["credit"]["source"] == facts.FILE_NAME
    assert intake.expect("Something else", by=picture_editor, uid=uid).pk == image.pk
    assert len(events(image)) == 1


def test_a_supplied_file_fills_in_what_nobody_said(picture_editor, reporter, lying_in):
    image = intake.expect(COVER, by=picture_editor, caption="They pack.")
    image = intake.supply(image, pictures.upload(pictures.telltale(), "DSC_0815.jpg"), by=reporter)
    image.refresh_from_db()
    assert (image.is_awaiting_file, image.width, image.version) == (False, 1280, 2)
    assert (image.caption, image.credit, image.title) == (
        "They pack.",
        "US Department of Defense",
        "US Forces prepare K1 Air Base transfer to Iraqi military",
    )
    assert (image.place, image.original_name, image.taken_on) == ("Kirkuk, Iraq", "DSC_0815.jpg", date(2020, 3, 16))
    assert image.facts["caption"]["others"][0]["source"] == "XMP"
    assert [verb for verb, _who in events(image)] == ["expected", "supplied"]
    assert lying_in("default") == [f"originals/{image.uid.hex[:2]}/{image.uid}.jpg"]


def test_facts_that_came_without_a_source_are_the_desks(picture_editor):
    image = Image.objects.create(title="From a fixture", credit="MOD", alt_text="A road")
    image = intake.supply(image, pictures.upload(pictures.telltale()), by=picture_editor)
    assert (image.credit, image.title) == ("MOD", "From a fixture")
    assert image.facts["credit"] == {
        "value": "MOD",
        "source": facts.DESK,
        "others": [{"value": "U.S. Army photo", "source": "XMP"}],
    }


def test_receiving_with_the_uid_of_an_awaited_picture_supplies_it(received, picture_editor):
    image = intake.expect(COVER, by=picture_editor, uid=uuid4())
    assert received(uid=image.uid).pk == image.pk
    assert not Image.objects.get().is_awaiting_file


def test_a_file_is_supplied_once(picture_editor, lying_in):
    image = intake.expect(COVER, by=picture_editor)
    intake.supply(image, pictures.upload(pictures.jpeg()), by=picture_editor)
    with pytest.raises(intake.Refused, match="The file of “US Forces .+” has come already. Open the picture again."):
        intake.supply(image, pictures.upload(pictures.jpeg(320, 240)), by=picture_editor)
    assert len(lying_in("default")) == 1


def test_a_file_that_another_picture_has_is_not_supplied(received, picture_editor, lying_in):
    received(pictures.jpeg(), "here.jpg")
    image = intake.expect(COVER, by=picture_editor)
    with pytest.raises(intake.Refused, match="This file is here already, as “here”. Use that picture."):
        intake.supply(image, pictures.upload(pictures.jpeg()), by=picture_editor)
    assert len(lying_in("default")) == 1
    assert Image.objects.get(pk=image.pk).is_awaiting_file


# --- described ---


def test_what_is_said_of_a_picture_can_be_changed_and_the_change_is_on_the_record(received, editor):
    image = intake.describe(received(), by=editor, seen=1, caption="New words", taken_on="2020-03-17")
    image.refresh_from_db()
    assert (image.caption, image.taken_on, image.version) == ("New words", date(2020, 3, 17), 2)
    assert image.facts["taken_on"] == {
        "value": "2020-03-17",
        "source": facts.DESK,
        "others": [{"value": "2020-03-16", "source": facts.FILE_NAME}],
    }
    event = Event.objects.newest_first().first()
    assert (event.verb, event.details) == (
        "described",
        {"was": {"caption": "", "taken_on": "2020-03-16"}, "now": {"caption": "New words", "taken_on": "2020-03-17"}},
    )


def test_words_that_change_nothing_make_no_version_and_no_event(received, editor):
    image = received()
    assert intake.describe(image, by=editor, seen=1, title=f" {image.title} ", focal_x="50").version == 1
    assert len(events(image)) == 1


def test_who_saw_an_older_version_changes_nothing_and_hears_who_was_quicker(received, editor, subeditor):
    image = received()
    intake.describe(image, by=editor, seen=1, caption="First")
    for words in ({"caption": "Second"}, {}):
        with pytest.raises(intake.Stale, match="“K1 Air Base” was changed by Edith Okoro after you opened it."):
            intake.describe(image, by=subeditor, seen=1, **words)
    assert Image.objects.get().caption == "First"


def test_a_change_without_an_event_before_it_is_somebodys(editor):
    image = Image.objects.create(title="From a fixture", version=3)
    with pytest.raises(intake.Stale, match="changed by somebody after"):
        intake.describe(image, by=editor, seen=1, caption="x")


def test_a_new_credit_line_is_read_again_but_not_over_what_a_person_said(received, editor):
    image = received(name="K1 160320 CREDIT MOD.jpg", photographer="Jo Roe")
    assert (image.holder, image.photographer) == ("MOD", "Jo Roe")
    image = intake.describe(image, by=editor, seen=1, credit="Cpl Max Miller/Reuters 2021", holder="MOD", agency="")
    assert (image.photographer, image.holder, image.agency, image.credit_year) == ("Jo Roe", "", "Reuters", 2021)
    assert image.facts["agency"] == {"value": "Reuters", "source": facts.CREDIT_LINE}


def test_each_field_can_have_a_source_of_its_own(received, editor):
    image = received(caption="They pack.", place="K1", source={"caption": "wire", "place": "map"})
    assert (image.facts["caption"]["source"], image.facts["place"]["source"]) == ("wire", "map")
    image = intake.describe(image, by=editor, seen=1, caption="They leave.", source={"caption": "wire; inferred: why"})
    assert image.facts["caption"] == {
        "value": "They leave.",
        "source": "wire; inferred: why",
        "others": [{"value": "They pack.", "source": "wire"}],
    }


def test_an_emptied_field_is_empty(received, editor):
    image = intake.describe(received(), by=editor, seen=1, taken_on=None, credit="")
    image.refresh_from_db()
    assert (image.taken_on, image.credit, image.holder) == (None, "", "")


def test_facts_that_do_not_fit_change_nothing(received, editor):
    image = received()
    for wrong in ({"title": ""}, {"focal_y": 101}, {"rights_basis": "found it"}):
        with pytest.raises(ValidationError) as refused:
            intake.describe(image, by=editor, seen=1, **wrong)
        assert set(refused.value.message_dict) == set(wrong)
    assert Image.objects.get().version == 1


def test_whoever_brought_a_picture_may_put_its_slip_right(received, reporter):
    image = intake.describe(received(by=reporter), by=reporter, seen=1, caption="Lorries.")
    assert (image.caption, image.version) == ("Lorries.", 2)


def test_a_reporter_does_not_change_the_facts_of_pictures_of_others(received, reporter, editor):
    image = received(by=editor)
    with pytest.raises(intake.Refused) as refused:
        intake.describe(image, by=reporter, seen=1, caption="x")
    assert str(refused.value) == (
        "You cannot change the facts of pictures. Ask somebody of these: Editor, Picture editor or Sub-editor."
    )


@pytest.mark.parametrize(("words", "orders"), [({"focal_x": 10}, 1), ({"keep_whole": True}, 1), ({"caption": "x"}, 0)])
def test_only_another_crop_orders_new_public_files(received, editor, django_capture_on_commit_callbacks, words, orders):
    image = received()
    with django_capture_on_commit_callbacks() as ordered:
        intake.describe(image, by=editor, seen=1, **words)
    assert len(ordered) == orders


def test_another_crop_of_a_picture_without_a_file_orders_nothing(editor, django_capture_on_commit_callbacks):
    image = intake.expect("K1.jpg", by=editor)
    with django_capture_on_commit_callbacks() as ordered:
        intake.describe(image, by=editor, seen=1, focal_x=10)
    assert ordered == []


def test_originals_have_no_address_and_do_not_lie_below_what_readers_may_fetch(received):
    with pytest.raises(ValueError, match="has no address"):
        received().file.url  # noqa: B018
    assert not Path(storages["default"].location).is_relative_to(storages["public"].location)


def test_every_reason_of_the_darkroom_has_a_sentence():
    from articles.photos import darkroom

    source = Path(darkroom.__file__).read_text()
    said = {reason for reason in hatch.SENTENCES if f'"{reason}"' in source}
    assert said == hatch.SENTENCES.keys() - {"bytes", "time"}
