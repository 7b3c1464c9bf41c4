"""The widget in which a story is written: a plain textarea, which our script turns into an editor where it may run.

What may be in a story is decided by articles.body alone; the editor only knows the same words.
"""

from django import forms
from django.templatetags.static import static
from django.urls import reverse

# The one file of django-prose-editor that is used: Tiptap and ProseMirror in one module. Our script loads it by this
# address, so the page needs no import map, and its policy neither a nonce nor the hash of a style.
LIBRARY = "django_prose_editor/editor.js"


class StoryEditor(forms.Textarea):
    """A textarea that says where the editor and its pictures are."""

    class Media:
        js = (forms.Script("desk/story.js", type="module"),)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "rows": 24,
            "data-library": static(LIBRARY),
            "data-pictures": reverse("admin:articles_image_choose"),
        }
        return context
