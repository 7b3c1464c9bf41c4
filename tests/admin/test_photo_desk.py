"""The photo desk's pages: the grid, many pictures at once, sources side by side, replacing, deleting, waivers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import BulkChange, Collection, Event, Image, PictureText, Waiver
from articles.photos import agencies, intake, looking, twins
from tests.photos import pictures

pytestmark = pytest.mark.django_db

LIST = reverse("admin:articles_image_changelist")


@pytest.fixture
def picture(picture_editor):
    def make(name: str, size=(96, 64), **facts) -> Image:
        content = pictures.jpeg(*size, comment=name)
        return intake.receive(pictures.upload(content, name), by=picture_editor, **facts)

    return make


def shown(client, **question) -> list[str]:
    return [shot.image.title for shot in client.get(LIST, question, follow=True).context["shots"]]


def page(name: str, *arguments) -> str:
    return reverse(f"admin:articles_image_{name}", args=arguments)


def test_words_find_pictures_by_caption_credit_place_number_and_name_without_accents(at, picture, picture_editor):
    picture("a.jpg", title="One", caption="Vehículos leave Kirkuk", credit="Royal Navy")
    picture("200505-A-FJ190-1046.jpg", title="Two", place="Erbil", keywords="convoy, dust")
    client = at(picture_editor)
    for question, found in {
        "vehiculos": ["One"],
        "KIRKUK navy": ["One"],
        "fj190": ["Two"],
        "dust": ["Two"],
        "erb": ["Two"],
        "irku": ["One"],
        "no": [],
        "ku vy": ["One"],
        "kirkuk vy": ["One"],
        "o": ["Two", "One"],
        'ku"k': [],
        '"kirkuk"': [],
        "kir* OR": [],
        "k%k": [],
        "nothing of it": [],
        "": ["Two", "One"],
    }.items():
        assert shown(client, q=question) == found, question


def test_the_words_follow_the_picture(at, picture, picture_editor):
    image = picture("a.jpg", title="One", caption="Somewhere")
    intake.describe(image, by=picture_editor, seen=1, caption="Ännother")
    client = at(picture_editor)
    assert (shown(client, q="annother"), shown(client, q="somewhere")) == (["One"], [])


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL chooses between two ways")
@pytest.mark.parametrize("question", ["kirkuk", "kirkuk navy"])
def test_the_index_is_walked_from_its_end_and_no_more_of_it_than_a_page_shows(question):
    """Reading every hit and then sorting them took half a second with a million pictures."""
    steps = looking.newest(Image.objects.defer("facts"), question, before=9)[:2].explain()
    assert "SCAN articles_picturetext_found VIRTUAL TABLE" in steps
    assert "SEARCH articles_image USING INTEGER PRIMARY KEY" in steps
    assert "ORDER BY" not in steps


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite walks its index from the end")
def test_an_index_can_answer_parts_of_words():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "articles_picturetext_found" in PictureText.objects.filter(words__contains="irku").explain()


def test_pictures_from_before_there_was_a_search_are_read_once_each(picture, monkeypatch):
    names = ["One", "Two", "Three", "Four", "Five"]
    for name in names:
        picture(f"{name}.jpg", title=name)
    PictureText.objects.all().delete()
    monkeypatch.setattr(looking, "AT_ONCE", 2)

    with CaptureQueriesContext(connection) as queries:
        looking.index_missing()

    assert [text.image.title for text in PictureText.objects.order_by("image_id")] == names
    reads = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert len(reads) == 4
    assert all('"id" > ' in sql for sql in reads), "what is done is not looked at again"


def test_filters_find_what_needs_work_what_is_used_and_whose_rights_end(at, picture, picture_editor, published):
    from django.utils import timezone

    today = timezone.localdate()
    ready = {"credit": "Royal Navy", "alt_text": "A lorry.", "rights_basis": "crown"}
    used = picture("used.jpg", title="Used", **ready)
    picture("bare.jpg", title="Bare", credit="", alt_text="")
    picture("ends.jpg", title="Ends", rights_until=today, **ready)
    published(cover=str(used.uid))
    client = at(picture_editor)
    for question, found in {
        ("work", "credit"): ["Bare"],
        ("work", "alt"): ["Bare"],
        ("used", "public"): ["Used"],
        ("used", "yes"): ["Used"],
        ("used", "never"): ["Ends", "Bare"],
        ("ends", "soon"): ["Ends"],
        ("basis", "crown"): ["Ends", "Used"],
        ("used", "by nobody at all"): ["Ends", "Bare", "Used"],
    }.items():
        assert shown(client, **dict([question])) == found, question


def test_the_grid_asks_a_fixed_number_of_questions(at, picture, picture_editor):
    client = at(picture_editor)
    picture("0.jpg")
    with CaptureQueriesContext(connection) as few:
        client.get(LIST, {"q": "a", "used": "never"})
    for number in range(1, 12):
        picture(f"{number}.jpg")
    with CaptureQueriesContext(connection) as many:
        client.get(LIST, {"q": "a", "used": "never"})
    assert len(many) == len(few) <= 10


def test_older_pictures_are_a_page_further(at, picture, picture_editor, monkeypatch):
    from articles.admin import photo_grid

    monkeypatch.setattr(photo_grid, "A_PAGE", 2)
    for name in "abc":
        picture(f"{name}.jpg", title=name)
    client = at(picture_editor)
    assert shown(client) == ["c", "b"]
    older = client.get(LIST).context["older"]
    assert [shot.image.title for shot in client.get(LIST + older).context["shots"]] == ["a"]
    older = client.get(LIST, {"q": "jpg"}).context["older"]
    assert [shot.image.title for shot in client.get(LIST + older).context["shots"]] == ["a"]
    assert client.get(LIST, {"before": "9" * 30}).status_code == 200
    assert client.get(LIST, {"before": "x", "collection": "y"}).status_code == 200


def test_many_pictures_are_described_together_each_with_a_result_and_all_can_be_undone(at, picture, picture_editor):
    one, two = picture("a.jpg", title="One", credit="MOD"), picture("b.jpg", title="Two", credit="")
    client = at(picture_editor)
    together = page("bulk")
    assert client.get(together, {"pk": [one.pk, two.pk]}).status_code == 200
    said = {"pk": [one.pk, two.pk], "say": ["credit", "rights_basis"], "credit": "Royal Navy", "rights_basis": "crown"}
    answer = client.post(together, said | {"place": "not said", "collect": "Iraq 2020"})
    assert {image.title for image in answer.context["done"].changed} == {"One", "Two"}
    assert set(Image.objects.values_list("credit", "rights_basis", "place")) == {("Royal Navy", "crown", "")}
    assert Collection.objects.get(name="Iraq 2020").pictures.count() == 2
    two.refresh_from_db()
    intake.describe(two, by=picture_editor, seen=two.version, caption="Since then")
    change = BulkChange.objects.get()
    answer = client.post(page("undo", change.pk), follow=True)
    assert "“Two” was changed since, and stays." in answer.content.decode()
    assert dict(Image.objects.values_list("title", "credit")) == {"One": "MOD", "Two": "Royal Navy"}
    assert "This was undone already." in client.post(page("undo", change.pk), follow=True).content.decode()


def test_one_picture_that_is_refused_stops_no_other(at, picture, picture_editor):
    first = picture("a.jpg", title="One", rights_from="2030-01-01")
    picture("b.jpg", title="Two")
    said = {
        "pk": list(Image.objects.values_list("pk", flat=True)),
        "say": ["rights_until"],
        "rights_until": "2029-01-01",
    }
    done = at(picture_editor).post(page("bulk"), said).context["done"]
    assert ([i.title for i in done.changed], [i.pk for i, _said in done.refused]) == (["Two"], [first.pk])
    assert "end before they begin" in done.refused[0][1]


def test_nothing_ticked_is_said_in_a_sentence(at, picture, picture_editor, reporter):
    client = at(picture_editor)
    assert "Tick the pictures first." in client.get(page("bulk"), follow=True).content.decode()
    image = picture("a.jpg")
    assert "Tick what you want to say" in client.post(page("bulk"), {"pk": [image.pk]}).content.decode()
    assert at(reporter).get(page("bulk"), {"pk": [image.pk]}).status_code == 403


def test_sources_that_disagree_stand_side_by_side_and_the_editor_chooses(at, picture_editor):
    content = pictures.with_iim({(2, 110): b"Unit photo"})
    image = intake.receive(pictures.upload(content, "Parade 210320 CREDIT ROYAL NAVY.jpg"), by=picture_editor)
    client = at(picture_editor)
    text = client.get(page("change", image.pk)).content.decode()
    assert "Its sources disagree" in text
    client.post(page("source", image.pk), {"use": "credit:0", "seen": image.version})
    image.refresh_from_db()
    assert (image.credit, image.facts["credit"]["source"]) == ("Unit photo", "IPTC")
    assert image.facts["credit"]["others"] == [{"value": "Royal Navy", "source": "file name"}]
    for nonsense in ("credit:9", "sha256:0", "", "credit:x"):
        answer = client.post(page("source", image.pk), {"use": nonsense, "seen": image.version}, follow=True)
        assert "That source is not there any more." in answer.content.decode()


def test_the_credit_of_a_us_picture_is_taken_from_the_captions_bracket(picture_editor):
    caption = b"Vehicles leave. (U.S. Army photo by Spc. Jo Roe)"
    records = {(2, 5): b"200320-A-AB123-1001", (2, 110): b"1st Armored Division", (2, 120): caption}
    image = intake.receive(pictures.upload(pictures.with_iim(records), "x.jpg"), by=picture_editor)
    assert (image.credit, image.virin) == ("U.S. Army photo by Spc. Jo Roe", "200320-A-AB123-1001")
    assert image.facts["credit"]["others"] == [{"value": "1st Armored Division", "source": "IPTC"}]
    assert image.facts["service"]["value"] == "US Army"
    assert image.taken_on.isoformat() == "2020-03-20"


def test_spellings_of_agencies_lead_to_the_one_name_that_editors_chose(at, picture, picture_editor):
    client = at(picture_editor)
    answer = client.post(reverse("admin:articles_agencyname_add"), {"spelling": "Zebra  PICS Agency", "name": "Zebra"})
    assert answer.status_code == 302
    assert picture("a.jpg", credit="Jo Roe/Zebra pics agency").agency == "Zebra"
    assert picture("b.jpg", credit="Jo Roe/PA Wire").agency == "PA"
    entry = agencies.AgencyName.objects.get(name="Zebra")
    client.post(reverse("admin:articles_agencyname_remove", args=[entry.pk]))
    assert agencies.name_of("zebra pics agency") == "zebra pics agency"


def test_alike_pictures_are_suggested_and_flat_ones_never(at, picture_editor):
    def take(content: bytes, name: str) -> Image:
        return intake.receive(pictures.upload(content, name), by=picture_editor)

    one, two = take(pictures.jpeg(640, 480), "a.jpg"), take(pictures.jpeg(320, 240, quality=60), "b.jpg")
    other = take(pictures.as_bytes(pictures.stripes(640, 480)), "c.jpg")
    flat = [take(pictures.as_bytes(pictures.Image.new("RGB", (90 + n, 60), "grey")), f"{n}.jpg") for n in (0, 1)]
    assert twins.near(one) == [two]
    assert twins.near(other) == []
    assert twins.near(flat[0]) == []
    assert "Looks like" in at(picture_editor).get(page("change", one.pk)).content.decode()


def test_another_file_takes_its_place_in_every_story_and_on_the_desk(at, reader, picture, editor, published, story):
    from django.core.files.uploadedfile import SimpleUploadedFile

    image = picture("a.jpg", (900, 600), credit="MOD", alt_text="A lorry.", rights_basis="crown", caption="Lorries.")
    shown_ = published(cover=str(image.uid))
    client = at(editor)
    assert "1 published version has it." in client.get(page("replace", image.pk)).content.decode()
    file = SimpleUploadedFile("better.jpg", pictures.jpeg(960, 640))
    answer = client.post(page("replace", image.pk), {"file": file, "why": "Sharper."}, follow=True)
    assert "The other file stands in its place" in answer.content.decode()
    instead = Image.objects.exclude(pk=image.pk).get()
    assert (instead.credit, instead.caption, instead.width) == ("MOD", "Lorries.", 960)
    story.refresh_from_db()
    assert story.cover == instead
    text = reader.get(shown_.address.path).content.decode()
    assert any(row.name in text for row in instead.renditions.all())
    assert not any(row.name in text for row in image.renditions.all())
    assert Event.objects.filter(verb="replaced").get().details["note"] == "Sharper."


def test_the_same_file_and_no_reason_are_refused_in_a_sentence(at, picture, editor):
    from django.core.files.uploadedfile import SimpleUploadedFile

    image = picture("a.jpg", credit="MOD", alt_text="A lorry.", rights_basis="crown")
    same = SimpleUploadedFile("a.jpg", pictures.jpeg(96, 64, comment="a.jpg"))
    answer = at(editor).post(page("replace", image.pk), {"file": same, "why": "x"})
    assert "This is the same file." in answer.content.decode()


def test_a_picture_that_nobody_uses_can_be_deleted_and_one_in_use_cannot(
    at, picture, picture_editor, published, django_capture_on_commit_callbacks
):
    from django.core.files.storage import storages

    used = picture("a.jpg", credit="MOD", alt_text="A lorry.", rights_basis="crown")
    spare = picture("b.jpg", (120, 80))
    published(cover=str(used.uid))
    client = at(picture_editor)
    answer = client.post(page("discard", used.pk), follow=True)
    assert "cannot be deleted: it stands in a story, in what was published" in answer.content.decode()
    gone, stays = spare.file.name, used.file.name
    assert "Delete this picture" in client.get(page("change", spare.pk)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("discard", spare.pk))
    assert not Image.objects.filter(pk=spare.pk).exists()
    assert Event.objects.filter(verb="deleted").get().details["sha256"] == spare.sha256
    assert [storages["default"].exists(name) for name in (gone, stays)] == [False, True]


def test_a_shape_is_cut_by_hand_in_the_form(at, picture, picture_editor, filled):
    image = picture("a.jpg", (1200, 800))
    client, url = at(picture_editor), page("change", image.pk)
    cut = {"crop_wide_0": "100", "crop_wide_1": "200", "crop_wide_2": "500"}
    client.post(url, filled(client, url, **cut))
    image.refresh_from_db()
    assert image.own_crops == {"wide": [100, 200, 600, 622]}
    answer = client.post(url, filled(client, url, **cut | {"crop_wide_2": ""}))
    assert "Give all three numbers, or none" in answer.content.decode()
    answer = client.post(url, filled(client, url, **cut | {"crop_wide_0": "900"}))
    assert "does not lie within the picture" in answer.content.decode()


def test_the_editor_is_told_what_the_original_carries_and_taking_it_is_on_the_record(at, picture_editor):
    image = intake.receive(pictures.upload(pictures.telltale(), "a.jpg"), by=picture_editor)
    client = at(picture_editor)
    assert "gps, owner, serial numbers" in client.get(page("change", image.pk)).content.decode()
    assert b"".join(client.get(reverse("admin:original", args=[image.uid])).streaming_content)
    assert Event.objects.filter(verb="took the original").get().details["carries"] == ["gps", "owner", "serial numbers"]


def test_the_page_of_a_waiver_gives_it_and_takes_it_back(at, picture, editor, reporter, story):
    image = picture("a.jpg", credit="", rights_basis="")
    url = reverse("admin:articles_article_waive", args=[story.pk, image.pk])
    client = at(editor)
    client.post(url, {"why": "Handed over."})
    assert Waiver.objects.get().why == "Handed over."
    client.post(url, {"take_back": "1"})
    assert not Waiver.objects.exists()
    assert "This field is required" in client.post(url, {"why": " "}).content.decode()
    assert at(reporter).get(url).status_code == 403


def test_verifying_by_form_says_what_is_wrong(at, picture, picture_editor):
    image = picture("a.jpg")
    client = at(picture_editor)
    answer = client.post(page("verify", image.pk), {"found": "place", "how": "", "seen": 1}, follow=True)
    assert "Say how it was verified" in answer.content.decode()
    client.post(page("verify", image.pk), {"found": "place", "how": "The tower is in Mosul.", "seen": 1})
    image.refresh_from_db()
    assert (image.verification, image.verified_by) == ("place", picture_editor)
