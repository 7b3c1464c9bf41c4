"""What a link preview shows of a story, and what stands at a story's end: its series, and how it is cited."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from articles.desk import registers, takedowns
from articles.front import cards
from articles.live import reading
from articles.models import Publication, Tag
from articles.photos import renditions

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def opened(answer) -> Image.Image:
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    picture = Image.open(BytesIO(answer.content))
    assert picture.size == (1200, 630)
    return picture


def test_a_story_has_a_picture_for_link_previews_drawn_from_its_own(reader, tell, photograph):
    renditions.ensure([photograph])
    plain, pictured = tell(headline="One"), tell(headline="Two", cover=str(photograph.uid))
    without, having = opened(reader.get(f"/card/{plain.pk}.jpg")), opened(reader.get(f"/card/{pictured.pk}.jpg"))
    assert without.getpixel((600, 40)) == pytest.approx((18, 24, 27), abs=4)  # the dark ground, to the top
    assert having.getpixel((600, 40)) != pytest.approx((18, 24, 27), abs=40)
    assert len(having.info.get("exif", b"")) == 0


def test_it_is_drawn_once_and_another_version_has_another(reader, tell, retell, monkeypatch):
    story = tell(headline="One")
    first = reader.get(f"/card/{story.pk}.jpg")
    monkeypatch.setattr(cards, "draw", None)
    assert reader.get(f"/card/{story.pk}.jpg").content == first.content
    assert reader.get(f"/card/{story.pk}.jpg", headers={"If-None-Match": first["ETag"]}).status_code == 304
    monkeypatch.undo()
    changed = retell(story, at=MORNING, headline="Another")
    assert reader.get(f"/card/{story.pk}.jpg").status_code == 404
    assert reader.get(f"/card/{changed.pk}.jpg").content != first.content


def test_what_is_not_public_has_none(reader, tell, withdraw):
    story = tell()
    withdraw(story, at=MORNING)
    for number in (story.pk, 4711, 0, 2**63, 10**40):
        assert reader.get(f"/card/{number}.jpg").status_code == 404


def test_a_picture_that_was_taken_down_is_gone_from_it(reader, tell, photograph, editor):
    renditions.ensure([photograph])
    story = tell(cover=str(photograph.uid))
    assert reader.get(f"/card/{story.pk}.jpg").status_code == 200
    takedowns.take_down(photograph, why="The family asks.", by=editor)
    assert reader.get(f"/card/{story.pk}.jpg").status_code == 404
    now = Publication.objects.at(timezone.now()).get()
    assert opened(reader.get(f"/card/{now.pk}.jpg")).getpixel((600, 40)) == pytest.approx((18, 24, 27), abs=4)


@pytest.mark.parametrize(
    "words",
    [
        {"headline": "Word " * 60},
        {"headline": "Donaudampfschifffahrtsgesellschaftskapitän" * 4},
        {"headline": "القوات تغادر القاعدة", "language": "ar"},
        {"headline": "部隊が基地を去る", "kicker": "イラク"},
    ],
    ids=["long", "one word", "Arabic", "Japanese"],
)
def test_any_headline_can_be_drawn(tell, words):
    shown = reading.cards([tell().pk], timezone.now())[0]
    assert Image.open(BytesIO(cards.draw(replace(shown, **words), None))).size == (1200, 630)
    assert Image.open(BytesIO(cards.draw(replace(shown, **words), jpeg_of(300, 900)))).size == (1200, 630)


def jpeg_of(width: int, height: int) -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), "teal").save(written, "JPEG")
    return written.getvalue()


def test_the_parts_of_a_series_lead_to_each_other(reader, tell, editor):
    registers.record(Tag(name="The road to Kirkuk", slug="road-to-kirkuk", kind="series"), by=editor)
    tags = ("iraq", "road-to-kirkuk")
    parts = [tell(headline=f"Part {n}", slug=f"part-{n}", tags=tags, at=NOON + n * HOUR) for n in range(3)]
    tell(headline="Another story", tags=("iraq",), at=NOON + 5 * HOUR)

    def at_the_end(slug: str) -> str:
        page = reader.get(f"/middle-east/{slug}/").content.decode()
        return page.partition('<nav class="series"')[2].partition("</nav>")[0]

    first, second, third = (at_the_end(f"part-{n}") for n in range(3))
    assert 'href="/topic/road-to-kirkuk/">The road to Kirkuk</a>' in first
    assert ("Part 1" in first, 'rel="prev"' in first) == (True, False)
    assert 'href="/middle-east/part-0/" rel="prev"' in second
    assert 'href="/middle-east/part-2/" rel="next"' in second
    assert ("Part 1" in third, 'rel="next"' in third) == (True, False)
    assert len(parts) == 3


def test_a_story_says_how_it_is_cited(reader, tell):
    tell(headline="Base handed over", slug="base")
    page = reader.get("/middle-east/base/").content.decode()
    cited = page.partition("Cite this story</summary>")[2].partition("</details>")[0]
    assert "“Base handed over”" in cited
    assert "2 November 2026.<br>http://127.0.0.1:8000/middle-east/base/" in cited


def test_the_sitemap_names_the_picture_of_each_story(reader, tell, photograph):
    renditions.ensure([photograph])
    tell(cover=str(photograph.uid))
    tell()
    page = reader.get("/sitemap.xml").content.decode()
    (address,) = [part.partition("</image:loc>")[0] for part in page.split("<image:loc>")[1:]]
    assert reader.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
