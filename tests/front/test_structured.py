"""A story's page as machines read it: JSON-LD and the head."""

import json
from datetime import timedelta

import extruct
import pytest

from articles.models import Publication, Section

from .conftest import NOON
from .test_views import HOSTILE, LONG

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SITE = "http://127.0.0.1:8000"


def graph(reader, path="/middle-east/base/"):
    """{type: object} of the page's JSON-LD, read as a search engine would."""
    page = reader.get(path).content.decode()
    (data,) = extruct.extract(page, base_url=SITE, syntaxes=["json-ld"])["json-ld"]
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def social(reader, path="/middle-east/base/"):
    page = reader.get(path).content.decode()
    (found,) = extruct.extract(page, base_url=SITE, syntaxes=["opengraph"])["opengraph"]
    return dict(found["properties"]) | {"type": found.get("@type")}


def test_a_story_is_a_news_article(reader, tell, photograph):
    tell(slug="base", headline="Base handed over", cover=str(photograph.uid))
    article = graph(reader)["NewsArticle"]
    image = article.pop("image")
    assert article == {
        "@type": "NewsArticle",
        "headline": "Base handed over",
        "description": "The third base in a month.",
        "datePublished": "2026-11-02T12:00:00+00:00",
        "dateModified": "2026-11-02T12:00:00+00:00",
        "mainEntityOfPage": f"{SITE}/middle-east/base/",
        "author": [{"@type": "Organization", "name": "News desk", "url": f"{SITE}/author/news-desk/"}],
        "publisher": {"@type": "NewsMediaOrganization", "name": "Northing", "url": f"{SITE}/"},
        "articleSection": "Middle East",
        "keywords": ["Iraq"],
        "wordCount": 10,
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
    }
    assert (image["@type"], image["creditText"], image["caption"]) == (
        "ImageObject",
        "US Department of Defense",
        "Lorries at the gate.",
    )
    served = reader.get(image["url"].removeprefix(SITE))
    assert served["Content-Type"] == "image/jpeg"
    assert image["width"] == 800
    assert social(reader)["og:image"] == f"{SITE}/card/{Publication.objects.get().pk}.jpg"


def test_only_a_change_of_substance_moves_the_date_of_change(reader, tell, retell):
    live = tell(slug="base")
    retell(live, at=NOON + HOUR, change="typo", headline="Base handed ovr")
    assert graph(reader)["NewsArticle"]["dateModified"] == "2026-11-02T12:00:00+00:00"
    retell(live, at=NOON + 2 * HOUR, change="update", headline="Big")
    assert graph(reader)["NewsArticle"]["dateModified"] == "2026-11-02T14:00:00+00:00"


def test_a_day_stays_a_day(reader, tell):
    tell(slug="base", dated_on="2020-03-29")
    article = graph(reader)["NewsArticle"]
    assert (article["datePublished"], article["dateModified"]) == ("2020-03-29", "2020-03-29")


def test_a_picture_without_a_file_is_not_passed_off_as_one(reader, tell, awaited):
    tell(slug="base", cover=str(awaited.uid))
    card = {"@type": "ImageObject", "url": f"{SITE}/share-card.png", "width": 1200, "height": 630}
    assert graph(reader)["NewsArticle"]["image"] == card


def test_who_signs_is_a_person_an_organisation_or_in_the_end_the_outlet(reader, tell):
    from articles.manuscript import BylineLine

    tell(slug="base", bylines=(BylineLine(text="Ann Example"), BylineLine(text="Bo Example", role="Pictures by")))
    assert graph(reader)["NewsArticle"]["author"] == [{"@type": "Person", "name": "Ann Example"}]


def test_the_way_down_to_the_story_is_told(reader, tell, section):
    Section.objects.create(name="The Gulf", slug="the-gulf", parent=section)
    tell(slug="base", section="the-gulf", headline="Base handed over")
    steps = graph(reader, "/the-gulf/base/")["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "Northing", f"{SITE}/"),
        (2, "Middle East", f"{SITE}/middle-east/"),
        (3, "The Gulf", f"{SITE}/the-gulf/"),
        (4, "Base handed over", f"{SITE}/the-gulf/base/"),
    ]


@pytest.mark.parametrize(
    "headline", [HOSTILE, LONG[:283], "a & b < c > d \" e ' f", "هذا نص تجريبي", "\u2028 \u2029 <!--"]
)
def test_no_headline_gets_out_of_the_script_element(reader, tell, headline):
    tell(slug="base", headline=headline)
    assert graph(reader)["NewsArticle"]["headline"].split() == headline.split()
    page = reader.get("/middle-east/base/").content.decode()
    data = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not set(data) & set("<>&\u2028\u2029")
    json.loads(data)


def test_the_head_is_for_search_and_sharing(reader, tell):
    tell(slug="base", headline="On the page", search_headline="For search", standfirst="Short.")
    page = reader.get("/middle-east/base/").content.decode()
    assert "<title>For search | Northing</title>" in page
    assert '<meta name="description" content="Short. Coalition forces have left the base.' in page
    found = social(reader)
    assert found["og:title"] == "For search"
    assert found["og:url"] == f"{SITE}/middle-east/base/"
    assert found["og:site_name"] == "Northing"
    assert '<link rel="canonical" href="http://127.0.0.1:8000/middle-east/base/">' in page


@pytest.mark.parametrize("standfirst", ["Short.", "word " * 200])
def test_every_description_is_of_a_length_that_is_shown(reader, tell, standfirst):
    tell(slug="base", standfirst=standfirst)
    for path in (
        "/",
        "/latest/",
        "/corrections/",
        "/middle-east/",
        "/topic/iraq/",
        "/author/news-desk/",
        "/middle-east/base/",
    ):
        page = reader.get(path).content.decode()
        said = page.partition('<meta name="description" content="')[2].partition('"')[0]
        assert 40 <= len(said) <= 180, path
