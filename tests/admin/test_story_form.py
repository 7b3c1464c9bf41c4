"""Writing a story: what is saved, what is refused, and that nothing anybody wrote is ever lost."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse

from articles import manuscript as manuscripts
from articles.admin import bylines, related, topics
from articles.desk import drafts, moves
from articles.desk.lengths import LENGTHS
from articles.manuscript import BylineLine
from articles.models import Article, Author, Event, Image, MergeBase, Revision, Tag
from articles.photos import intake

from .conftest import sentences

ADD = "/admin/articles/article/add/"
NO_BYLINES = {"bylines-TOTAL_FORMS": "0", "bylines-INITIAL_FORMS": "0"}


def words(article: Article) -> manuscripts.Manuscript:
    return manuscripts.of(Article.objects.get(pk=article.pk))


def save(client, url, posted):
    return client.post(url, posted, follow=True)


def test_a_reporter_starts_a_story_with_every_field_of_a_manuscript(at, reporter, section, news_desk, iraq):
    posted = {
        "kind": "analysis",
        "section": section.pk,
        "kicker": "Iraq",
        "headline": "Base handed over",
        "short_headline": "Base handed over",
        "search_headline": "K1 base in Iraq handed over",
        "feed_headline": "Iraq: base handed over",
        "standfirst": "The third in a month.",
        "slug": "base-handed-over",
        "dateline": "Kirkuk",
        "body": "Coalition forces have left.\n\nThree hundred people departed.",
        "topics": "iraq",
        "dated_on": "2020-03-29",
        "dated_note": "From the wire.",
        "bylines-TOTAL_FORMS": "2",
        "bylines-INITIAL_FORMS": "0",
        "bylines-0-text": "Jane Doe",
        "bylines-0-role": "Pictures by",
        "bylines-0-order": "2",
        "bylines-1-author": "news-desk",
        "bylines-1-order": "1",
    }

    page = save(at(reporter), ADD, posted)

    assert "Saved as version 1. Readers see no change yet." in sentences(page)
    assert words(Article.objects.get()) == manuscripts.Manuscript(
        kind="analysis",
        section="middle-east",
        kicker="Iraq",
        headline="Base handed over",
        short_headline="Base handed over",
        search_headline="K1 base in Iraq handed over",
        feed_headline="Iraq: base handed over",
        standfirst="The third in a month.",
        slug="base-handed-over",
        dateline="Kirkuk",
        body="<p>Coalition forces have left.</p>\n<p>Three hundred people departed.</p>",
        bylines=(BylineLine(author="news-desk"), BylineLine(text="Jane Doe", role="Pictures by")),
        tags=("iraq",),
        dated_on="2020-03-29",
        dated_note="From the wire.",
    )


def test_a_changed_word_makes_one_version_one_revision_and_one_event(at, reporter, story, story_url, filled):
    client = at(reporter)

    page = save(client, story_url, filled(client, story_url, headline="Base left", tab="a tab"))

    assert "Saved as version 2." in sentences(page)
    assert words(story).headline == "Base left"
    assert Revision.objects.get(article=story, version=2).tab == "a tab"
    assert list(Event.objects.newest_first().values_list("verb", flat=True)[:2]) == ["saved", "started"]


def test_a_story_sent_back_as_it_came_makes_no_version(at, reporter, story, story_url, filled):
    client, before = at(reporter), words(story)

    page = save(client, story_url, filled(client, story_url))

    assert "No word was changed: version 1 stands." in sentences(page)
    assert (words(story), Article.objects.get().version) == (before, 1)


def test_what_the_form_does_not_show_is_kept(at, editor, story, story_url, filled, manuscript):
    other = drafts.start(replace(manuscript, headline="Another"), by=editor)
    drafts.save(story, replace(words(story), related=(str(other.uid),), language="ar-IQ"), seen=1, by=editor)
    client = at(editor)

    save(client, story_url, filled(client, story_url, headline="Base left"))

    assert (words(story).related, words(story).language) == ((str(other.uid),), "ar-IQ")


def test_saving_a_live_story_changes_nothing_for_readers(at, editor, story, story_url, filled, published, reader):
    publication = published()
    client = at(editor)

    save(client, story_url, filled(client, story_url, headline="Quite another headline"))

    assert "Base handed over" in reader.get(publication.address.path).content.decode()


def test_the_address_of_a_known_story_stays_whatever_is_sent(at, editor, story, story_url, filled, published):
    published()
    client = at(editor)

    save(client, story_url, filled(client, story_url, slug="elsewhere", headline="Base left"))

    assert (words(story).slug, words(story).headline) == ("", "Base left")


# --- Somebody was faster --------------------------------------------------------------------------------------------


@pytest.fixture
def behind(at, reporter, subeditor, story, story_url, filled):
    """The reporter's form was filled at version 1; the sub-editor saved version 2 meanwhile."""
    client = at(reporter)
    posted = filled(client, story_url, headline="The reporter’s headline")
    drafts.save(
        story, replace(words(story), standfirst="The sub-editor’s standfirst.", kicker="Iraq"), seen=1, by=subeditor
    )
    return client, posted


def test_what_two_wrote_in_different_places_is_saved_together_and_said(behind, story, story_url):
    client, posted = behind

    page = client.post(story_url, posted, follow=True)

    said = sentences(page)
    assert "Saved as version 3, put together with what Sub-editor Sample saved at" in said
    assert ": kicker, standfirst. Readers see no change yet." in said
    now = words(story)
    assert (now.headline, now.kicker, now.standfirst) == (
        "The reporter’s headline",
        "Iraq",
        "The sub-editor’s standfirst.",
    )


@pytest.fixture
def clashing(behind, story, story_url):
    """The reporter changed the standfirst too. The page that comes back, and what a browser would send from it."""
    client, posted = behind
    posted |= {"standfirst": "The reporter’s standfirst."}
    page = client.post(story_url, posted)
    return client, posted, page


def choices_in(page) -> dict[str, str]:
    """A choice for each place that the page asks for: theirs."""
    return {place.name: "theirs" for place in page.context["places"]} | {"over": str(page.context["version"])}


def test_what_two_wrote_in_one_place_is_shown_side_by_side_and_changes_nothing(clashing, story):
    _client, _posted, page = clashing

    shown = page.content.decode()
    assert "Sub-editor Sample saved at" in shown
    assert "you both changed the same places" in shown
    assert "sub-editor’s" in shown
    assert "The reporter’s headline" in shown
    assert [place.label for place in page.context["places"]] == ["Standfirst"]
    assert (words(story).headline, Article.objects.get().version) == ("Base handed over", 2)


def test_what_clashed_is_kept_beside_the_story_whatever_becomes_of_the_page(clashing):
    aside = Revision.objects.asides().get()

    assert (aside.is_sealed, aside.manuscript["standfirst"]) == (False, "The reporter’s standfirst.")


@pytest.mark.parametrize(
    ("choice", "standfirst"), [("mine", "The reporter’s standfirst."), ("theirs", "The sub-editor’s standfirst.")]
)
def test_the_form_sent_again_with_a_choice_saves_and_keeps_the_other_text(
    clashing, story, story_url, choice, standfirst
):
    client, posted, page = clashing
    chosen = choices_in(page) | {place.name: choice for place in page.context["places"]}

    client.post(story_url, posted | chosen | {"dateline": "Written meanwhile"})

    now = words(story)
    assert (now.standfirst, now.headline, now.kicker) == (standfirst, "The reporter’s headline", "Iraq")
    assert now.dateline == "Written meanwhile"
    aside = Revision.objects.asides().get()
    assert (aside.is_sealed, aside.manuscript["standfirst"]) == (True, "The reporter’s standfirst.")
    assert aside.label.name.startswith("Rosa Diaz’s text over version 1")


def test_without_a_choice_the_same_is_asked_again(clashing, story, story_url):
    client, posted, _page = clashing

    again = client.post(story_url, posted | {"over": "2"})

    assert [place.label for place in again.context["places"]] == ["Standfirst"]
    assert Article.objects.get().version == 2


def test_a_choice_made_beside_a_version_that_is_not_the_newest_any_more_is_asked_anew(
    clashing, story, story_url, editor
):
    client, posted, page = clashing
    drafts.save(story, replace(words(story), standfirst="The editor’s."), seen=2, by=editor)

    again = client.post(story_url, posted | choices_in(page))

    assert [place.label for place in again.context["places"]] == ["Standfirst"]
    assert (words(story).standfirst, Article.objects.get().version) == ("The editor’s.", 3)


def test_over_a_version_that_nobody_remembers_all_that_differs_is_asked(behind, story, story_url):
    client, posted = behind
    MergeBase.objects.all().delete()

    page = client.post(story_url, posted | {"seen": "77"})

    assert {place.label for place in page.context["places"]} >= {"Headline"}
    assert words(story).headline == "Base handed over"


def test_what_comes_to_a_story_at_rest_is_kept_beside_it_and_stands_in_the_form(at, reporter, story, story_url, filled):
    client = at(reporter)
    posted = filled(client, story_url, headline="One more thing")
    moves.submit(story, seen=1, by=reporter)

    page = client.post(story_url, posted)

    assert "the sub-editors have it now" in page.content.decode()
    assert "One more thing" in page.content.decode()
    assert Revision.objects.asides().get().manuscript["headline"] == "One more thing"
    assert words(story).headline == "Base handed over"


@pytest.mark.parametrize("seen", ["", "0", "soon", "99999999999999999999999999", "-1"])
def test_a_form_that_names_no_version_never_overwrites(seen, at, reporter, story, story_url, filled):
    client = at(reporter)

    page = client.post(story_url, filled(client, story_url, headline="Sneaked in", seen=seen))

    assert page.status_code == 200
    assert words(story).headline == "Base handed over"


# --- What the verb refuses ------------------------------------------------------------------------------------------


def test_a_story_submitted_meanwhile_refuses_its_writer_and_keeps_the_text(at, reporter, story, story_url, filled):
    client = at(reporter)
    posted = filled(client, story_url, headline="Too late")
    moves.submit(story, seen=1, by=reporter)

    page = client.post(story_url, posted)

    assert "This story is submitted, so the sub-editors have it now." in page.content.decode()
    assert "Too late" in page.content.decode()
    assert words(story).headline == "Base handed over"


def test_a_writer_reads_a_submitted_story_and_is_told_who_has_it(at, reporter, story, story_url):
    moves.submit(story, seen=1, by=reporter, note="Please check the number.")

    page = at(reporter).get(story_url)

    assert "desk/read.html" in [template.name for template in page.templates]
    assert "Ask a sub-editor or an editor to send it back." in page.content.decode()
    assert "Please check the number." in page.content.decode()


def test_a_reporter_reads_but_does_not_write_a_colleagues_story(at, account, story, story_url, filled, editor):
    other = at(account("Reporter", username="other"))
    posted = filled(at(editor), story_url, headline="Not mine")

    assert "You can only do this with your own stories." in other.get(story_url).content.decode()
    assert other.post(story_url, posted).status_code == 403
    assert words(story).headline == "Base handed over"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"language": "klingon"}, "Select a valid choice"),
        ({"related": "/middle-east/nowhere/"}, "There is no story of ours at “/middle-east/nowhere/”."),
        ({"related": "A story that nobody wrote"}, "No story is called “A story that nobody wrote”."),
        ({"topics": "x" * 4001}, "at most 4000 characters"),
        ({"headline": "x" * 301}, "at most 300 characters"),
        ({"body": '<figure data-image="none"></figure>'}, "which is no picture of ours"),
        ({"body": "x" * 1_000_001}, "1,000,000 is the most that one story can hold"),
        ({"body": '<figure data-image="00000000-0000-4000-8000-000000000000"></figure>'}, "is not known here"),
        ({"section": "999999999999999999999999"}, "Select a valid choice"),
        ({"cover": "999999999999999999999999"}, "Select a valid choice"),
        ({"cover": "x"}, "Select a valid choice"),
        ({"kind": "poem"}, "Select a valid choice"),
        ({"dated_on": "29 March"}, "Enter a valid date."),
        ({"slug": "Ä b"}, "Enter a valid “slug”"),
        ({"tab": "x" * 65}, "at most 64 characters"),
        ({"bylines-0-author": "Nobody"}, "“Nobody” is not an author here."),
        ({"bylines-0-text": "Jane Doe"}, "Choose an author or write a free text, not both."),
        ({"bylines-1-role": "Pictures by"}, "“Pictures by” whom?"),
        ({"bylines-0-order": "first"}, "Enter a whole number."),
        ({"bylines-TOTAL_FORMS": "many"}, "ManagementForm data is missing"),
        ({"topics": "iraq, Zzyzx"}, "“Zzyzx” is not a topic yet. Ask a sub-editor or an editor or a site"),
        ({"headline": "nul\0"}, "Null characters are not allowed."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_saved_or_lost(
    changes, sentence, at, reporter, story, story_url, filled
):
    client, before = at(reporter), words(story)

    page = client.post(story_url, filled(client, story_url, standfirst="A standfirst worth keeping.", **changes))

    assert page.status_code == 200
    assert "Nothing is saved yet, and nothing you wrote is lost." in page.content.decode()
    assert "A standfirst worth keeping." in page.content.decode()
    assert sentence.split(" Ask a ")[0] in page.content.decode()
    assert words(story) == before


# --- Topics, bylines, cover -----------------------------------------------------------------------------------------


def test_topics_are_found_by_name_synonym_and_any_case(at, reporter, story, story_url, filled):
    Tag.objects.create(name="Islamic State", slug="islamic-state", synonyms=["IS", "Daesh"])
    client = at(reporter)

    save(client, story_url, filled(client, story_url, topics=" IRAQ ,daesh,, Iraq"))

    assert words(story).tags == ("iraq", "islamic-state")


def test_who_may_make_topics_makes_them_by_naming_them(at, subeditor, story, story_url, filled):
    client = at(subeditor)

    save(client, story_url, filled(client, story_url, topics="Iraq, Kirkuk Province"))

    assert words(story).tags == ("iraq", "kirkuk-province")
    assert Event.objects.filter(verb="added", subject_name="Kirkuk Province").count() == 1


def test_a_slip_in_a_topic_gets_a_hint(at, reporter, iraq, story, story_url, filled):
    client = at(reporter)

    page = client.post(story_url, filled(client, story_url, topics="Iraqq"))

    assert "Did you mean “Iraq”?" in page.content.decode()


def test_a_topic_without_a_latin_letter_is_made_on_its_own_page(at, subeditor, story, story_url, filled):
    client = at(subeditor)

    page = client.post(story_url, filled(client, story_url, topics="العراق"))

    assert "Make it on its own page." in page.content.decode()


def test_emptied_byline_rows_are_no_bylines(at, reporter, story, story_url, filled):
    client = at(reporter)

    save(client, story_url, filled(client, story_url, **{"bylines-0-author": "", "bylines-0-order": "1"}))

    assert words(story).bylines == ()


def test_a_cover_comes_with_the_story_and_its_name_is_read(at, reporter, story, story_url, filled, image_file):
    client = at(reporter)
    posted = filled(client, story_url, cover_alt="A lorry.", cover_rights="staff")
    posted["cover_file"] = image_file("Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg")

    page = save(client, story_url, posted)

    image = Image.objects.get()
    assert words(story).cover == str(image.uid)
    assert (image.credit, image.taken_on.isoformat(), image.alt_text, image.rights_basis) == (
        "Royal Navy",
        "2020-03-21",
        "A lorry.",
        "staff",
    )
    assert "Check its caption, credit and rights" in sentences(page)


def test_a_cover_survives_a_fault_elsewhere_in_the_form(at, reporter, story, story_url, filled, image_file):
    """A browser never sends a file twice by itself: what has come in stays chosen."""
    client = at(reporter)
    posted = filled(client, story_url, kind="poem")
    posted["cover_file"] = image_file("cover.jpg")

    page = client.post(story_url, posted)

    image = Image.objects.get()
    assert page.context["adminform"].form["cover"].value() == str(image.uid)
    assert f'<option value="{image.uid}" selected>' in page.content.decode()


def test_a_cover_that_is_no_picture_is_refused_and_the_text_kept(at, reporter, story, story_url, filled):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = at(reporter)
    posted = filled(client, story_url, headline="Kept")
    posted["cover_file"] = SimpleUploadedFile("cover.jpg", b"no picture at all", content_type="image/jpeg")

    page = client.post(story_url, posted)

    assert "is not a picture" in page.content.decode()
    assert "Kept" in page.content.decode()
    assert (Image.objects.count(), words(story).headline) == (0, "Base handed over")


def test_no_file_is_taken_from_somebody_who_may_not_write_the_story(at, account, story_url, editor, filled, image_file):
    posted = filled(at(editor), story_url) | {"cover_file": image_file("cover.jpg")}

    answer = at(account("Reporter", username="other")).post(story_url, posted)

    assert (answer.status_code, Image.objects.count()) == (403, 0)


def test_the_form_offers_the_newest_pictures_and_always_the_chosen_one(at, reporter, story, story_url, editor):
    from articles.admin import story_form
    from articles.photos import intake

    first = intake.expect("The first one", by=editor)
    drafts.save(story, replace(words(story), cover=str(first.uid)), seen=1, by=reporter)
    Image.objects.bulk_create(Image(title=f"Picture {n}") for n in range(story_form.PICTURES_OFFERED + 5))

    offered = at(reporter).get(story_url).context["adminform"].form.fields["cover"].widget.choices

    assert len(offered) == story_form.PICTURES_OFFERED + 2
    assert "The first one · awaiting file" in dict(offered).values()


# --- What follows ---------------------------------------------------------------------------------------------------


def test_saving_leads_on_to_the_move_that_was_asked_for(at, reporter, story, story_url, filled):
    client = at(reporter)

    answer = client.post(story_url, filled(client, story_url, headline="Ready now", then="submit"))

    assert answer["Location"] == reverse("admin:articles_article_move", args=[story.pk, "submit"])
    assert words(story).headline == "Ready now"


def test_a_move_that_is_not_theirs_is_not_led_to(at, reporter, story, story_url, filled):
    client = at(reporter)

    assert client.post(story_url, filled(client, story_url, then="publish"))["Location"] == story_url


def test_a_new_story_can_be_submitted_in_one_go(at, reporter, section):
    answer = at(reporter).post(ADD, {"headline": "New", "kind": "news", "then": "submit"} | NO_BYLINES)

    assert answer["Location"] == reverse("admin:articles_article_move", args=[Article.objects.get().pk, "submit"])


@pytest.mark.parametrize("path", ["delete/", "history/", "change/", ""])
@pytest.mark.parametrize("key", ["999", "99999999999999999999999999", "x", "_5F"])
def test_a_story_that_is_not_there_is_answered_kindly(path, key, at, editor, story):
    answer = at(editor).get(f"/admin/articles/article/{key}/{path}", follow=True)

    assert answer.status_code in (200, 403, 404)


# --- What the form costs, and what it says without a script ---------------------------------------------------------


def crowd(count: int) -> None:
    """A newsroom of that many authors, topics, pictures and stories more."""
    Author.objects.bulk_create(Author(name=f"Author {n}", slug=f"author-{n}") for n in range(count))
    Tag.objects.bulk_create(
        Tag(name=f"Topic {n}", slug=f"topic-{n}", synonyms=[f"Matter {n}"], kind="place") for n in range(count)
    )
    Image.objects.bulk_create(Image(title=f"Picture {n}") for n in range(count))
    Article.objects.bulk_create(Article(headline=f"Story {n}") for n in range(count))


@pytest.mark.parametrize("count", [1, 500])
@pytest.mark.parametrize("who", ["reporter", "editor"])
def test_a_story_opens_with_at_most_twenty_queries(
    who, count, request, at, editor, reporter, story, story_url, published, image_file, django_assert_max_num_queries
):
    crowd(count)
    other = drafts.start(manuscripts.Manuscript(headline="Before"), by=editor)
    cover = intake.receive(image_file("cover.jpg"), by=editor, credit="Us", alt_text="A lorry.", rights_basis="staff")
    tags = tuple(Tag.objects.values_list("slug", flat=True)[:20])
    published(related=(str(other.uid),), cover=str(cover.uid), tags=tags)
    client = at(request.getfixturevalue(who))
    client.get(story_url)  # what is asked once and then known, such as content types

    with django_assert_max_num_queries(20):
        page = client.get(story_url)

    assert "desk/story.html" in [template.name for template in page.templates]


def test_a_new_story_opens_with_at_most_twenty_queries(at, editor, django_assert_max_num_queries):
    crowd(500)
    client = at(editor)

    with django_assert_max_num_queries(20):
        client.get(ADD)


def test_without_a_script_the_limits_stand_in_the_help(at, editor, story_url):
    page = at(editor).get(story_url).content.decode()

    for length in LENGTHS.values():
        assert length.advice() in page


# --- A new story is made once ---------------------------------------------------------------------------------------


def test_a_story_may_be_begun_without_a_headline(at, reporter):
    page = save(at(reporter), ADD, {"kind": "news", "body": "The first words."} | NO_BYLINES)

    story = Article.objects.get()
    assert (story.headline, story.body) == ("", "<p>The first words.</p>")
    assert "The story has no headline." in at(reporter).get(f"{story_at(story)}checks/").content.decode()
    assert page.status_code == 200


def story_at(story: Article) -> str:
    return f"/admin/articles/article/{story.pk}/"


def test_a_form_that_is_sent_twice_makes_one_story(at, reporter, filled):
    client = at(reporter)
    posted = filled(client, ADD, headline="Once")

    pages = [save(client, ADD, posted) for _time in range(2)]

    assert [sentences(page)[:19] for page in pages] == ["Saved as version 1.", "No word was changed"]
    assert pages[1].redirect_chain[-1][0] == f"{story_at(Article.objects.get())}change/"


def test_what_was_written_on_in_the_form_of_a_new_story_is_saved_in_the_story_it_made(at, reporter, filled):
    client = at(reporter)
    posted = filled(client, ADD, headline="Once")
    save(client, ADD, posted)

    save(client, ADD, posted | {"headline": "Once more"})

    assert [story.headline for story in Article.objects.all()] == ["Once more"]


def test_the_form_of_a_new_story_never_saves_over_what_a_colleague_saved_meanwhile(at, reporter, editor, filled):
    client = at(reporter)
    posted = filled(client, ADD, headline="Mine")
    save(client, ADD, posted)
    story = Article.objects.get()
    drafts.save(story, replace(words(story), headline="Theirs"), seen=1, by=editor)

    page = client.post(ADD, posted | {"headline": "Mine again"}, follow=True)

    assert Article.objects.get().headline == "Theirs"
    assert "Mine again" in page.content.decode()


def test_the_number_of_somebody_elses_story_makes_another(at, reporter, editor, filled):
    other = drafts.start(manuscripts.Manuscript(headline="Theirs"), by=editor)
    client = at(reporter)

    save(client, ADD, filled(client, ADD, headline="Mine", uid=str(other.uid)))

    assert {story.headline for story in Article.objects.all()} == {"Theirs", "Mine"}
    assert Article.objects.get(pk=other.pk).headline == "Theirs"


@pytest.mark.parametrize("uid", ["", "x", "-1", "00000000"])
def test_a_new_story_needs_no_number_of_the_forms(uid, at, reporter, filled):
    client = at(reporter)

    page = client.post(ADD, filled(client, ADD, headline="Mine", uid=uid), follow=True)

    assert "Mine" in page.content.decode()
    assert Article.objects.count() == (1 if uid == "" else 0)


def test_five_megabytes_are_a_sentence_in_the_form_and_stay_there(at, reporter, story, story_url, filled):
    client, before = at(reporter), words(story)
    text = "words " * (5 * 1024 * 1024 // 6)

    page = client.post(story_url, filled(client, story_url, body=text))

    shown = page.content.decode()
    assert page.status_code == 200
    assert "1,000,000 is the most that one story can hold" in shown
    assert text in shown
    assert words(story) == before


# --- Bylines --------------------------------------------------------------------------------------------------------


def signed(*lines: tuple[str, str, str, str]) -> dict[str, str]:
    """What is sent for lines of role, author, text and order."""
    names = ("role", "author", "text", "order")
    rows = {f"bylines-{n}-{name}": said for n, line in enumerate(lines) for name, said in zip(names, line, strict=True)}
    return rows | {"bylines-TOTAL_FORMS": str(len(lines)), "bylines-INITIAL_FORMS": "0"}


def test_an_author_is_named_in_any_case_or_by_address_and_stands_in_the_order_of_the_numbers(
    at, reporter, story, story_url, filled, news_desk
):
    Author.objects.create(name="Zoë Dóe", slug="zoe-doe")
    client = at(reporter)
    lines = signed(
        ("by", "zoe-doe", "", "2"), ("Pictures by", "", "A. Bystander", "3"), ("Edited by", "NEWS DESK", "", "1")
    )

    save(client, story_url, filled(client, story_url) | lines)

    assert words(story).bylines == (
        BylineLine(author="news-desk", role="Edited by"),
        BylineLine(author="zoe-doe"),
        BylineLine(text="A. Bystander", role="Pictures by"),
    )


def test_two_authors_of_one_name_are_told_apart_by_their_addresses(at, reporter, story, story_url, filled):
    for slug in ("jane-doe", "jane-doe-2"):
        Author.objects.create(name="Jane Doe", slug=slug)
    client = at(reporter)

    page = client.post(story_url, filled(client, story_url) | signed(("", "Jane Doe", "", "1")))
    assert "2 authors are called “Jane Doe”. Write which: jane-doe, jane-doe-2." in page.content.decode()

    save(client, story_url, filled(client, story_url) | signed(("", "jane-doe-2", "", "1")))
    assert words(story).bylines == (BylineLine(author="jane-doe-2"),)
    assert 'value="jane-doe-2"' in client.get(story_url).content.decode()
    assert "No word was changed" in sentences(save(client, story_url, filled(client, story_url)))


def test_authors_are_found_while_typing_in_one_query(at, reporter, django_assert_num_queries):
    crowd(300)
    Author.objects.create(name="Zoë Dóe", slug="zoe-doe", role="correspondent")

    with django_assert_num_queries(1):
        found = bylines.find("zoe")

    assert found == [{"value": "Zoë Dóe", "key": "zoe-doe", "name": "Zoë Dóe", "kind": "correspondent"}]
    assert len(bylines.find("author")) == bylines.OFFERED
    assert bylines.find(" ") == bylines.find("nobody at all") == []


# --- Topics ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def kirkuk(db):
    Tag.objects.create(
        name="Islamic State", slug="islamic-state", kind="organisation", synonyms=["IS", "Daesh", "داعش"]
    )
    return Tag.objects.create(name="Kirkuk", slug="kirkuk", kind="place", synonyms=["Karkuk"])


@pytest.mark.parametrize(
    ("question", "found", "said"),
    [
        ("kir", "Kirkuk", ""),
        ("KARK", "Kirkuk", "Karkuk"),
        ("place", "Kirkuk", ""),
        ("place kirk", "Kirkuk", ""),
        ("daesh", "Islamic State", "Daesh"),
        ("داعش", "Islamic State", "داعش"),
        ("organisation isl", "Islamic State", ""),
    ],
)
def test_a_topic_is_found_by_any_of_its_names_and_by_kind(question, found, said, kirkuk, django_assert_num_queries):
    with django_assert_num_queries(1):
        first = topics.find(question)[0]

    assert (first["name"], first["said"]) == (found, said)


def test_a_kind_narrows_the_topics_down(kirkuk):
    assert topics.find("person kirk") == topics.find("") == topics.find("zzz") == []


@pytest.mark.parametrize("question", ['"', "\\", "%", "_", "[", "', '", "\ud83d"])
def test_a_question_of_signs_finds_no_topic_by_how_lists_are_written(question, kirkuk, at, reporter):
    answer = at(reporter).get("/admin/articles/article/topics/", {"q": question.encode("utf-8", "replace")})

    assert answer.json() == {"found": []}


def test_a_topic_with_a_comma_in_its_name_survives_the_plain_field(at, reporter, story, story_url, filled):
    Tag.objects.create(name="Tikrit, battle of", slug="tikrit-battle")
    drafts.save(story, replace(words(story), tags=("iraq", "tikrit-battle")), seen=1, by=reporter)
    client = at(reporter)

    assert "No word was changed" in sentences(save(client, story_url, filled(client, story_url)))


def test_topics_that_are_spelled_as_ours_are_understood_in_one_query(kirkuk, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert topics.Known(["Kirkuk", "Islamic State"]).slug_of("Kirkuk") == "kirkuk"


# --- Related stories ------------------------------------------------------------------------------------------------


@pytest.fixture
def others(editor, published, manuscript):
    """A published story, a draft, two drafts of one headline, and one that is spelled oddly."""
    public = drafts.start(replace(manuscript, headline="Old base left"), by=editor)
    published(public)
    heads = ("A draft about it", "Twins", "Twins", "Two  spaces")
    return [public, *(drafts.start(manuscripts.Manuscript(headline=head), by=editor) for head in heads)]


def test_related_stories_are_named_by_address_or_headline_in_order(at, editor, story, story_url, filled, others):
    public, draft, *_others = others
    client = at(editor)
    path = public.addresses.get().path

    save(client, story_url, filled(client, story_url, related=f"a draft  about it\n\n{settings.SITE_URL}{path}?x=1"))

    assert words(story).related == (str(draft.uid), str(public.uid))
    assert client.get(story_url).context["adminform"].form["related"].value() == f"A draft about it\n{path}"
    assert "No word was changed" in sentences(save(client, story_url, filled(client, story_url)))


def test_related_stories_with_hard_headlines_survive_the_plain_field(at, editor, story, story_url, filled, others):
    hard = tuple(str(other.uid) for other in others[2:])
    drafts.save(story, replace(words(story), related=hard), seen=1, by=editor)
    client = at(editor)

    assert "No word was changed" in sentences(save(client, story_url, filled(client, story_url)))
    assert words(story).related == hard


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Twins", "Several stories are called “Twins”. Write the address of the one you mean."),
        ("https://elsewhere.example/a/b/", "There is no story of ours at “https://elsewhere.example/a/b/”."),
        ("http://[", "There is no story of ours at “http://[”."),
        ("Base handed over", "A story does not lead on to itself."),
        ("\n".join(f"Line {n}" for n in range(21)), "A story leads on to 20 others at most."),
    ],
)
def test_a_related_story_that_is_not_found_is_a_sentence(line, sentence, at, editor, story_url, filled, others):
    client = at(editor)

    page = client.post(story_url, filled(client, story_url, related=line))

    assert sentence in page.content.decode()


def test_stories_are_found_by_words_or_address_in_one_query(others, story, django_assert_num_queries):
    public = others[0]

    with django_assert_num_queries(1):
        found = related.find("base", beside=str(story.uid))

    assert [row["key"] for row in found] == [str(public.uid)]
    assert related.find(f"{settings.SITE_URL}{public.addresses.get().path}")[0]["key"] == str(public.uid)
    assert related.find("") == related.find("nothing like it") == related.find("https://elsewhere.example/") == []


# --- Nothing that is typed is ever a script -------------------------------------------------------------------------

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}<!--"


def test_hostile_words_are_only_words_wherever_the_form_says_them(at, editor, section, story_url, story, filled):
    Tag.objects.create(name=HOSTILE[:90], slug="hostile", synonyms=[HOSTILE])
    Author.objects.create(name=HOSTILE[:110], slug="hostile", role=HOSTILE[:110])
    section.name = HOSTILE[:70]
    section.save()
    other = drafts.start(manuscripts.Manuscript(headline=HOSTILE), by=editor)
    texts = dict.fromkeys(("headline", "short_headline", "search_headline", "feed_headline", "standfirst"), HOSTILE)
    hostile = replace(words(story), **texts, kicker=HOSTILE[:60], dateline=HOSTILE[:80], related=(str(other.uid),))
    lines = (BylineLine(author="hostile", role=HOSTILE[:40]), BylineLine(text=HOSTILE))
    drafts.save(story, replace(hostile, tags=("hostile",), bylines=lines), seen=1, by=editor)
    client = at(editor)

    pages = [
        client.get(story_url),
        client.post(story_url, filled(client, story_url, kind="poem", topics=HOSTILE, related=HOSTILE)),
        client.get(f"{story_at(story)}checks/?bare"),
    ]

    for page in pages:
        shown = page.content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
    for name in ("topics", "authors", "stories"):
        answer = client.get(f"/admin/articles/article/{name}/?q=script")
        assert answer["Content-Type"] == "application/json"
        assert HOSTILE[:60] in answer.json()["found"][0]["name"]
