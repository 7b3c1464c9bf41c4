import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from articles import body
from articles import manuscript as manuscripts
from articles.desk import drafts, moves, registers
from articles.models import Article, Author, Event, Image, Revision, Section, Source, Tag
from articles.photos import intake as photo_desk
from articles.wire import intake, plain_text

from .conftest import RIGHTS, SECTION
from .test_plain_text import BAD
from .texts import COVER, INLINE, TEXT, instead_of

HOUSE = Path(__file__).resolve().parents[2]
CHANGED = instead_of("Their crews are well.", "Their crews are very well.")


def snapshot() -> dict[str, list]:
    """Every row that an import can touch."""
    kept = (Article, Author, Image, Revision, Section, Source, Tag, Event)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in kept}


def rewrite(article: Article, *, by, **words) -> Article:
    article.refresh_from_db()
    return drafts.save(article, replace(manuscripts.of(article), **words), seen=article.version, by=by)


def test_a_new_text_becomes_a_draft_with_its_pictures_awaited(wire, lay):
    outcome = intake.take_in(lay(), by=wire)
    assert (outcome.kind, outcome.article.state, outcome.article.headline) == (
        "new",
        "writing",
        "Helicopters Come Home",
    )
    assert outcome.sentence == "story.txt: “Helicopters Come Home”; 2 of its pictures await their files"
    assert {image.original_name for image in Image.objects.filter(file="")} == {COVER, INLINE}


def test_labels_that_stand_in_the_registers_are_used_and_others_are_made(wire, lay, administrator):
    known = registers.record(Tag(name="Iraq", slug="iraq-country", kind="place"), by=administrator)
    outcome = intake.take_in(
        lay(sidecar=SECTION + 'tags = ["Iraq", { name = "Chinook", kind = "equipment" }, "iraq-country"]'), by=wire
    )
    assert set(outcome.article.tags.all()) == {known, Tag.objects.get(slug="chinook", kind="equipment")}
    assert Section.objects.get().slug == outcome.article.section.slug == "asia"
    assert Event.objects.filter(verb="added", subject_kind="tag", actor_name="Wire desk").count() == 1


def test_free_bylines_and_roles_come_in_as_they_are(wire, lay):
    sidecar = 'bylines = [{ author = "News desk" }, { text = "A stringer", role = "Pictures by" }]'
    article = intake.take_in(lay(sidecar=sidecar), by=wire).article
    said = [(str(line), line.role) for line in article.bylines.all()]
    assert said == [("News desk", ""), ("A stringer", "Pictures by")]


def test_a_text_without_a_sidecar_comes_in_without_labels(wire, lay):
    article = intake.take_in(lay(sidecar=None), by=wire).article
    assert (article.section, article.tags.count(), article.bylines.count()) == (None, 0, 0)


def test_words_that_look_like_markup_stay_words(wire, lay):
    sentence = "So <b>5 < 6</b> & “AT&amp;T” <script>alert(1)</script>."
    article = intake.take_in(lay(text=instead_of("Their crews are well.", sentence)), by=wire).article
    assert body.plain_text(article.body).endswith(sentence)
    assert "<script" not in article.body


def test_the_same_file_twice_makes_one_story_and_touches_nothing(wire, lay, django_assert_max_num_queries):
    path = lay()
    first = intake.take_in(path, by=wire).article
    before = snapshot()
    with django_assert_max_num_queries(5):  # two of them open and close the transaction
        second = intake.take_in(path, by=wire)
    assert (second.kind, second.article, second.sentence) == ("unchanged", first, "story.txt: “Helicopters Come Home”")
    assert snapshot() == before


def test_an_unchanged_file_leaves_a_story_alone_that_the_desk_has_changed(wire, lay, editor):
    path = lay()
    rewrite(intake.take_in(path, by=wire).article, headline="Home at last", by=editor)
    before = snapshot()
    assert intake.take_in(path, by=wire).kind == "unchanged"
    assert snapshot() == before


def test_a_changed_text_is_a_new_version_of_a_draft_that_nobody_touched(wire, lay):
    article = intake.take_in(lay(), by=wire).article
    outcome = intake.take_in(lay(text=CHANGED), by=wire)
    assert (outcome.kind, outcome.article, outcome.article.version) == ("changed", article, 2)
    assert "very well" in outcome.article.body
    assert intake.take_in(lay(text=TEXT), by=wire).article.version == 3
    assert Revision.objects.filter(sealed_why=intake.IMPORTED).count() == 3


def test_a_changed_text_is_left_out_where_the_desk_has_changed_the_story(wire, lay, editor):
    article = intake.take_in(lay(), by=wire).article
    rewrite(article, headline="Home at last", by=editor)
    before = snapshot()
    outcome = intake.take_in(lay(text=CHANGED, sidecar=SECTION + RIGHTS.replace("A helicopter.", "Another.")), by=wire)
    assert outcome.kind == "kept"
    said = "but so has “Home at last” on the desk since it came in. It stays as the desk has it."
    assert outcome.sentence == f"story.txt: the text has changed, {said}"
    assert snapshot() == before


def test_a_story_that_was_changed_and_changed_back_is_the_desk_s(wire, lay, editor):
    article = intake.take_in(lay(), by=wire).article
    rewrite(article, headline="Home at last", by=editor)
    rewrite(article, headline="Helicopters Come Home", by=editor)
    assert intake.take_in(lay(text=CHANGED), by=wire).kind == "kept"


@pytest.mark.parametrize("move", ["submit", "spike"])
def test_a_story_that_the_desk_has_moved_on_is_the_desk_s(wire, lay, editor, move):
    article = intake.take_in(lay(), by=wire).article
    getattr(moves, move)(article, seen=1, by=editor, note="Ours now")
    assert intake.take_in(lay(text=CHANGED), by=wire).kind == "kept"


def test_a_changed_sidecar_changes_the_facts_of_pictures(wire, lay):
    intake.take_in(lay(), by=wire)
    outcome = intake.take_in(lay(sidecar=SECTION + RIGHTS.replace("A helicopter.", "A grey helicopter.")), by=wire)
    again = intake.take_in(lay(sidecar=SECTION + RIGHTS.replace("A helicopter.", "A green helicopter.")), by=wire)
    assert (outcome.kind, again.kind, again.article.version) == ("changed", "changed", 1)
    assert set(Image.objects.values_list("alt_text", flat=True)) == {"A green helicopter."}


def test_what_the_photo_desk_says_of_a_picture_stands_against_the_wire(wire, lay, picture_editor):
    intake.take_in(lay(), by=wire)
    cover = Image.objects.get(original_name=COVER)
    photo_desk.describe(cover, by=picture_editor, seen=1, alt_text="Soldiers in the sun.")
    sidecar = SECTION + RIGHTS.replace("A helicopter.", "A grey helicopter.").replace("crown", "handout")
    intake.take_in(lay(sidecar=sidecar), by=wire)
    cover.refresh_from_db()
    assert (cover.alt_text, cover.rights_basis) == ("Soldiers in the sun.", "handout")


def test_the_record_says_what_came_in_and_what_of_it_is_inferred(wire, lay):
    sidecar = (
        f'section = "Asia"\ninferred.section = "It says so."\n[[pictures]]\nname = "{COVER}"\nrights_basis = "crown"\n'
    )
    article = intake.take_in(lay(sidecar=sidecar + 'inferred.rights_basis = "The credit."'), by=wire).article
    event = Event.objects.about("article", article.pk).get(verb="took in")
    assert (event.details["file"], event.details["source"]) == ("story.txt", "story")
    assert event.details["inferred"] == {"section": "It says so.", COVER: {"rights_basis": "The credit."}}
    assert article.cover.facts["rights_basis"]["source"] == "wire; inferred: The credit."


def test_a_sidecar_may_give_the_story_an_id_that_outlives_its_file_name(wire, lay):
    article = intake.take_in(lay("one", sidecar='source = "agency:4711"'), by=wire).article
    assert intake.take_in(lay("two", sidecar='source = "agency:4711"'), by=wire).article == article


def test_the_same_source_has_the_same_uid_in_every_newsroom(wire, lay):
    article = intake.take_in(lay(), by=wire).article
    assert str(article.uid) == "b70ea960-fc6a-5378-b0f9-c3455490ac09"


def test_of_two_files_with_one_id_in_a_run_the_second_is_refused(wire, lay):
    seen = {}
    first, second = lay("one", sidecar='source = "x"'), lay("two", text=CHANGED, sidecar='source = "x"')
    assert intake.take_in(first, by=wire, seen=seen).kind == "new"
    outcome = intake.take_in(second, by=wire, seen=seen)
    assert outcome.kind == "refused"
    assert outcome.sentence.startswith(f"two.txt: its id “x” is also that of {first}.")


def test_another_story_in_a_file_of_the_same_name_does_not_take_the_first_one_s_place(wire, lay):
    intake.take_in(lay(), by=wire)
    before = snapshot()
    other = TEXT.replace("Helicopters Come Home", "A Ship Sails").replace("The last of them", "It")
    outcome = intake.take_in(lay(text=other.replace("Soldiers board a helicopter", "A ship"), sidecar=None), by=wire)
    assert (outcome.kind, snapshot()) == ("refused", before)
    assert "its id “story” is that of “Helicopters Come Home”, and this seems to be another story." in outcome.sentence


@pytest.mark.parametrize("text", [text for text, _sentence in BAD.values()], ids=BAD)
def test_nothing_of_a_text_that_does_not_fit_comes_in(wire, lay, text):
    before = snapshot()
    outcome = intake.take_in(lay(text=text), by=wire)
    assert (outcome.kind, outcome.article) == ("refused", None)
    assert outcome.sentence.startswith("story.txt")
    assert snapshot() == before


UNFIT = {
    "a headline that no page can hold": (instead_of("Helicopters Come Home", "Home " * 80), "", "headline: "),
    "a credit that no column can hold": (TEXT.replace("(Picture: MOD)", f"(Picture: {'M' * 400})"), "", "story.txt: "),
    "a byline that no column can hold": (TEXT, f'bylines = [{{ text = "{"A" * 200}" }}]', "story.txt: "),
    "a slug that is none": (TEXT, 'slug = "not a slug"', "slug: "),
    "a section that is an address of the site": (
        TEXT,
        'section = "Admin"',
        "“admin” is an address that the site itself uses",
    ),
    "a name without an address": (TEXT, 'section = "Азия"', "No address can be made of “Азия”."),
    "an unknown key": (TEXT, 'sektion = "Asia"', "story.toml: “sektion” is not known here."),
}


@pytest.mark.parametrize(("text", "sidecar", "sentence"), UNFIT.values(), ids=UNFIT)
def test_nothing_of_a_story_that_the_newsroom_cannot_keep_comes_in(wire, lay, text, sidecar, sentence):
    before = snapshot()
    outcome = intake.take_in(lay(text=text, sidecar='tags = ["Iraq"]\n' + sidecar), by=wire)
    assert outcome.kind == "refused"
    assert sentence in outcome.sentence
    assert snapshot() == before


def test_who_may_not_write_takes_nothing_in(lay, picture_editor):
    before = snapshot()
    outcome = intake.take_in(lay(sidecar=None), by=picture_editor)
    assert outcome.kind == "refused"
    assert "You cannot start a story. Ask" in outcome.sentence
    assert snapshot() == before


def test_a_file_that_is_not_there_or_is_no_text_is_refused(wire, tmp_path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "story.docx").write_bytes(b"PK")
    said = [
        intake.take_in(tmp_path / name, by=wire).sentence
        for name in ("none.txt", "folder.txt", "story.docx", "odd\n.txt")
    ]
    assert said == [
        "none.txt: there is no file of this name.",
        "folder.txt: there is no file of this name.",
        "story.docx: a story comes in as a file of .txt, and this is none.",
        "odd?.txt: the file’s name has characters that cannot be shown. Rename it.",
    ]


def test_a_text_that_breaks_off_while_it_is_read_is_refused(wire, tmp_path):
    (tmp_path / "story.txt").symlink_to("/proc/self/mem")
    assert (
        intake.take_in(tmp_path / "story.txt", by=wire).sentence
        == "story.txt: this cannot be read: Input/output error."
    )


def test_a_sidecar_that_cannot_be_read_is_no_reason_to_go_without(wire, lay, tmp_path):
    path = lay(sidecar=None)
    (tmp_path / "story.toml").mkdir()
    assert intake.take_in(path, by=wire).sentence == "story.toml: there is no file of this name."


def test_an_id_longer_than_its_column_is_refused(wire, lay):
    outcome = intake.take_in(lay(sidecar=f'source = "{"x" * 201}"'), by=wire)
    assert outcome.sentence == "story.txt: its id has 201 characters; 200 is the most. Give it another."


def test_a_hundred_megabytes_are_not_read_into_memory(wire, lay):
    path = lay(text="")
    with path.open("wb") as file:
        file.truncate(100_000_000)
    tracemalloc.start()
    outcome = intake.take_in(path, by=wire)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome.sentence == "story.txt: this is larger than 1 MB, so it is no story text. Take it away."
    assert most < 5 * plain_text.LARGEST


def test_the_formats_need_no_django():
    program = "import sys; sys.modules['django'] = None; import articles.wire.formats"
    subprocess.run([sys.executable, "-c", program], cwd=HOUSE, check=True)
