"""The widget in which a story is written: a plain textarea, which our script turns into an editor where it may run.

What may be in a story is decided by articles.body alone; the editor only knows the same words. What it offers stands in
two tables here: the keys, which its help panel shows and its script binds, and what can be inserted.
"""

import json
from dataclasses import dataclass

from django import forms
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.body import embeds, links
from articles.models import Image

from . import scripts

# The one file of django-prose-editor that is used: Tiptap and ProseMirror in one module. Our script loads it by this
# address, so the page needs no import map, and its policy neither a nonce nor the hash of a style.
LIBRARY = "django_prose_editor/editor.js"
WORDS_A_MINUTE = 230

Words = str | Promise


@dataclass(frozen=True)
class Key:
    """What a key does; ``keys`` as ProseMirror writes them: Mod is Ctrl, or ⌘ on a Mac. No act: it works by itself."""

    act: str
    keys: str
    does: Words

    @property
    def caps(self) -> list[str]:
        """The keys as they stand on a keyboard."""
        return [_CAPS.get(part, part.upper() if len(part) == 1 else part) for part in self.keys.split("-")]


@dataclass(frozen=True)
class Insert:
    """Something that the slash menu and the insert menu offer; ``also`` are other words that find it."""

    act: str
    label: Words
    hint: Words
    also: Words = ""


_CAPS = {"Mod": "Ctrl", "ArrowUp": "↑", "ArrowDown": "↓"}

KEYS = (
    Key("bold", "Mod-b", _("bold")),
    Key("italic", "Mod-i", _("italic")),
    Key("link", "Mod-k", _("link to an address or to one of our stories")),
    Key("explain", "Mod-Alt-e", _("explain the chosen word to readers")),
    Key("heading", "Mod-Alt-2", _("heading")),
    Key("subheading", "Mod-Alt-3", _("subheading")),
    Key("paragraph", "Mod-Alt-0", _("plain paragraph")),
    Key("list", "Mod-Shift-8", _("list")),
    Key("numbers", "Mod-Shift-7", _("numbered list")),
    Key("deeper", "Mod-]", _("list item one level deeper")),
    Key("higher", "Mod-[", _("list item one level back")),
    Key("quote", "Mod-Shift-b", _("block quote")),
    Key("", "/", _("at the start of an empty line: everything that can be inserted")),
    Key("up", "Alt-Shift-ArrowUp", _("move the block up")),
    Key("down", "Alt-Shift-ArrowDown", _("move the block down")),
    Key("buttons", "Alt-F10", _("to the buttons of the picture, box or table, else to the toolbar; Escape leads back")),
    Key("leave", "Mod-Enter", _("on to a new line below the picture, box or table")),
    Key("", "Enter", _("in a box or table: on to the next line, at its end out of it")),
    Key("find", "Mod-Shift-h", _("find and replace in the story")),
    Key("undo", "Mod-z", _("undo")),
    Key("redo", "Mod-Shift-z", _("redo")),
    Key("keys", "Mod-/", _("this list of keys")),
    Key("", "Tab", _("leave the text, from wherever the cursor is")),
)

INSERTS: tuple[Insert, ...] = (
    Insert("heading", _("Heading"), _("Opens a part of the story"), _("h2 title")),
    Insert("subheading", _("Subheading"), _("Under a heading"), _("h3 crosshead")),
    Insert("list", _("List"), _("With bullets"), _("bullets points ul")),
    Insert("numbers", _("Numbered list"), _("1, 2, 3"), _("ordered ol steps")),
    Insert("quote", _("Block quote"), _("A longer quotation"), _("blockquote citation")),
    Insert("picture", _("Picture"), _("From the library, or a new file"), _("image photo figure upload")),
    Insert("gallery", _("Gallery"), _("Several pictures together"), _("images photos slideshow")),
    Insert("facts", _("Key facts"), _("A box beside the story"), _("fact box sidebar")),
    Insert("timeline", _("Timeline"), _("What happened when"), _("chronology dates events")),
    Insert("pull-quote", _("Pull quote"), _("One sentence, large"), _("lifted line")),
    Insert("table", _("Table"), _("Rows and columns"), _("grid figures data")),
    Insert("embed", _("Embed"), _("A post or film from elsewhere"), _("youtube video tweet x bluesky tiktok")),
    Insert("related", _("Related stories"), _("Ours, to read on"), _("read more links also")),
    Insert("line", _("Separator"), _("A new thought begins"), _("hr rule divider line")),
)


class StoryEditor(forms.Textarea):
    """A textarea that says where the editor is and whom it may ask. Its tables are for ``desk/furniture.html``."""

    keys = KEYS
    inserts = INSERTS
    providers = tuple(embeds.PROVIDERS.values())
    rights = Image.Rights.choices
    holds_pictures = True

    class Media:
        js = scripts.module("desk/story.js")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "rows": 24,
            "data-library": static(LIBRARY),
            "data-words-a-minute": WORDS_A_MINUTE,
            "data-tracking": json.dumps({"names": sorted(links.TRACKING), "begins": links.TRACKING_BEGINS}),
            "data-pictures": reverse("admin:articles_image_choose"),
            "data-upload": reverse("admin:library_upload"),
            "data-describe": reverse("admin:library_describe"),
            "data-stories": reverse("admin:library_stories"),
            "data-recognise": reverse("admin:library_address"),
        }
        return context
