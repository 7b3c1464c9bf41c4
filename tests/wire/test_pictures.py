"""Pictures that lie beside a text, good and bad."""

from articles import manuscript as manuscripts
from articles.models import Image
from articles.photos import intake as photo_desk
from articles.wire import intake
from tests.photos.pictures import jpeg, upload

from .texts import COVER, INLINE, TEXT, instead_of

OTHER = instead_of("Helicopters Come Home", "Helicopters Again")


def supply(outcome, folder, by) -> list[tuple[str, str]]:
    return [(each.kind, each.sentence) for each in intake.supply(outcome.article, folder=folder, by=by)]


def test_a_picture_of_the_very_name_beside_the_text_is_received(wire, lay, tmp_path):
    (tmp_path / COVER).write_bytes(jpeg())
    outcome = intake.take_in(lay(), by=wire)
    assert supply(outcome, tmp_path, wire) == [("supplied", "the picture “Soldiers board a helicopter” has its file")]
    cover = Image.objects.get(uid=outcome.article.cover.uid)
    assert (cover.is_awaiting_file, cover.width, cover.original_name) == (False, 640, COVER)
    assert (cover.caption, cover.credit, cover.alt_text) == (
        "Soldiers board a helicopter for the last time",
        "MOD",
        "A helicopter.",
    )
    assert supply(outcome, tmp_path, wire) == []


def test_a_picture_named_without_its_extension_is_found_with_one(wire, lay, tmp_path):
    (tmp_path / f"{INLINE}.jpeg").write_bytes(jpeg())
    outcome = intake.take_in(lay(), by=wire)
    assert [kind for kind, _sentence in supply(outcome, tmp_path, wire)] == ["supplied"]


def test_a_picture_that_comes_later_is_given_to_the_story_that_waits_for_it(wire, lay, tmp_path):
    path = lay()
    intake.take_in(path, by=wire)
    (tmp_path / COVER).write_bytes(jpeg())
    outcome = intake.take_in(path, by=wire)
    assert outcome.kind == "unchanged"
    assert [kind for kind, _sentence in supply(outcome, tmp_path, wire)] == ["supplied"]
    assert manuscripts.of(outcome.article).cover == str(Image.objects.exclude(file="").get().uid)


def test_a_file_that_is_no_picture_is_refused_by_itself_and_the_story_waits_on(wire, lay, tmp_path):
    (tmp_path / COVER).write_bytes(b"This is a text.")
    (tmp_path / f"{INLINE}.jpg").write_bytes(jpeg())
    outcome = intake.take_in(lay(), by=wire)
    refused, supplied = sorted(supply(outcome, tmp_path, wire))
    assert (refused[0], supplied[0]) == ("refused", "supplied")
    assert f"“{COVER}” is not a picture, whatever its name says." in refused[1]
    assert Image.objects.get(original_name=COVER).is_awaiting_file


def test_a_picture_that_cannot_be_read_is_refused_with_a_sentence(wire, lay, tmp_path):
    (tmp_path / COVER).symlink_to("/proc/self/mem")  # opens, but no byte of it can be read
    outcome = intake.take_in(lay(), by=wire)
    assert outcome.sentence == f"story.txt: “{COVER}” cannot be read: Input/output error."


def test_two_stories_with_the_same_picture_share_it(wire, lay, tmp_path):
    (tmp_path / COVER).write_bytes(jpeg())
    first = intake.take_in(lay("one"), by=wire)
    supply(first, tmp_path, wire)
    second = intake.take_in(lay("two", text=OTHER), by=wire)
    assert second.article.cover == Image.objects.get(uid=first.article.cover.uid)
    assert supply(second, tmp_path, wire) == []


def test_a_picture_s_name_is_never_a_path(wire, lay, tmp_path):
    secret = tmp_path / "secret 290320 CREDIT MOD.jpg"
    secret.write_bytes(jpeg())
    (tmp_path / "inbox").mkdir()
    name = "../secret 290320 CREDIT MOD.jpg"
    path = tmp_path / "inbox" / "story.txt"
    path.write_text(TEXT.replace(COVER, name), encoding="utf-8")
    outcome = intake.take_in(path, by=wire)
    assert outcome.article.cover.original_name == name
    assert supply(outcome, path.parent, wire) == []


def test_a_picture_s_name_longer_than_any_file_s_is_awaited(wire, lay, tmp_path):
    name = f"{'Soldiers ' * 40}290320 CREDIT MOD.jpg"
    outcome = intake.take_in(lay(text=TEXT.replace(COVER, name), sidecar=None), by=wire)
    assert outcome.kind == "new"
    assert supply(outcome, tmp_path, wire) == []


def test_a_picture_that_has_its_file_keeps_it_when_the_text_changes(wire, lay, tmp_path):
    (tmp_path / COVER).write_bytes(jpeg())
    outcome = intake.take_in(lay(), by=wire)
    supply(outcome, tmp_path, wire)
    changed = intake.take_in(lay(text=instead_of("Their crews are well.", "Their crews are tired.")), by=wire)
    assert changed.kind == "changed"
    assert not changed.article.cover.is_awaiting_file


def test_a_file_that_another_picture_has_is_refused_with_its_name(wire, lay, tmp_path, picture_editor):
    outcome = intake.take_in(lay(), by=wire)
    photo_desk.receive(upload(jpeg(), "A picture of ours.jpg"), by=picture_editor)
    (tmp_path / COVER).write_bytes(jpeg())
    ((kind, sentence),) = supply(outcome, tmp_path, wire)
    assert kind == "refused"
    assert "This file is here already, as “A picture of ours”." in sentence
