"""A picture that must not be shown any more is out of every story at once, and its files answer to nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import checks, drafts, moves, publishing, roles, schedule, takedowns
from articles.live import reading, store, surroundings
from articles.models import Author, Image, Publication, Rendition, Takedown
from articles.photos import intake, renditions


@pytest.fixture
def pictures(picture_editor, image_file):
    facts = {"credit": "Royal Navy", "alt_text": "A lorry.", "rights_basis": "crown"}
    made = [
        intake.receive(image_file(f"{name}.jpg", colour), by=picture_editor, caption=f"The {name} caption.", **facts)
        for name, colour in (("bad", "olive"), ("good", "navy"))
    ]
    renditions.ensure(made)
    return made


@pytest.fixture
def shown(story, pictures, published):
    """The story, live with the bad picture as cover, in the text and in a gallery."""
    bad, good = (str(picture.uid) for picture in pictures)
    alone = f'<figure data-image="{bad}" data-layout="wide" data-alt="Own words"></figure>'
    both = "".join(f'<figure data-image="{uid}"></figure>' for uid in (bad, good))
    return published(cover=bad, body=f'<p>Words.</p>\n{alone}\n<div data-kind="gallery">{both}</div>\n<p>More.</p>')


def files_of(picture) -> list[str]:
    return list(Rendition.objects.filter(image=picture).values_list("name", flat=True))


def test_it_leaves_the_story_its_lists_and_its_files_at_once_and_another_stands_in(shown, pictures, editor, reader):
    bad, good = pictures
    path, names = shown.address.path, files_of(bad)
    assert all(reader.get(f"/media/{name}").status_code == 200 for name in names)

    takedowns.take_down(bad, why="A face.", by=editor, fallback=good)

    page = reader.get(path).content.decode()
    assert "The bad caption." not in page
    assert "Own words" not in page
    assert "The good caption." in page
    assert not any(name in page for name in names)
    for name in names:
        assert reader.get(f"/media/{name}").status_code == 404
        assert reader.get(f"/media/{name}", headers={"If-None-Match": f'"{name}"'}).status_code == 404
    for where in ("/", "/latest/", "/feed.xml", "/middle-east/"):
        said = reader.get(where).content.decode()
        assert not any(name in said for name in names), where
    log = surroundings.of(reading.published(shown.article_id, shown.number), timezone.now()).log
    assert log[-1].note == "A picture was taken down."


def test_without_another_the_story_goes_on_without_a_picture(shown, pictures, editor):
    takedowns.take_down(pictures[0], why="A face.", by=editor)

    live = store.live(shown.article, at=timezone.now())
    assert (live.cover, list(live.pictures)) == ("", [str(pictures[1].uid)])
    assert live.body_html.startswith('<p>Words.</p>\n<div data-kind="gallery">')
    shown.refresh_from_db()
    assert shown.cover == str(pictures[0].uid)


def test_what_waits_goes_out_without_it_and_the_working_copy_must_be_mended_first(story, pictures, editor, reader):
    bad, _good = pictures
    story = drafts.save(story, replace(manuscripts.of(story), cover=str(bad.uid)), seen=1, by=editor)
    then = timezone.now() + timedelta(hours=1)
    schedule.schedule(drafts.sealed(story, by=editor), to=then, by=editor)

    takedowns.take_down(bad, why="A face.", by=editor)

    assert store.live(story, at=then).cover == ""
    assert [f.sentence for f in checks.run(story) if f.stops] == [
        "The picture “bad” was taken down. Choose another, or take it out."
    ]
    schedule.unschedule(store.waiting(story, at=timezone.now()).get(), by=editor)
    with pytest.raises(publishing.Blocked):
        publishing.publish(drafts.sealed(story, by=editor), by=editor)


def test_a_portrait_is_taken_down_too(shown, pictures, editor, reader):
    bad, good = pictures
    Author.objects.update(picture=bad)

    takedowns.take_down(bad, why="A face.", by=editor, fallback=good)

    assert Author.objects.get().picture == good
    assert not any(name in reader.get("/author/news-desk/").content.decode() for name in files_of(bad))


def test_it_may_be_used_again_and_no_story_gets_it_back_by_itself(shown, pictures, editor):
    taken = takedowns.take_down(pictures[0], why="A face.", by=editor)
    with pytest.raises(takedowns.NotDown):
        takedowns.take_down(pictures[0], why="Again.", by=editor)

    takedowns.show_again(taken, by=editor, why="The face was blurred.")

    assert store.live(shown.article, at=timezone.now()).cover == ""
    assert not [f for f in checks.run(shown.article) if f.stops]
    with pytest.raises(takedowns.NotDown):
        takedowns.show_again(taken, by=editor, why="Again.")


def test_what_cannot_stand_in_says_why(pictures, editor, reporter):
    bad, good = pictures
    Image.objects.filter(pk=good.pk).update(credit="")
    good.refresh_from_db()
    for fallback, why in ((good, "lacks a credit"), (bad, "Choose another")):
        with pytest.raises(takedowns.NoFallback, match=why):
            takedowns.take_down(bad, why="A face.", by=editor, fallback=fallback)
    with pytest.raises(moves.NoteWanted):
        takedowns.take_down(bad, why=" ", by=editor)
    with pytest.raises(roles.Refused, match="Ask an editor"):
        takedowns.take_down(bad, why="A face.", by=reporter)
    assert not Takedown.objects.exists()


def test_the_page_lists_where_readers_meet_it_and_takes_it_down(shown, pictures, at, editor, picture_editor):
    bad, good = pictures
    page, client = reverse("admin:articles_image_takedown", args=[bad.pk]), at(editor)
    assert "Base handed over" in client.get(page).content.decode()
    assert at(picture_editor).get(page).status_code == 403

    client.post(page, {"why": "A face.", "fallback": good.pk})
    assert "“good” stands in its place." in client.get(page).content.decode()
    client.post(page, {"why": "It was blurred."})

    assert Takedown.objects.get().ended_by == editor
    assert Publication.objects.count() == 2
