"""The form of a story: the fields of a Manuscript, and the version that the writer had before them. Saves nothing."""

from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import body
from articles import manuscript as manuscripts
from articles.desk import drafts, registers, roles
from articles.live import addresses
from articles.manuscript import BylineLine, Manuscript
from articles.models import Article, Author, Image, Revision, Tag

from . import reading
from .editor import StoryEditor
from .pages import VerbForm

PICTURES_OFFERED = 200
# The Manuscript's fields that a form field of the same name holds as plain text.
_AS_TYPED = (
    "kind",
    "kicker",
    "headline",
    "short_headline",
    "search_headline",
    "feed_headline",
    "standfirst",
    "slug",
    "dateline",
    "body",
    "dated_note",
)


class BylineForm(forms.Form):
    """One line of who made the story. A line left empty is no line."""

    author = forms.ChoiceField(label=gettext_lazy("Author"), required=False)
    text = forms.CharField(label=gettext_lazy("or a free text"), max_length=120, required=False)
    role = forms.CharField(label=gettext_lazy("Role"), max_length=40, required=False)
    order = forms.IntegerField(label=gettext_lazy("Order"), required=False, min_value=1, max_value=99)

    def __init__(self, *args, authors: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["author"].choices = [("", "—"), *authors]
        self.fields["order"].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        words = super().clean() or self.cleaned_data
        if words.get("author") and words.get("text"):
            raise ValidationError(_("Choose an author or write a free text, not both."))
        if words.get("role") and not (words.get("author") or words.get("text") or self.errors):
            raise ValidationError(_("“%(role)s” whom? Choose an author or write a free text.") % words)
        return words

    def line(self) -> BylineLine:
        return BylineLine(*(self.cleaned_data.get(name, "") for name in ("author", "text", "role")))


BylineFormSet = forms.formset_factory(BylineForm, extra=2, max_num=20)


class StoryForm(VerbForm):
    """A Manuscript as fields. ``seen`` is the version it was opened at, ``over`` one that the writer merged by hand."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    tab = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    over = forms.IntegerField(required=False)
    body = forms.CharField(label=gettext_lazy("Story"), required=False, widget=StoryEditor)
    topics = forms.CharField(label=gettext_lazy("Topics"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    cover = forms.ModelChoiceField(
        label=gettext_lazy("Cover picture"),
        queryset=Image.objects.none(),
        required=False,
        empty_label=gettext_lazy("None yet"),
    )
    cover_file = forms.FileField(
        label=gettext_lazy("Upload a new cover picture"),
        required=False,
        help_text=gettext_lazy("What you leave empty below is read from the file and its name."),
    )
    cover_caption = forms.CharField(label=gettext_lazy("Its caption"), required=False)
    cover_alt = forms.CharField(
        label=gettext_lazy("Its text alternative"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("What is in the picture, for readers who cannot see it."),
    )
    cover_credit = forms.CharField(label=gettext_lazy("Its credit"), required=False, max_length=300)
    cover_rights = forms.ChoiceField(
        label=gettext_lazy("Why we may use it"), required=False, choices=Image.Rights.choices
    )

    class Meta:
        model = Article
        fields = (*_AS_TYPED, "section", "cover", "dated_on")
        widgets = {
            "headline": forms.Textarea(attrs={"rows": 2}),
            "standfirst": forms.Textarea(attrs={"rows": 2}),
        }

    cover_fault = ""  # why the cover that came with the form was not taken in
    article: Article | None = None  # the row as it is now, locked, once the form has been checked
    new_topics: tuple[str, ...] = ()
    theirs: list[reading.Difference] | None = None  # what a colleague changed, when this text is behind

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        story = self.instance if self.instance.pk else None
        self.bylines = self._byline_forms(manuscripts.of(story) if story else Manuscript())
        self._offer_pictures(story)
        self.fields["cover_file"].widget.attrs |= {
            "accept": "image/*",
            "data-read-name": reverse_lazy("admin:articles_image_read_name"),
        }
        self.fields["topics"].help_text = format_html(
            _('With commas between them. <a href="{}" target="_blank" rel="noopener">All topics (new tab)</a>'),
            reverse_lazy("admin:articles_tag_changelist"),
        )
        if story:
            self.initial["seen"] = story.version
            self.initial["topics"] = ", ".join(story.tags.order_by("name").values_list("name", flat=True))
        if story and addresses.of(story):
            self.fields["slug"].disabled = True

    def _byline_forms(self, manuscript: Manuscript):
        lines = [
            {"author": line.author, "text": line.text, "role": line.role, "order": number}
            for number, line in enumerate(manuscript.bylines, start=1)
        ]
        authors = list(Author.objects.values_list("slug", "name"))
        data = self.data if self.is_bound else None
        return BylineFormSet(data, prefix="bylines", initial=lines, form_kwargs={"authors": authors})

    def _offer_pictures(self, story: Article | None) -> None:
        """The newest pictures and those that are chosen; any picture of ours is accepted."""
        newest = Image.objects.newest_first().values("pk")[:PICTURES_OFFERED]
        chosen = {str(story.cover_id) if story and story.cover_id else "", str(self.data.get("cover", ""))}
        pks = [int(pk) for pk in chosen if pk.isascii() and pk.isdigit() and len(pk) < 19]
        field = self.fields["cover"]
        field.queryset = Image.objects.all()
        offered = (
            Image.objects.only("title", "credit", "file")
            .newest_first()
            .filter(Q(pk__in=list(newest.values_list("pk", flat=True))) | Q(pk__in=pks))
        )
        field.widget.choices = [("", field.empty_label), *((image.pk, picture_label(image)) for image in offered)]

    def clean_body(self) -> str:
        try:
            return body.clean(self.cleaned_data["body"])
        except body.BodyRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean_topics(self) -> list[str]:
        """The slugs of the topics that are there already; names that are not go to ``new_topics``, or are refused."""
        known = _known_topics()
        names = [name for name in (" ".join(part.split()) for part in self.cleaned_data["topics"].split(",")) if name]
        new = {slugify(name): name for name in names if not _topic(name, known)}
        if new and not roles.may(self.by, "topics"):
            raise ValidationError([_no_such_topic(name, known) for name in new.values()])
        for slug, name in new.items():
            if not slug or len(name) > Tag._meta.get_field("name").max_length:
                raise ValidationError(
                    _("No topic can be made of “%(name)s” here. Make it on its own page.") % {"name": name[:120]}
                )
        self.new_topics = tuple(new.values())
        return [slug for name in names if (slug := _topic(name, known))]

    def clean(self) -> dict[str, Any]:
        words = super().clean()
        if self.cover_fault:
            self.add_error("cover_file", self.cover_fault)
        if not self.bylines.is_valid():
            self.add_error(None, _("Something is wrong with the bylines; it is said beside them."))
        if self.instance.pk:
            self.article = drafts.locked(self.instance)
            self._refuse_stale()
        return words

    def _refuse_stale(self) -> None:
        try:
            drafts.refuse_stale(self.article, self.opened_version)
        except drafts.Stale as stale:
            self.add_error(None, str(stale))
            self.theirs = self._their_changes()

    @property
    def opened_version(self) -> int:
        """The version that the writer has read: the one they ticked as merged, else the one they opened."""
        return self.cleaned_data.get("over") or self.cleaned_data.get("seen") or 0

    def _their_changes(self) -> list[reading.Difference]:
        """What the colleague changed, from the writer's text to theirs; without a common ancestor, all that differs."""
        now = manuscripts.of(self.article)
        ancestor = Revision.objects.filter(article=self.article, version=self.opened_version).first()
        touched = reading.changed_fields(manuscripts.from_json(ancestor.manuscript), now) if ancestor else None
        return reading.differences(manuscripts.normal(self.manuscript()), now, only=touched)

    def manuscript(self) -> Manuscript:
        """What the form says. A field with a fault says what the story said."""
        words = self.cleaned_data
        base = manuscripts.of(self.article) if self.article else Manuscript()
        typed = {name: words[name] for name in _AS_TYPED if name in words}
        chosen = {
            "section": lambda: words["section"].slug if words["section"] else "",
            "cover": lambda: str(words["cover"].uid) if words["cover"] else "",
            "dated_on": lambda: words["dated_on"].isoformat() if words["dated_on"] else "",
        }
        typed |= {name: said() for name, said in chosen.items() if name in words}
        tags = (*words["topics"], *map(slugify, self.new_topics)) if "topics" in words else base.tags
        return replace(base, **typed, tags=tags, bylines=self._lines() if self.bylines.is_valid() else base.bylines)

    def _lines(self) -> tuple[BylineLine, ...]:
        """The lines in the order of their numbers; lines without a number come last, as they stand."""
        rows = [row for row in self.bylines if row.line() != BylineLine()]
        rows.sort(key=lambda row: row.cleaned_data.get("order") or 100)
        return tuple(row.line() for row in rows)

    def make_topics(self) -> None:
        for name in self.new_topics:
            registers.record(Tag(name=name, kind=Tag.Kind.THEME), by=self.by)


def picture_label(image: Image) -> str:
    """One line for a select: what it shows, whose it is, and that its file is awaited."""
    parts = [Truncator(image.title).chars(90), image.credit, _("awaiting file") if image.is_awaiting_file else ""]
    return " · ".join(filter(None, parts))


def _known_topics() -> dict[str, str]:
    """Every name, synonym and slug of a topic, in one case, with the slug that it means."""
    topics = list(Tag.objects.values_list("name", "slug", "synonyms"))
    synonyms = {other.casefold(): slug for _name, slug, others in topics for other in others}
    return (
        synonyms
        | {slug: slug for _name, slug, _others in topics}
        | {name.casefold(): slug for name, slug, _others in topics}
    )


def _topic(name: str, known: dict[str, str]) -> str:
    return known.get(name.casefold()) or known.get(slugify(name), "")


def _no_such_topic(name: str, known: dict[str, str]) -> str:
    near = get_close_matches(name.casefold(), known, n=1, cutoff=0.75)
    hint = _(" Did you mean “%(near)s”?") % {"near": near[0]} if near else ""
    return (
        _("“%(name)s” is not a topic yet. Ask %(who)s to make it.") % {"name": name, "who": roles.who_can("add_tag")}
        + hint
    )
