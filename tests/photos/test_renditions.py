"""Public files: made once, named by their content, and never half there."""

import threading
from io import BytesIO

import pytest
from django.core.files.storage import storages
from django.db import connection
from PIL import Image as Pillow

from articles.models import Author, Event, Image, Rendition, Stamp
from articles.photos import hatch, intake, recipes, renditions, tasks

from . import pictures

pytestmark = pytest.mark.django_db


EVERYWHERE = (recipes.COVER, recipes.BODY)


def made_of(image: Image) -> dict[str, str]:
    return dict(image.renditions.values_list("recipe", "name"))


def made_of_crop(image: Image, crop: str) -> int:
    """The width of the only file of that crop."""
    return image.renditions.get(crop=crop).width


@pytest.fixture
def children(monkeypatch):
    """Counts the jobs that go through the hatch."""
    jobs, develop = [], hatch.develop

    def counted(*args, **options):
        jobs.append(len(options["prints"]))
        return develop(*args, **options)

    monkeypatch.setattr(hatch, "develop", counted)
    return jobs


def test_a_picture_gets_its_public_files_and_their_rows(received, lying_in, content_of):
    image = received()
    renditions.ensure([image])
    natural = {"natural-480.avif", "natural-480.jpg", "natural-800.avif", "natural-800.jpg", "natural-800.webp"}
    assert set(made_of(image)) == natural, "nobody has placed it yet"
    renditions.ensure([image], places=[recipes.COVER])
    assert set(made_of(image)) == natural | {
        *("wide-800.avif", "wide-800.jpg", "card-480.avif", "card-480.jpg", "card-800.avif", "card-800.jpg"),
        f"classic-{made_of_crop(image, 'classic')}.jpg",
    }
    assert lying_in("public") == sorted(made_of(image).values())
    for row in image.renditions.all():
        content = content_of("public", row.name)
        with Pillow.open(BytesIO(content)) as picture:
            assert (picture.size, len(content)) == ((row.width, row.height), row.byte_size)
            assert picture.format == {"jpg": "JPEG", "avif": "AVIF", "webp": "WEBP"}[row.format]
        assert row.recipe == f"{row.crop}-{row.width}.{row.format}"


def test_a_name_tells_nothing_and_cannot_be_guessed_without_our_key(received, settings):
    image = received()
    names = set(renditions.wanted_of(image))
    for name in names:
        folder, _, rest = name.partition("/")
        stem, _, extension = rest.partition(".")
        assert (len(folder), len(stem), extension in ("avif", "webp", "jpg")) == (2, 38, True)
        assert image.sha256[:8] not in name
        assert str(image.uid) not in name
    settings.SECRET_KEY = "another key, of another newsroom, and long enough"
    assert names.isdisjoint(renditions.wanted_of(image))


def test_the_second_time_nothing_is_made(received, children, django_assert_num_queries):
    image = received()
    renditions.ensure([image], places=EVERYWHERE)
    before = made_of(image)
    with django_assert_num_queries(4):  # what is there, which crops, and where it stands: on pages, as a portrait
        renditions.ensure([image], places=EVERYWHERE)
    assert (children, made_of(image)) == ([12], before)


def test_a_public_file_that_is_gone_is_made_again(received, children):
    image = received()
    renditions.ensure([image], places=EVERYWHERE)
    storages["public"].delete(made_of(image)["card-480.jpg"])
    renditions.ensure([image], places=EVERYWHERE)
    assert children == [12, 1]
    assert storages["public"].exists(made_of(image)["card-480.jpg"])


def test_a_picture_that_is_awaited_needs_no_files(picture_editor, children):
    renditions.ensure([intake.expect("K1.jpg", by=picture_editor)])
    assert children == []


def test_another_focus_makes_other_crops_and_leaves_the_uncropped_files(received, picture_editor, children, lying_in):
    image = received()
    renditions.ensure([image], places=EVERYWHERE)
    before, files = made_of(image), lying_in("public")
    image = intake.describe(image, by=picture_editor, seen=1, focal_y=0)
    renditions.ensure([image], places=EVERYWHERE)
    after = made_of(image)
    assert {name for name in after if after[name] == before[name]} == {
        name
        for name in before
        if name.startswith(("natural", "classic"))  # of 4:3 itself, it is not cropped either
    }
    assert set(files) < set(lying_in("public")), "no public file is deleted"
    assert children == [12, 6]


def test_a_picture_that_may_not_be_cropped_loses_its_crops(received, picture_editor, children):
    image = received()
    renditions.ensure([image], places=EVERYWHERE)
    image = intake.describe(image, by=picture_editor, seen=1, keep_whole=True)
    renditions.ensure([image], places=EVERYWHERE)
    assert {name.partition("-")[0] for name in made_of(image)} == {"natural"}
    assert children == [12]


def test_another_credit_is_in_other_files(received, picture_editor):
    image = received()
    before = set(renditions.wanted_of(image))
    image = intake.describe(image, by=picture_editor, seen=1, credit="Jo Roe/Royal Navy")
    assert before.isdisjoint(renditions.wanted_of(image))


def test_public_files_name_the_owner_and_keep_the_notes_of_the_desk(received, content_of):
    image = received(pictures.telltale(), rights_note="paid until May", restrictions="not for television")
    renditions.ensure([image])
    for row in image.renditions.all():
        content = content_of("public", row.name)
        assert b"US Department of Defense" in content
        for private in (
            b"paid until May",
            b"television",
            b"CREDIT",
            str(image.uid).encode(),
            pictures.SERIAL.encode(),
            b"GPS",
        ):
            assert private not in content


def test_a_picture_without_any_owner_says_only_its_credit(received):
    image = received(credit="", name="picture.jpg")
    assert not any(renditions._notice(image).values())


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_the_same_files(received, lying_in):
    image = received()
    Rendition.objects.all().delete()
    start, faults = threading.Barrier(2), []

    def work():
        start.wait()
        try:
            renditions.ensure([Image.objects.get(pk=image.pk)])
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    both = [threading.Thread(target=work) for _ in range(2)]
    [one.start() for one in both]
    [one.join() for one in both]
    assert faults == []
    assert lying_in("public") == sorted(made_of(image).values())
    assert len(made_of(image)) == 5


def test_files_of_a_picture_that_changed_meanwhile_are_not_written_down(received, picture_editor, monkeypatch):
    image, develop = received(), hatch.develop

    def slow(*args, **options):
        intake.describe(image, by=picture_editor, seen=1, focal_y=0)
        return develop(*args, **options)

    monkeypatch.setattr(hatch, "develop", slow)
    renditions.ensure([image])
    assert {name.partition("-")[0] for name in made_of(image)} == {"natural"}


def test_the_task_makes_the_files_of_one_picture(received):
    image = received()
    tasks.make.func(str(image.uid))
    assert len(made_of(image)) == 5
    tasks.make.func("00000000-0000-4000-8000-000000000000")


def test_files_are_ordered_when_the_transaction_stands(received, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as ordered:
        image = received()
    assert made_of(image) == {}
    [make] = ordered
    make()
    assert len(made_of(image)) == 5


def test_a_picture_on_no_page_makes_no_page_old(received):
    image = received()
    renditions.ensure([image])
    assert not Stamp.objects.filter(name=f"picture:{image.uid}").exists()


def test_new_files_of_a_picture_on_a_page_make_that_page_old(picture_editor, published):
    said = {"alt_text": "Soldiers pack", "rights_basis": Image.Rights.US_FEDERAL}
    image = intake.expect("K1 160320 CREDIT US DEPARTMENT OF DEFENSE.jpg", by=picture_editor, **said)
    published(cover=str(image.uid))
    assert not Stamp.objects.filter(name=f"picture:{image.uid}").exists()
    renditions.ensure([intake.supply(image, pictures.upload(pictures.jpeg()), by=picture_editor)])
    assert Stamp.objects.filter(name=f"picture:{image.uid}").exists()


def test_new_files_of_a_portrait_make_the_authors_page_old(received, news_desk):
    image = received()
    Author.objects.filter(pk=news_desk.pk).update(picture=image)
    renditions.ensure([image])
    assert Stamp.objects.filter(name=f"picture:{image.uid}").exists()


def test_a_lost_original_gets_a_sentence(received):
    image = received()
    storages["default"].delete(image.file.name)
    with pytest.raises(
        renditions.Failed, match="The original of “K1 Air Base” is not in the picture folder: ask your operator."
    ):
        renditions.ensure([image])


def test_a_public_folder_that_cannot_be_written_gets_a_sentence_and_no_rows(received, settings, tmp_path):
    image = received()
    (tmp_path / "public").write_text("a file where the folder should be")
    settings.STORAGES = settings.STORAGES | {
        "public": {"BACKEND": "newsroom.storage.PublicStorage", "OPTIONS": {"location": tmp_path / "public" / "deeper"}}
    }
    with pytest.raises(renditions.Failed, match="The picture folder cannot be written .+: ask your operator"):
        renditions.ensure([image])
    assert made_of(image) == {}


def test_a_store_that_does_not_answer_gets_a_sentence_and_no_picture_is_opened(received, keep_in, dead_store, children):
    image = received()
    renditions.ensure([image])
    keep_in(dead_store)
    with pytest.raises(renditions.Failed, match="the store cannot be asked"):
        renditions.ensure([image])
    assert len(children) == 1


def test_an_original_that_the_darkroom_refuses_gets_a_sentence(received, settings):
    image = received()
    settings.PICTURE_MAX_PIXELS = 1000
    with pytest.raises(
        renditions.Failed, match="The public files of “K1 Air Base” could not be made. .+ million pixels"
    ):
        renditions.ensure([image])


def test_making_files_is_no_event(received):
    image = received()
    renditions.ensure([image])
    assert list(Event.objects.about("image", image.pk).values_list("verb", flat=True)) == ["received"]
