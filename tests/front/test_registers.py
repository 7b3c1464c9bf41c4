"""Sections, topics and authors that get another address or are merged: what readers find, and what stays as it was."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from articles import manuscript as manuscripts
from articles.desk import moves, registers, roles
from articles.live import composed
from articles.models import Article, Author, Event, Publication, Section, Tag

from .conftest import MORNING, NOON

pytestmark = pytest.mark.django_db

WHY = "Two names for one thing."


@pytest.fixture
def desk(editor) -> Client:
    client = Client()
    client.force_login(editor, backend="articles.desk.rights.Rights")
    return client


@pytest.fixture
def mosul(editor) -> Tag:
    return registers.record(Tag(name="Mosul", slug="mosul", kind="place", synonyms=["Nineveh"]), by=editor)


@pytest.fixture
def al_mawsil(editor) -> Tag:
    return registers.record(Tag(name="Al-Mawsil", slug="al-mawsil"), by=editor)


def leads_to(reader: Client, path: str) -> str:
    """Where an old address leads, in one hop."""
    answer = reader.get(path)
    assert answer.status_code == 301, path
    assert reader.get(answer["Location"]).status_code == 200
    return answer["Location"]


def test_a_topic_gets_another_address_and_the_old_ones_lead_there_in_one_hop(reader, tell, mosul, editor):
    story = tell(headline="Bridge opened", tags=("mosul",))
    assert registers.readdress(mosul, "mosul-city", why=WHY, by=editor) == 1
    mosul.refresh_from_db()
    registers.readdress(mosul, "mosul-iraq", why=WHY, by=editor)
    for old in ("/topic/mosul/", "/topic/mosul-city/"):
        assert leads_to(reader, old) == "/topic/mosul-iraq/"
        for feed in ("feed.xml", "atom.xml", "feed.json"):
            assert leads_to(reader, f"{old}{feed}") == f"/topic/mosul-iraq/{feed}"
    assert leads_to(reader, "/topic/mosul/?before=2026-11-02T12:05:00Z-9") == "/topic/mosul-iraq/"
    page = reader.get(Publication.objects.get(pk=story.pk).address.path).content.decode()
    assert 'href="/topic/mosul-iraq/"' in page
    assert "/topic/mosul/" not in page


def test_a_merged_topic_brings_its_stories_its_names_and_its_address(reader, tell, mosul, al_mawsil, editor):
    one = tell(headline="One bridge", tags=("mosul",), at=NOON)
    both = tell(headline="Two bridges", tags=("mosul", "al-mawsil"))
    assert registers.merge(al_mawsil, mosul, why=WHY, by=editor) == 1
    assert leads_to(reader, "/topic/al-mawsil/") == "/topic/mosul/"
    page = reader.get("/topic/mosul/").content.decode()
    assert "Al-Mawsil" in page.partition("Also called:")[2]
    assert page.count("Two bridges") == page.count("One bridge") == 1
    both.refresh_from_db()
    assert [topic["slug"] for topic in both.topics] == ["mosul"]
    assert both.composed_digest == composed.of(both)
    assert "Two bridges" in reader.get("/search/?q=al-mawsil").content.decode().replace("<mark>", "").replace(
        "</mark>", ""
    )
    one.refresh_from_db()
    assert one.composed_digest == composed.of(one)


def test_what_is_merged_once_more_still_leads_in_one_hop(reader, tell, mosul, al_mawsil, editor):
    nineveh = registers.record(Tag(name="Nineveh", slug="nineveh"), by=editor)
    tell(tags=("mosul",))
    registers.merge(al_mawsil, mosul, why=WHY, by=editor)
    registers.merge(mosul, nineveh, why=WHY, by=editor)
    assert leads_to(reader, "/topic/al-mawsil/") == leads_to(reader, "/topic/mosul/") == "/topic/nineveh/"


def test_sealed_texts_and_working_copies_stay_as_they_are_and_mean_the_new_topic(
    reader, tell, retell, mosul, al_mawsil, editor
):
    story = tell(headline="One bridge", tags=("al-mawsil",))
    article = Article.objects.get(pk=story.article_id)
    before = manuscripts.fingerprint(manuscripts.of(article))
    registers.merge(al_mawsil, mosul, why=WHY, by=editor)
    assert manuscripts.fingerprint(manuscripts.of(article)) == before
    again = retell(story, at=MORNING, headline="One bridge again")
    assert [topic["slug"] for topic in again.topics] == ["mosul"]
    assert "One bridge again" in reader.get("/topic/mosul/").content.decode()


def test_a_merged_author_leads_to_the_other_page_and_the_printed_name_stays(reader, tell, editor):
    miller, other = (
        registers.record(Author(name=name, slug=slug), by=editor)
        for name, slug in (("Brodie Miller", "brodie-miller"), ("B. Miller", "b-miller"))
    )
    story = tell(headline="One bridge", bylines=(manuscripts.BylineLine(author="b-miller"),))
    registers.merge(other, miller, why=WHY, by=editor)
    assert leads_to(reader, "/author/b-miller/") == "/author/brodie-miller/"
    page = reader.get(story.address.path).content.decode()
    assert 'href="/author/b-miller/"' in page
    assert ">B. Miller</a>" in page
    assert "One bridge" in reader.get("/author/brodie-miller/").content.decode()


def test_a_merged_section_brings_its_stories_and_those_below_it_and_they_keep_their_addresses(
    reader, tell, section, editor
):
    gulf = registers.record(Section(name="The Gulf", slug="gulf"), by=editor)
    oman = registers.record(Section(name="Oman", slug="oman", parent=gulf), by=editor)
    tell(headline="In the Gulf", section="gulf", slug="in-the-gulf")
    tell(headline="In Oman", section="oman", slug="in-oman")
    assert registers.merge(gulf, section, why=WHY, by=editor) == 2
    assert leads_to(reader, "/gulf/") == "/middle-east/"
    page = reader.get("/middle-east/").content.decode()
    assert "In the Gulf" in page
    assert "In Oman" in page
    assert reader.get("/gulf/in-the-gulf/").status_code == 200
    oman.refresh_from_db()
    assert oman.parent == section


def test_a_section_gets_another_address(reader, tell, section, editor):
    tell(headline="A story", slug="a-story")
    registers.readdress(section, "mideast", why=WHY, by=editor)
    assert leads_to(reader, "/middle-east/") == "/mideast/"
    assert leads_to(reader, "/middle-east/feed.xml") == "/mideast/feed.xml"
    assert reader.get("/middle-east/a-story/").status_code == 200


@pytest.mark.parametrize("slug", ["admin", "Two Words", "middle-east", ""])
def test_an_address_that_is_none_or_anothers_is_refused_with_a_sentence(desk, tell, section, editor, slug):
    other = registers.record(Section(name="Technology", slug="technology"), by=editor)
    url = reverse("admin:articles_section_readdress", args=[other.pk])
    answer = desk.post(url, {"form": "address", "address-slug": slug, "address-why": WHY})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    other.refresh_from_db()
    assert other.slug == "technology"
    assert not Section.objects.exclude(merged_into=None).exists()


def test_an_address_is_never_given_to_another(mosul, al_mawsil, editor):
    registers.readdress(mosul, "mosul-city", why=WHY, by=editor)
    with pytest.raises(registers.NotPossible, match="or once was, the address of another"):
        registers.readdress(al_mawsil, "mosul", why=WHY, by=editor)
    with pytest.raises(ValidationError):
        registers.record(Tag(name="Another", slug="mosul"), by=editor)


def test_what_cannot_be_merged_is_said(mosul, al_mawsil, section, editor, reporter):
    with pytest.raises(registers.NotPossible, match="into itself"):
        registers.merge(mosul, mosul, why=WHY, by=editor)
    with pytest.raises(moves.NoteWanted):
        registers.merge(mosul, al_mawsil, why=" ", by=editor)
    with pytest.raises(roles.Refused):
        registers.merge(mosul, al_mawsil, why=WHY, by=reporter)
    below = registers.record(Section(name="Oman", slug="oman", parent=section), by=editor)
    with pytest.raises(registers.NotPossible, match="lies inside"):
        registers.merge(section, below, why=WHY, by=editor)
    registers.merge(mosul, al_mawsil, why=WHY, by=editor)
    for again in (
        lambda: registers.merge(mosul, al_mawsil, why=WHY, by=editor),
        lambda: registers.record(mosul, by=editor),
    ):
        mosul.refresh_from_db()
        with pytest.raises((registers.NotPossible, ValidationError)):
            again()


def test_an_editor_merges_by_name_and_the_merged_one_is_offered_no_more(desk, tell, mosul, al_mawsil):
    tell(tags=("al-mawsil",))
    url = reverse("admin:articles_tag_readdress", args=[al_mawsil.pk])
    assert "Another address" in desk.get(url).content.decode()
    answer = desk.post(url, {"form": "merge", "merge-into": "Nowhere", "merge-why": WHY})
    assert "is not in the list" in answer.content.decode()
    answer = desk.post(url, {"form": "merge", "merge-into": "mosul", "merge-why": WHY}, follow=True)
    assert "1 story says so already" in answer.content.decode()
    listed = desk.get(reverse("admin:articles_tag_changelist")).content.decode()
    assert "Al-Mawsil" not in listed
    assert "stands for it" in desk.get(url).content.decode()
    assert Event.objects.filter(verb="merged", subject_name="Al-Mawsil").count() == 1
    found = desk.get(reverse("admin:articles_article_topics"), {"q": "al-maw"}).content.decode()
    assert "Mosul" in found
    assert '"key": "al-mawsil"' not in found


def test_a_topic_says_what_it_is_what_else_it_is_called_and_its_key_facts(reader, tell, editor):
    facts = "Displacement: 65,000 tonnes\nBuilt at Rosyth"
    ship = Tag(name="HMS Example", slug="hms-example", kind="ship", facts=facts, synonyms=["R08"], wikidata_id="Q1")
    registers.record(ship, by=editor)
    tell(tags=("hms-example",))
    page = reader.get("/topic/hms-example/").content.decode()
    assert '<p class="kicker">Ship</p>' in page
    assert "<dt>Displacement</dt><dd>65,000 tonnes</dd>" in page
    assert "<dd>Built at Rosyth</dd>" in page
    assert '"sameAs":"https://www.wikidata.org/wiki/Q1"' in page
    assert '"alternateName":["R08"]' in page
