"""The walls of the house that no import contract can hold: names, cookies, tables, migrations."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from articles.models import Publication, Revision
from tests.plumbing import WRITERS, WallBreached

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ROOT / "articles"
READERS_HALF = [
    ROOMS / f"live/{name}.py"
    for name in ("flat_pages", "listings", "reading", "registers", "rows", "showing", "surroundings")
]
READERS_CODE = sorted([*ROOMS.glob("front/**/*.py"), *ROOMS.glob("templatetags/*.py"), *READERS_HALF])
READERS_TEMPLATES = sorted((ROOT / "templates/front").rglob("*.html"))
DRAFTS = {"Article", "Byline", "DeskText", "MergeBase", "Placement", "Presence", "PreviewLink", "Revision"} | {
    "Alarm",
    "Approval",
    "EmbargoRelease",
    "Hold",
    "FlatPage",
    "Front",
    "HouseRule",
    "Notice",
    "NoticeChoice",
    "Opening",
    "RevisionName",
    "SavedView",
    "SecurityReview",
    "Source",
    "TaggedArticle",
    "User",
}
VISITOR = {"session", "user", "COOKIES", "set_cookie", "set_signed_cookie", "get_signed_cookie", "csrf_token"}
JOURNALISTS_DJANGO = re.compile(
    r"django\.(contrib\.(admin|auth|messages|sessions)|middleware\.csrf|views\.decorators\.csrf)"
)
WRITING = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save"}


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


# --- Readers' pages do not know who reads and what is being written ---


@pytest.mark.parametrize("path", READERS_CODE, ids=short)
def test_readers_code_takes_no_noun_of_the_desk_and_no_part_of_journalists_django(path):
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom):
            assert not JOURNALISTS_DJANGO.match(node.module or "")
            if node.module and node.module.startswith("articles.models"):
                assert not DRAFTS & {name.name for name in node.names}
        if isinstance(node, ast.Import):
            assert not any(JOURNALISTS_DJANGO.match(name.name) for name in node.names)


@pytest.mark.parametrize("path", READERS_CODE, ids=short)
def test_readers_code_touches_no_session_no_user_and_no_cookie(path):
    assert not VISITOR & {node.attr for node in nodes(path) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", READERS_TEMPLATES, ids=short)
def test_readers_templates_have_no_token_no_user_and_nothing_inline(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"csrf_token|request\.|\buser\.|csp_nonce|\bmessages\b", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    own = r"""type="module" src="{% static 'front/share\.js' %}" fetchpriority="low"></script>"""
    assert not re.search(rf"<script(?! type=\"application/ld\+json\"| {own})", text)


# --- One writer for each table ---


def name_written(call: ast.Call) -> str:
    """``Model`` in ``Model.objects….create(…)`` and in ``Model(…)``, else an empty text."""
    writes = isinstance(call.func, ast.Name) or (isinstance(call.func, ast.Attribute) and call.func.attr in WRITING)
    return re.match(r"\w*", ast.unparse(call.func))[0] if writes else ""


@pytest.mark.parametrize("path", sorted(ROOMS.rglob("*.py")), ids=short)
def test_no_module_writes_a_table_that_belongs_to_another(path):
    room = str(path.relative_to(ROOMS))
    if room.startswith(("migrations/", "models/")):
        return
    owners = {model.__name__: WRITERS.get(model._meta.db_table, room) for model in apps.get_models()}
    for node in nodes(path):
        if isinstance(node, ast.Call):
            assert owners.get(name_written(node), room) == room, ast.unparse(node)


@pytest.mark.django_db
def test_a_second_writer_is_caught_when_it_writes(story):
    intruder = compile("def write(): Revision.objects.update(number=9)", str(ROOMS / "desk/moves.py"), "exec")
    room = {"Revision": Revision}
    exec(intruder, room)  # noqa: S102  as if it stood in that file
    with pytest.raises(WallBreached, match=r"desk/moves\.py writes articles_revision"):
        room["write"]()


@pytest.mark.parametrize("writer", sorted(set(WRITERS.values())))
def test_every_writer_named_is_there(writer):
    assert (ROOMS / writer).exists()


def test_every_table_named_is_there(db):
    assert set(WRITERS) <= set(connection.introspection.table_names())


# --- What a reader can reach ---


def links(page: str) -> set[str]:
    """The addresses of our own that a page names, without their queries' fragments."""
    named = re.findall(r'(?:href|src|content)="(?:http://127\.0\.0\.1:8000)?(/[^"#]*)', page)
    return {link.replace("&amp;", "&") for link in named if not link.startswith(("/static/", "/admin/"))}


@pytest.mark.django_db
def test_whatever_a_reader_can_reach_asks_no_draft_and_leaves_no_cookie(published, reader, no_drafts):
    published()
    todo, seen = {"/", "/robots.txt", "/sitemap.xml", "/nowhere/"}, set()
    while todo:
        path = todo.pop()
        seen.add(path)
        with no_drafts():
            answer = reader.get(path)
        assert not answer.cookies, path
        assert answer.status_code < 500, path
        if "html" in answer.get("Content-Type", ""):
            todo |= links(answer.content.decode()) - seen
    live = Publication.objects.at(timezone.now()).get()
    assert live.address.path in seen
    assert len(seen) > 8


@pytest.mark.django_db
def test_the_wall_before_the_drafts_stands(story, no_drafts):
    with pytest.raises(WallBreached), no_drafts():
        Revision.objects.count()


# --- Scripts ---


def modules_of(script: Path) -> set[Path]:
    named = re.findall(
        r'^(?:import|export)[^;]*?from "\./([\w.-]+)"|^import "\./([\w.-]+)"', script.read_text(), re.MULTILINE
    )
    return {script.parent / (plain or bare) for plain, bare in named}


def test_no_script_imports_itself_round_a_corner():
    """Each file's hashed name holds those of what it imports, so a circle of modules has no names at all."""

    def follow(script: Path, chain: tuple[Path, ...]) -> None:
        assert script not in chain, " → ".join(step.name for step in (*chain, script))
        for other in modules_of(script):
            follow(other, (*chain, script))

    scripts = sorted((ROOT / "static/desk").glob("*.js"))
    assert any(modules_of(script) for script in scripts)
    for script in scripts:
        follow(script, ())


# --- Migrations ---


@pytest.mark.django_db
def test_migrations_stand_in_one_queue():
    graph = MigrationLoader(connection).graph
    ours = [key for key in graph.nodes if key[0] == "articles"]
    assert len(graph.leaf_nodes("articles")) == 1
    for key in ours:
        assert len([parent for parent in graph.node_map[key].parents if parent.key[0] == "articles"]) <= 1


# --- What a spreadsheet would run ---


def test_nothing_is_written_for_spreadsheets():
    """A cell that begins with =, +, - or @ is a formula there (OWASP, CSV Injection), so exports are JSON lines.

    Who needs a table to take home puts a ' before such cells, and its test here instead.
    """
    for path in [*ROOT.glob("newsroom/**/*.py"), *ROOT.glob("articles/**/*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"csv\.(writer|DictWriter)|text/csv|spreadsheetml|openpyxl|xlsxwriter", text), short(path)
