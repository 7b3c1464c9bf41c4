"""The pictures' pages: upload, what still needs work, facts, the file of an awaited picture, and who may look."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.admin import pictures as shown_pictures
from articles.models import Image, Rendition
from articles.photos import intake, renditions

from .conftest import sentences

ADD, LIST = "/admin/articles/image/add/", "/admin/articles/image/"
NAME = "Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg"


@pytest.fixture
def picture(picture_editor, image_file) -> Image:
    return intake.receive(image_file(NAME), by=picture_editor)


@pytest.fixture
def awaited(picture_editor) -> Image:
    return intake.expect(NAME, by=picture_editor)


def change(image: Image) -> str:
    return reverse("admin:articles_image_change", args=[image.pk])


def test_several_files_come_in_at_once_and_one_that_is_refused_stops_no_other(at, picture_editor, image_file):
    files = [image_file(NAME), SimpleUploadedFile("notes.jpg", b"no picture"), image_file("Second.jpg", "navy")]

    page = at(picture_editor).post(ADD, {"pictures": files, "awaited": ""}, follow=True)

    assert Image.objects.count() == 2
    assert "“notes.jpg” is not a picture" in sentences(page)
    assert "Still to do: no text alternative, rights not known." in sentences(page)


def test_one_file_leads_to_its_own_page(at, picture_editor, image_file):
    answer = at(picture_editor).post(ADD, {"pictures": [image_file(NAME)]})

    assert answer["Location"] == change(Image.objects.get())


def test_the_same_file_twice_is_one_picture(at, picture_editor, picture, image_file):
    at(picture_editor).post(ADD, {"pictures": [image_file("Another name.jpg")]})

    assert Image.objects.count() == 1


def test_a_picture_can_be_written_down_before_its_file_comes(at, reporter):
    at(reporter).post(ADD, {"awaited": NAME})

    image = Image.objects.get()
    assert (image.is_awaiting_file, image.credit) == (True, "Royal Navy")


def test_a_picture_that_lacks_nothing_is_greeted_so(at, picture_editor, picture, image_file):
    intake.describe(picture, by=picture_editor, seen=1, alt_text="A lorry.", rights_basis="staff")

    page = at(picture_editor).post(ADD, {"pictures": [image_file(NAME)]}, follow=True)

    assert "is here with all that is needed." in sentences(page)


def test_sending_nothing_is_answered(at, reporter):
    page = at(reporter).post(ADD, {})

    assert "Choose one or more files" in sentences(page)


def test_the_list_says_what_needs_work_and_finds_it(at, picture_editor, picture, awaited):
    client = at(picture_editor)

    shown = client.get(LIST).content.decode()
    assert "no text alternative" in shown
    assert "awaiting its file" in shown
    found = client.get(LIST, {"work": "file"}).context["shots"]
    assert [shot.image for shot in found] == [awaited]
    answer = client.get(LIST, {"work": "nonsense"})
    assert [shot.image for shot in answer.context["shots"]] == [awaited, picture]


def test_facts_are_kept_with_their_version(at, picture_editor, picture, filled):
    client = at(picture_editor)

    page = client.post(
        change(picture), filled(client, change(picture), alt_text="A lorry.", rights_basis="staff"), follow=True
    )

    picture.refresh_from_db()
    assert (picture.alt_text, picture.rights_basis, picture.version) == ("A lorry.", "staff", 2)
    assert "A live story shows it once it is published again." in sentences(page)


def test_the_form_says_where_a_fact_was_read(at, picture_editor, picture):
    assert "Read from the file name." in at(picture_editor).get(change(picture)).content.decode()


def test_facts_that_are_behind_are_refused_shown_and_kept_by_a_tick(at, picture_editor, subeditor, picture, filled):
    client = at(picture_editor)
    posted = filled(client, change(picture), alt_text="A lorry.")
    intake.describe(picture, by=subeditor, seen=1, caption="A convoy.")

    page = client.post(change(picture), posted)
    assert [difference.name for difference in page.context["adminform"].form.theirs] == ["caption", "alt_text"]
    assert "A lorry." in page.content.decode()
    client.post(change(picture), posted | {"over": "2"})

    picture.refresh_from_db()
    assert (picture.alt_text, picture.version) == ("A lorry.", 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [("focal_x", "101"), ("taken_on", "yesterday"), ("credit_year", "9" * 30), ("seen", "x"), ("title", "")],
)
def test_facts_that_do_not_fit_are_said_and_nothing_is_saved(field, value, at, picture_editor, picture, filled):
    client = at(picture_editor)

    page = client.post(change(picture), filled(client, change(picture), alt_text="A lorry.", **{field: value}))

    picture.refresh_from_db()
    assert (page.status_code, picture.version, picture.alt_text) == (200, 1, "")


def test_an_awaited_picture_gets_its_file(at, reporter, awaited, image_file):
    url = reverse("admin:articles_image_file", args=[awaited.pk])

    page = at(reporter).post(url, {"file": image_file(NAME)}, follow=True)

    awaited.refresh_from_db()
    assert not awaited.is_awaiting_file
    assert "The file is here." in sentences(page)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"no picture", "is not a picture"), (b"", "Choose the file first."), (None, "Choose the file first.")],
)
def test_a_file_that_is_none_leaves_the_picture_awaited(content, sentence, at, reporter, awaited):
    url = reverse("admin:articles_image_file", args=[awaited.pk])
    posted = {} if content is None else {"file": SimpleUploadedFile("x.jpg", content)}

    page = at(reporter).post(url, posted, follow=True)

    awaited.refresh_from_db()
    assert awaited.is_awaiting_file
    assert sentence in sentences(page) or "is empty" in sentences(page)


def test_a_thumbnail_is_the_smallest_public_file_that_is_wide_enough(at, reporter, picture):
    renditions.ensure([picture])

    answer = at(reporter).get(reverse("admin:thumbnail", args=[picture.uid]))

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-store"
    smallest = Rendition.objects.filter(image=picture, crop="natural", format="jpg").order_by("width").first()
    assert len(b"".join(answer.streaming_content)) == smallest.byte_size


def test_without_public_files_a_small_original_is_shown(at, reporter, picture):
    Rendition.objects.all().delete()

    answer = at(reporter).get(reverse("admin:thumbnail", args=[picture.uid]))

    assert len(b"".join(answer.streaming_content)) == picture.byte_size


def test_a_large_original_and_an_awaited_picture_are_shown_as_a_placeholder(
    at, reporter, picture, awaited, monkeypatch
):
    monkeypatch.setattr(shown_pictures, "SMALL_ENOUGH", 1)
    Rendition.objects.all().delete()
    client = at(reporter)

    for image in (picture, awaited):
        answer = client.get(reverse("admin:thumbnail", args=[image.uid]))
        if image is picture:
            assert answer["Location"].startswith("/placeholder/")
        else:
            assert answer.status_code in (302, 404)


def test_the_original_is_taken_home_under_its_own_name_by_those_who_vouch_for_it(at, picture_editor, reporter, picture):
    url = reverse("admin:original", args=[picture.uid])

    answer = at(picture_editor).get(url)

    assert len(b"".join(answer.streaming_content)) == picture.byte_size
    assert answer["Content-Disposition"] == f'attachment; filename="{NAME}"'
    assert at(reporter).get(url).status_code == 403


def test_an_original_that_is_not_there_is_not_here(at, picture_editor, picture, awaited):
    client = at(picture_editor)
    picture.file.storage.delete(picture.file.name)

    answers = [client.get(reverse("admin:original", args=[image.uid])).status_code for image in (picture, awaited)]

    assert answers == [404, 404]


def test_the_editor_is_offered_the_newest_pictures_that_fit(at, reporter, picture, awaited):
    def choose(**asked):
        return at(reporter).get("/admin/articles/image/choose/", asked).json()["pictures"]

    assert [found["uid"] for found in choose()] == [str(awaited.uid), str(picture.uid)]
    assert [found["credit"] for found in choose(q="convoy navy")] == ["Picture: Royal Navy"] * 2
    assert [found["awaiting"] for found in choose(uid=str(picture.uid))] == [False]
    assert choose(uid="nonsense") == choose(q="nothing like it") == []


def test_a_file_name_is_read_while_the_file_is_still_at_home(at, reporter):
    read = at(reporter).get("/admin/articles/image/read-name/", {"name": NAME}).json()

    assert read == {"title": "Convoy leaves base", "credit": "Royal Navy", "taken_on": "2020-03-21", "problems": ""}


def test_who_may_only_look_sees_the_facts(at, reporter, picture):
    page = at(reporter).get(change(picture))

    assert "Convoy leaves base" in page.content.decode()
    assert "Save</button>" not in page.content.decode()


def test_a_picture_names_the_stories_that_use_it(at, reporter, picture, story):
    from dataclasses import replace

    from articles import manuscript as manuscripts
    from articles.desk import drafts

    drafts.save(story, replace(manuscripts.of(story), cover=str(picture.uid)), seen=1, by=reporter)

    assert "Base handed over" in at(reporter).get(change(picture)).content.decode()
