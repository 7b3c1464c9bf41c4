"""What every site is asked for by machines: feeds in three forms, news sitemap, ninjs and the small files."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree

import extruct
import feedparser
import pytest
from PIL import Image as Canvas

from articles.front import for_machines

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SITE = "http://127.0.0.1:8000"
LISTS = ["/", "/middle-east/", "/topic/iraq/", "/author/news-desk/", "/corrections/"]
NEWS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
    "i": "http://www.google.com/schemas/sitemap-image/1.1",
}


# --- Feeds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_each_list_has_an_atom_feed_that_a_feed_reader_takes(reader, tell, retell, photograph, path):
    told = tell(slug="base", cover=str(photograph.uid))
    retell(told, at=NOON + HOUR, change="correction", note="It was one base.")
    answer = reader.get(f"{path}atom.xml")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.feed.id
    assert feed.feed.updated
    (entry,) = feed.entries
    assert entry.id == feedparser.parse(reader.get(f"{path}feed.xml").content).entries[0].id
    assert entry.link == f"{SITE}/middle-east/base/"
    assert entry.updated == "2026-11-02T13:00:00+00:00"
    if path != "/corrections/":
        assert "Coalition forces have left" in entry.content[0].value
        assert entry.media_credit[0]["content"] == "US Department of Defense"


@pytest.mark.parametrize("path", LISTS)
def test_each_list_has_a_json_feed(reader, tell, retell, photograph, path):
    told = tell(slug="base", cover=str(photograph.uid), standfirst="<i>&")
    retell(told, at=NOON + HOUR, change="correction", note="It was one base.")
    answer = reader.get(f"{path}feed.json")
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{SITE}{path}feed.json"
    assert feed["home_page_url"] == f"{SITE}{path}"
    (item,) = feed["items"]
    assert item["id"].startswith("tag:127.0.0.1,2026-11-02:")
    assert {"url", "title", "date_published", "date_modified"} <= item.keys()
    assert ("content_html" in item) != ("content_text" in item)
    if path != "/corrections/":
        assert item["summary"] == "<i>&"
        assert item["tags"] == ["Middle East", "Iraq"]
        assert item["image"].startswith(f"{SITE}/media/")


def test_feeds_carry_first_lines_alone_where_that_is_set(reader, tell, settings):
    settings.FEED_FULL_TEXT = False
    tell()
    for form in ("feed.xml", "atom.xml", "feed.json"):
        assert b"Coalition forces" not in reader.get(f"/{form}").content
        assert b"The third base in a month." in reader.get(f"/{form}").content


def test_feeds_name_the_hub_where_there_is_one(reader, tell, settings):
    tell()
    hub = "https://hub.example/"
    for form in ("feed.xml", "atom.xml", "feed.json"):
        assert hub.encode() not in reader.get(f"/{form}").content
    settings.WEBSUB_HUB = hub
    for form in ("feed.xml", "atom.xml"):
        links = feedparser.parse(reader.get(f"/{form}").content).feed.links
        assert {"rel": "hub", "href": hub}.items() <= next(link for link in links if link["rel"] == "hub").items()
    assert json.loads(reader.get("/feed.json").content)["hubs"] == [{"type": "WebSub", "url": hub}]


@pytest.mark.parametrize("form", ["feed.xml", "atom.xml", "feed.json"])
def test_a_feed_that_has_not_changed_is_not_sent_again(reader, tell, clock, form):
    tell()
    first = reader.get(f"/{form}")
    clock.move_to(MORNING + HOUR)
    assert reader.get(f"/{form}", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_page_offers_its_feeds_and_the_whole_sites(reader, tell):
    tell()
    page = reader.get("/topic/iraq/").content.decode()
    for path in ("/feed.xml", "/topic/iraq/feed.xml", "/topic/iraq/atom.xml", "/topic/iraq/feed.json"):
        assert page.count(f'href="{path}">') >= 1, path


# --- Sitemaps --------------------------------------------------------------------------------------------------------


def test_the_news_sitemap_has_the_last_two_days_with_their_pictures(reader, tell, photograph, clock):
    tell(slug="old", at=NOON)
    tell(slug="new", at=NOON + 3 * HOUR, headline="A & B", cover=str(photograph.uid))
    tell(slug="of-a-day", dated_on="2026-11-02")
    clock.move_to(NOON + timedelta(hours=49))
    (url,) = ElementTree.fromstring(reader.get("/news-sitemap.xml").content).findall("s:url", NEWS)  # noqa: S314
    assert url.findtext("s:loc", namespaces=NEWS) == f"{SITE}/middle-east/new/"
    said = {name: url.findtext(f".//n:{name}", namespaces=NEWS) for name in ("name", "language", "title")}
    assert said == {"name": "Northing", "language": "en", "title": "A & B"}
    assert url.findtext(".//n:publication_date", namespaces=NEWS) == "2026-11-02T15:00:00+00:00"
    picture = url.findtext(".//i:loc", namespaces=NEWS)
    assert reader.get(picture.removeprefix(SITE))["Content-Type"] == "image/jpeg"


# --- ninjs -----------------------------------------------------------------------------------------------------------


def test_a_story_is_a_ninjs_item_with_its_pictures(reader, tell, photograph):
    tell(slug="base", cover=str(photograph.uid), kicker="Iraq")
    answer = reader.get("/middle-east/base.json")
    assert answer["Content-Type"] == "application/json"
    item = json.loads(answer.content)
    assert item["uri"] == f"{SITE}/middle-east/base/"
    assert item["standard"]["version"] == "3.0"
    assert {head["role"]: head["value"] for head in item["headlines"]} == {"main": "Base handed over", "kicker": "Iraq"}
    html, plain = item["bodies"]
    assert "<p>Coalition forces have left the base.</p>" in html["value"]
    assert plain["value"].startswith("Coalition forces have left the base.")
    assert [subject["name"] for subject in item["subjects"]] == ["Middle East", "Iraq"]
    (picture,) = item["associations"]
    assert picture["by"] == "US Department of Defense"
    for rendition in picture["renditions"]:
        assert reader.get(rendition["href"].removeprefix(SITE)).status_code == 200


def test_ninjs_has_only_names_that_the_schema_knows(reader, tell, photograph):
    """ninjs 3.0 allows no other in its inner objects; these are those that we use."""
    tell(slug="base", cover=str(photograph.uid))
    item = json.loads(reader.get("/middle-east/base.json").content)
    known = {
        "headlines": {"role", "contentType", "value"},
        "descriptions": {"role", "contentType", "value"},
        "bodies": {"role", "contentType", "charCount", "wordCount", "value"},
        "subjects": {"name", "rel", "uri", "literal"},
        "genres": {"name", "rel", "uri", "literal"},
        "trustIndicators": {"role", "title", "href"},
        "renditions": {"name", "href", "contentType", "width", "height", "sizeInBytes"},
    }
    for thing in (item, *item["associations"]):
        for name, allowed in known.items():
            assert all(entry.keys() <= allowed for entry in thing.get(name, ())), name
    for name in ("contentCreated", "versionCreated"):
        assert datetime.fromisoformat(item[name]).tzinfo


def test_ninjs_of_what_is_gone_moved_or_never_was(reader, tell, withdraw):
    withdraw(tell(slug="gone"), at=NOON + HOUR, notice="It named the wrong person.")
    answer = reader.get("/middle-east/gone.json")
    assert answer.status_code == 410
    assert answer.json()["pubStatus"] == "canceled"
    assert answer.json()["edNote"] == "It named the wrong person."
    assert b"Base handed over" not in answer.content
    assert reader.get("/middle-east/none.json").status_code == 404


# --- The small files -------------------------------------------------------------------------------------------------


def test_robots_turn_ai_crawlers_away_where_that_is_set(reader, settings):
    assert "GPTBot" not in reader.get("/robots.txt").content.decode()
    settings.AI_CRAWLERS = False
    said = reader.get("/robots.txt").content.decode()
    refused, others = said.split("Disallow: /\n")
    assert all(f"User-agent: {name}\n" in refused for name in for_machines.AI_CRAWLERS)
    assert "User-agent: *\nAllow: /" in others
    assert f"Sitemap: {SITE}/news-sitemap.xml" in others


def test_security_txt_names_a_contact_and_ends_within_a_year(reader, settings):
    assert reader.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@news.example"
    answer = reader.get("/.well-known/security.txt")
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:security@news.example"
    assert MORNING < datetime.fromisoformat(said["Expires"]) < MORNING + timedelta(days=365)
    assert said["Canonical"] == f"{SITE}/.well-known/security.txt"


def test_humans_txt_says_who_made_it(reader, settings):
    settings.CONTACT_EMAIL = "desk@news.example"
    assert "Contact: desk@news.example" in reader.get("/humans.txt").content.decode()


def test_the_manifest_names_icons_that_are_there_in_their_size(reader):
    answer = reader.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    for icon in answer.json()["icons"]:
        picture = Canvas.open(BytesIO(reader.get(icon["src"]).content))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert reader.get("/icon-7.png").status_code == 404


def test_a_browser_may_search_from_its_address_bar(reader, tell):
    tell()
    about = ElementTree.fromstring(reader.get("/opensearch.xml").content)  # noqa: S314
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert len(about.findtext("o:ShortName", namespaces=space)) <= 16
    template = about.find("o:Url[@type='text/html']", space).get("template")
    asked = template.replace("{searchTerms}", "handed").removeprefix(SITE)
    assert "/middle-east/story-1/" in reader.get(asked).content.decode()


# --- JSON-LD of what is no story -------------------------------------------------------------------------------------


def graph(reader, path):
    page = reader.get(path).content.decode()
    (data,) = extruct.extract(page, base_url=SITE, syntaxes=["json-ld"])["json-ld"]
    return {thing["@type"]: thing for thing in data["@graph"]}


def test_the_home_page_says_how_the_site_is_searched_and_who_publishes_it(reader, tell):
    tell()
    found = graph(reader, "/")
    assert found["WebSite"]["potentialAction"]["target"]["urlTemplate"] == f"{SITE}/search/?q={{search_term_string}}"
    assert found["NewsMediaOrganization"]["correctionsPolicy"] == f"{SITE}/corrections/"


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/middle-east/", ["Northing", "Middle East"]),
        ("/topic/iraq/", ["Northing", "Iraq"]),
        ("/latest/", ["Northing", "Latest"]),
    ],
)
def test_a_list_says_what_is_in_it_and_where_it_stands(reader, tell, path, way):
    tell(slug="base")
    found = graph(reader, path)
    assert [step["name"] for step in found["BreadcrumbList"]["itemListElement"]] == way
    (first,) = found["CollectionPage"]["mainEntity"]["itemListElement"]
    assert first["url"] == f"{SITE}/middle-east/base/"


def test_an_author_is_a_person_who_works_here(reader, tell):
    from articles.manuscript import BylineLine
    from articles.models import Author

    Author.objects.create(name="Rosa Diaz", slug="rosa-diaz", role="Correspondent", website="https://rosa.example/")
    tell(bylines=(BylineLine(author="rosa-diaz"),))
    person = graph(reader, "/author/rosa-diaz/")["ProfilePage"]["mainEntity"]
    assert (person["@type"], person["jobTitle"], person["sameAs"]) == (
        "Person",
        "Correspondent",
        ["https://rosa.example/"],
    )


@pytest.mark.parametrize(
    ("kind", "name"), [("analysis", "Analysis"), ("opinion", "Opinion"), ("explainer", "Background")]
)
def test_what_is_no_plain_news_says_so_in_its_data(reader, tell, kind, name):
    tell(slug="base", kind=kind)
    page = reader.get("/middle-east/base/").content.decode()
    assert f'"@type":["NewsArticle","{name}NewsArticle"]' in page
