"""What colleagues saved comes into an open editor: block by block, never over what its writer has just typed."""

import pytest

from .browsing import inside, text_of, writing

__all__ = ["inside", "writing"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THREE = "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>"

# Between sending and answering the writer does something; then the newsroom's text comes in.
ROUND = """async ([text, meanwhile, incoming]) => {
    const { sent, applyIncoming } = await import(window.incomingAt);
    editor.chain().setMeta("addToHistory", false).setContent(editor.newsroom.parse(text).toJSON()).run();
    const then = sent(editor);
    const place = (words) => {
        let found = null;
        editor.state.doc.descendants((node, at) => {
            if (node.isText && node.text.includes(words)) found = at + node.text.indexOf(words) + words.length;
        });
        return found;
    };
    for (const [words, typed] of meanwhile) {
        editor.chain().setTextSelection(place(words)).insertContent({ type: "text", text: typed }).run();
    }
    const whole = applyIncoming(editor, then, incoming);
    const { from, $from } = editor.state.selection;
    const before = $from.parent.textBetween(0, $from.parentOffset);
    const again = applyIncoming(editor, then, incoming);
    const now = editor.newsroom.body();
    editor.commands.undo();
    return { whole, again, now, before, undone: editor.newsroom.body() };
}"""

ROUNDS = {
    "nothing new": ([], THREE, THREE, True),
    "another block changed": (
        [["One.", "!"]],
        THREE.replace("Two", "2"),
        "<p>One.!</p>\n<p>2.</p>\n<p>Three.</p>",
        True,
    ),
    "the canonical form of the same": ([["One.", " "]], THREE, "<p>One. </p>\n<p>Two.</p>\n<p>Three.</p>", True),
    "a block came in": (
        [["Two.", "!"]],
        THREE.replace("<p>Three", '<aside data-kind="facts"><p>F</p></aside>\n<p>Three'),
        '<p>One.</p>\n<p>Two.!</p>\n<aside data-kind="facts"><p>F</p></aside>\n<p>Three.</p>',
        True,
    ),
    "a block came in before all": (
        [["One.", "!"]],
        f"<h2>H</h2>\n{THREE}",
        f"<h2>H</h2>\n{THREE}".replace("e.<", "e.!<", 1),
        True,
    ),
    "a block went": ([["One.", "!"]], "<p>One.</p>\n<p>Three.</p>", "<p>One.!</p>\n<p>Three.</p>", True),
    "the block that is being written": (
        [["Two.", "!"]],
        THREE.replace("Two", "2"),
        THREE.replace("Two.", "Two.!"),
        False,
    ),
    "that and another": (
        [["Two.", "!"]],
        "<p>1.</p>\n<p>2.</p>\n<p>Three.</p>",
        "<p>1.</p>\n<p>Two.!</p>\n<p>Three.</p>",
        False,
    ),
}


@pytest.fixture
def page(writing):
    page, _here = writing(THREE)
    page.evaluate(
        """() => {
            const story = document.querySelector('script[src*="desk/story"]').src;
            window.incomingAt = story.replace("story", "incoming");
        }"""
    )
    return page


def test_what_others_saved_comes_in_where_nobody_is_typing(page):
    for name, (meanwhile, incoming, now, whole) in ROUNDS.items():
        found = page.evaluate(ROUND, [THREE, meanwhile, incoming])
        assert (found["now"], found["whole"], found["again"]) == (now, whole, whole), name
        if meanwhile:
            (words, typed), *_others = meanwhile
            assert found["before"] == words + typed, f"{name}: the cursor is where it was"
            without = now.replace(words + typed, words)
            assert found["undone"] == without, f"{name}: undoing takes back what was typed, and nothing of theirs"


def test_a_cursor_in_a_block_that_changed_elsewhere_stays_and_other_blocks_are_not_drawn_anew(page):
    kept = page.evaluate(
        """async () => {
            const { sent, applyIncoming } = await import(window.incomingAt);
            editor.commands.setContent("<p>One two three.</p><p>Four.</p>");
            editor.commands.setTextSelection(5);
            const then = sent(editor);
            const [first, second] = document.querySelectorAll(".ProseMirror > p");
            const whole = applyIncoming(editor, then, "<p>One two 3.</p>\\n<p>Four.</p>");
            const { from } = editor.state.selection;
            return [whole, from, first.isConnected, second.isConnected, editor.newsroom.body()];
        }"""
    )

    assert kept == [True, 5, True, True, "<p>One two 3.</p>\n<p>Four.</p>"]


def test_a_document_that_was_never_sent_takes_nothing_in(page):
    answer = page.evaluate(
        "async () => (await import(window.incomingAt)).applyIncoming(editor, editor.state.doc, '<p>Other</p>')"
    )

    assert (answer, text_of(page)) == (False, THREE)
