"""Rights that begin and end by themselves, pictures that must not go out, and who may set that aside."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.desk import checks, clearing, publishing, rights_ending, roles, waivers
from articles.models import Event, Image, Notice, Rendition, Takedown
from articles.photos import intake
from tests.photos import pictures

pytestmark = pytest.mark.django_db

LAST_DAY = date(2030, 5, 31)
NOON = timezone.make_aware(datetime(2030, 5, 31, 12))
MIDNIGHT = timezone.make_aware(datetime(2030, 6, 1))


@pytest.fixture
def picture(picture_editor):
    def make(name: str, size=(900, 600), **facts) -> Image:
        said = {"credit": "Royal Navy", "alt_text": "A lorry.", "rights_basis": "crown"} | facts
        return intake.receive(pictures.upload(pictures.jpeg(*size, comment=name), name), by=picture_editor, **said)

    return make


@pytest.fixture
def ending(picture, published):
    """A live story with a picture whose rights end, and with another in its text."""
    lead, spare = (
        picture("lead.jpg", title="Lead"),
        picture("spare.jpg", (1200, 800), title="Spare", alt_text="A spare."),
    )
    with time_machine.travel(NOON, tick=False):
        lead = intake.describe(
            lead, by=lead.received_by, seen=lead.version, rights_until=LAST_DAY, fallback=spare.uid, caption="Lorries."
        )
        shown = published(cover=str(lead.uid), body=f'<p>Text.</p><figure data-image="{lead.uid}"></figure>')
    return shown, lead, spare


def names(image: Image) -> list[str]:
    return list(Rendition.objects.filter(image=image).values_list("name", flat=True))


def page_at(reader, path: str, moment: datetime) -> str:
    with time_machine.travel(moment, tick=False):
        return reader.get(path).content.decode()


def test_at_the_end_of_its_last_day_a_picture_is_gone_from_page_feed_and_files_at_that_second(
    reader, ending, picture_editor
):
    from articles.photos import renditions

    shown, lead, spare = ending
    renditions.ensure([spare], places=("cover", "body"))
    path, files = shown.address.path, names(lead)
    assert files
    before, after = MIDNIGHT - timedelta(seconds=1), MIDNIGHT
    assert any(name in page_at(reader, path, before) for name in files)
    for address in (path, "/", "/feed.xml"):
        page = page_at(reader, address, after)
        assert not any(name in page for name in files), address
        assert any(name in page for name in names(spare)), address
    story = page_at(reader, path, after)
    assert "Lorries." not in story
    assert "A spare." in story
    with time_machine.travel(before, tick=False):
        answer = reader.get(f"/media/{files[0]}")
        assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=1")
        assert reader.get(f"/media/{names(spare)[0]}").status_code == 404, "nothing public shows it yet"
    with time_machine.travel(after, tick=False):
        assert reader.get(f"/media/{files[0]}").status_code == 404
        assert reader.get(f"/media/{names(spare)[0]}").status_code == 200


def test_without_another_picture_the_figure_is_gone(reader, ending, picture_editor):
    shown, lead, _spare = ending
    with time_machine.travel(NOON, tick=False):
        intake.describe(lead, by=picture_editor, seen=lead.version, fallback=None)
    story = page_at(reader, shown.address.path, MIDNIGHT)
    assert "<figure" not in story
    assert "Text." in story


def test_renewed_rights_bring_it_back(reader, ending, picture_editor):
    shown, lead, _spare = ending
    later = MIDNIGHT + timedelta(days=2)
    with time_machine.travel(later, tick=False):
        intake.describe(lead, by=picture_editor, seen=lead.version, rights_until=date(2031, 1, 1))
    assert any(name in page_at(reader, shown.address.path, later + timedelta(seconds=1)) for name in names(lead))
    past = Takedown.objects.get(image=lead, live_until=later)
    assert (past.kind, past.live_from) == (Takedown.Kind.RIGHTS, MIDNIGHT), "the record keeps that it was gone"


def test_a_picture_whose_rights_begin_later_is_nowhere_until_then(picture, picture_editor, story):
    image = picture("a.jpg")
    with time_machine.travel(NOON, tick=False):
        image = intake.describe(image, by=picture_editor, seen=1, rights_from=date(2030, 6, 1))
        found = list(clearing.findings(image, "cover", on=LAST_DAY, has_own_alt=False, waiver=None))
    assert [finding.stops for finding in found] == [True]
    assert "may be used from 1 June 2030 only" in found[0].sentence
    assert Takedown.objects.at(MIDNIGHT - timedelta(seconds=1)).filter(image=image).exists()
    assert not Takedown.objects.at(MIDNIGHT).filter(image=image).exists()


def test_rights_cannot_end_before_they_begin(picture, picture_editor):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="end before they begin"):
        intake.describe(
            picture("a.jpg"), by=picture_editor, seen=1, rights_from=date(2030, 2, 1), rights_until=date(2030, 1, 1)
        )


def test_those_who_keep_pictures_are_told_once_before_and_once_after(ending, picture_editor, editor):
    def told() -> list[str]:
        return list(
            Notice.objects.filter(user=picture_editor, kind="rights").order_by("pk").values_list("sentence", flat=True)
        )

    for moment in (NOON - timedelta(days=40), NOON, NOON + timedelta(hours=1)):
        rights_ending.warn(moment)
    assert [sentence[:28] for sentence in told()] == ["The rights to “Lead” end on "]
    for _beat in range(2):
        rights_ending.warn(MIDNIGHT + timedelta(minutes=1))
    assert len(told()) == 2
    assert "ended on 31 May 2030" in told()[1]
    assert [e.image.title for e in rights_ending.listed(NOON)] == ["Lead"]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("restrictions", "NOT RELEASED"),
        ("restrictions", "FOUO until cleared"),
        ("usage_terms", "For Official Use Only"),
        ("caption", "A boat. (U.S. Navy photo by Jo Roe/Not Released)"),
    ],
)
def test_a_picture_that_is_not_released_goes_out_by_nobodys_leave(picture, editor, published, story, field, words):
    image = picture("a.jpg", **{field: words})
    with pytest.raises(publishing.Blocked, match="marked as not released"):
        published(cover=str(image.uid))
    with pytest.raises(waivers.NothingToWaive):
        waivers.give(story, image, why="It is fine.", by=editor)


def test_a_story_about_papers_that_are_not_released_may_say_so(picture):
    assert not clearing.is_closed(picture("a.jpg", caption="The report was not released to the public on Monday."))


def test_a_named_editor_lets_a_story_go_out_with_a_picture_without_credit(picture, editor, subeditor, published, story):
    image = picture("a.jpg", credit="", rights_basis="")
    with pytest.raises(publishing.Blocked, match="has no credit"):
        published(cover=str(image.uid))
    with pytest.raises(roles.Refused, match="Ask an editor"):
        waivers.give(story, image, why="Handed over in person.", by=subeditor)
    waiver = waivers.give(story, image, why="Handed over in person.", by=editor)
    story.refresh_from_db()
    warned = [f.sentence for f in checks.run(story) if "lets it go out" in f.sentence]
    assert len(warned) == 2
    assert "Edith Okoro lets it go out nevertheless: Handed over in person." in warned[0]
    assert published(cover=str(image.uid))
    assert Event.objects.filter(verb="waived the rights").get().details["note"] == "Handed over in person."
    waivers.take_back(waiver, by=editor)
    assert any("has no credit" in f.sentence and f.stops for f in checks.run(story))


def test_an_unverified_picture_is_no_cover_but_may_stand_in_the_text_and_readers_are_told(
    reader, picture, picture_editor, editor, published
):
    from articles.photos import verifying

    image = picture("a.jpg")
    image = verifying.verify(image, found="unverified", how="", by=picture_editor, seen=1)
    with pytest.raises(publishing.Blocked, match="is not verified, so it cannot be the cover"):
        published(cover=str(image.uid))
    shown = published(cover="", body=f'<p>Text.</p><figure data-image="{image.uid}"></figure>')
    for address in (shown.address.path, "/feed.xml"):
        assert "Not verified" in reader.get(address).content.decode(), address


def test_it_takes_two_people_to_verify_a_picture_fully(picture, picture_editor, editor):
    from articles.photos import verifying

    image = picture("a.jpg")
    with pytest.raises(verifying.HowWanted):
        verifying.verify(image, found="fully", how=" ", by=editor, seen=1)
    image = verifying.verify(image, found="fully", how="The bridge is the one at Mosul.", by=editor, seen=1)
    assert (image.told_verification, image.is_fully_verified) == ("unverified", False)
    with pytest.raises(intake.Refused, match="Somebody else has to look"):
        verifying.verify(image, found="fully", how="Again.", by=editor, seen=2)
    with pytest.raises(intake.Stale):
        verifying.verify(image, found="fully", how="Shadows fit.", by=picture_editor, seen=1)
    image = verifying.verify(image, found="fully", how="Shadows fit 09:00.", by=picture_editor, seen=2)
    assert (image.told_verification, image.is_fully_verified) == ("fully", True)
    assert image.verification_note == "The bridge is the one at Mosul.\nShadows fit 09:00."


def test_handouts_file_pictures_and_pictures_made_by_machines_are_labelled(picture):
    image = picture(
        "a.jpg", rights_basis="handout", taken_on="2020-01-01", digital_source_type="trainedAlgorithmicMedia"
    )
    assert image.labels(date(2020, 6, 1)) == ["handout", "file", "ai-made"]
    assert image.labels(date(2020, 1, 20)) == ["handout", "ai-made"]


def test_labels_and_wording_stand_in_page_feed_and_data(reader, picture, published):
    image = picture("a.jpg", rights_basis="us-federal", digital_source_type="compositeWithTrainedAlgorithmicMedia")
    shown = published(cover=str(image.uid), body=f'<p>Text.</p><figure data-image="{image.uid}"></figure>')
    story = reader.get(shown.address.path).content.decode()
    assert '<span class="told">Changed with AI</span>' in story
    assert "does not imply or constitute DoD endorsement" in story
    assert "digitalsourcetype/compositeWithTrainedAlgorithmicMedia" in story
    assert "Changed with AI." in reader.get("/feed.xml").content.decode()
