"""The form of a story: the fields of a Manuscript, and the version that the writer had before them. Saves nothing."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import body
from articles import manuscript as manuscripts
from articles.desk import checks, drafts, registers, roles
from articles.desk.drafts import Written
from articles.desk.lengths import LENGTHS
from articles.live import addresses
from articles.manuscript import Manuscript
from articles.models import Article, Image, Section, Tag

from . import bylines, related, topics, uids
from .editor import StoryEditor
from .pages import VerbForm
from .sent_words import HIGHEST

PICTURES_OFFERED = 60
TOPICS_TYPED = 4000  # characters
# What a story may be written in, by its BCP 47 tag; a story that came in another language keeps it.
LANGUAGES = (
    ("en-GB", gettext_lazy("English (British)")),
    ("en-US", gettext_lazy("English (American)")),
    ("ar", "العربية"),
    ("ckb", "کوردیی ناوەندی"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("it", "Italiano"),
    ("ku", "Kurdî"),
    ("pl", "Polski"),
    ("ru", "Русский"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("zh-Hans", "简体中文"),
)
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
    "language",
    "dated_note",
)


class PictureField(forms.ModelChoiceField):
    """A picture by its uid; whatever else is sent is no choice."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError as error:
            fault = ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
            raise fault from error


class StoryForm(VerbForm):
    """A Manuscript as fields. ``seen`` is the version it was opened at, ``over`` the one beside the choices made."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    tab = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    sender = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)  # one opened page, with a script
    over = forms.IntegerField(required=False)
    body = forms.CharField(label=gettext_lazy("Story"), required=False, widget=StoryEditor)
    topics = forms.CharField(
        label=gettext_lazy("Topics"),
        required=False,
        max_length=TOPICS_TYPED,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    related = forms.CharField(
        label=gettext_lazy("Related stories"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    cover = PictureField(
        label=gettext_lazy("Cover picture"),
        queryset=Image.objects.none(),
        required=False,
        to_field_name="uid",
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
            "kicker": forms.TextInput(attrs={"dir": "auto"}),
            "headline": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "standfirst": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        }

    cover_fault = ""  # why the cover that came with the form was not taken in
    cover_on_page: str | None = None  # what stood there where one was taken in
    article: Article | None = None  # the row as it is now, locked, once the form has been checked
    new_topics: tuple[str, ...] = ()
    written: Written | None = None  # what became of it

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        story = self.instance if self.instance.pk else None
        self.address = addresses.of(story) if story else None
        self._related_before = related.chosen(story.related) if story else []
        self._offer_lines(story)
        self._offer_pictures(story)
        self._offer_sections()
        self._offer_languages()
        self._say_lengths()
        # Which story this is, before it is one: what is sent twice, or saves itself meanwhile, makes one story only.
        self.fields["uid"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        self.initial["uid"] = story.uid if story else uuid4()
        self.fields["topics"].help_text = format_html(
            _('{} <a href="{}" target="_blank" rel="noopener">All topics (new tab)</a>'),
            _advice(_("With commas between them.")),
            reverse_lazy("admin:articles_tag_changelist"),
        )
        self.fields["related"].help_text = _advice(_("One on a line: its address, or its whole headline."))
        self.fields["slug"].disabled = bool(self.address)
        if not story:
            self.fields["headline"].widget.attrs["autofocus"] = not self.is_bound
        if story:
            self.initial.update(
                seen=story.version,
                topics=", ".join(topic["value"] for topic in self._topics_before),
                related="\n".join(row["value"] for row in self._related_before),
                cover=str(story.cover.uid) if story.cover else "",
            )

    @cached_property
    def _topics_before(self) -> list[dict[str, str]]:
        if not self.instance.pk:
            return []
        rows = self.instance.tags.order_by("name").values_list("name", "slug", "kind")
        return [topics.as_json(*row) for row in rows]

    def _offer_lines(self, story: Article | None) -> None:
        """The lines of who made it; authors are named, not chosen from all that there are."""
        data = self.data if self.is_bound else None
        self.bylines = bylines.BylineFormSet(data, prefix="bylines", initial=bylines.initial(story) if story else [])
        self.authors_listed = bylines.listed()
        self.byline_roles = bylines.ROLES

    def _offer_pictures(self, story: Article | None) -> None:
        """The newest pictures and those that are chosen; any picture of ours is accepted."""
        field = self.fields["cover"]
        field.queryset = Image.objects.all()
        offered = {
            str(image.uid): image
            for image in Image.objects.only("uid", "title", "credit", "file").newest_first()[:PICTURES_OFFERED]
        }
        if story and story.cover:
            offered.setdefault(str(story.cover.uid), story.cover)
        sent = str(self.data.get("cover", ""))
        if sent not in offered and uids.read(sent):
            offered |= {str(image.uid): image for image in Image.objects.filter(uid=sent)}
        kept = str(story.cover.uid) if story and story.cover else ""
        self.cover_shown = offered.get(sent if self.is_bound else kept)
        labels = [(uid, picture_label(image)) for uid, image in offered.items()]
        field.widget.choices = [("", field.empty_label), *labels]
        self.fields["cover_file"].widget.attrs |= {
            "accept": "image/*",
            "data-read-name": reverse_lazy("admin:articles_image_read_name"),
        }

    def _offer_sections(self) -> None:
        field = self.fields["section"]
        field.empty_label = _("None yet")
        own = self.instance.section_id
        self.sections = [each for each in Section.objects.all() if not each.merged_into_id or each.pk == own]
        field.widget.choices = [("", field.empty_label), *((section.pk, section.name) for section in self.sections)]

    def _offer_languages(self) -> None:
        now = self.instance.language
        kept = [] if now in dict(LANGUAGES) else [(now, now)]
        self.fields["language"].choices = [*LANGUAGES, *kept]

    def _say_lengths(self) -> None:
        """Each limit stands in the field's help, so that it is known without a script too."""
        for name, length in LENGTHS.items():
            field = self.fields[name]
            field.help_text = format_html("{} {}", field.help_text, _advice(length.advice()))

    def address_shown(self) -> str:
        """The whole address: the one that the story has, else the one that it would get now."""
        if self.address:
            return f"{settings.SITE_URL}{self.address.path}"
        typed = {name: str(self[name].value() or "") for name in ("slug", "headline")}
        chosen = str(self["section"].value() or "")
        section = next((section.slug for section in self.sections if str(section.pk) == chosen), "…")
        return f"{settings.SITE_URL}{addresses.path_for(section, checks.slug_for(Manuscript(**typed)) or '…')}"

    def topics_shown(self) -> list[dict[str, str]]:
        """The topics that stand in the field now, for the script that makes them labels."""
        if not self.is_bound:
            return self._topics_before
        names = topics.names_in(str(self["topics"].value() or "")[:TOPICS_TYPED])
        known = topics.Known(names)
        return [known.as_json(name) for name in names]

    def related_shown(self) -> list[dict[str, str]]:
        """The lines that stand in the field now; one that is not known yet stands for itself."""
        known = {row["value"]: row for row in self._related_before}
        text = str(self["related"].value() or "")
        return [
            known.get(line) or {"value": line, "name": line, "kind": "", "key": ""} for line in related.lines_in(text)
        ]

    def clean_body(self) -> str:
        try:
            return body.clean(self.cleaned_data["body"])
        except body.BodyRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean_topics(self) -> list[str]:
        """The slugs of the topics that are there already; names that are not go to ``new_topics``, or are refused."""
        names = topics.names_in(self.cleaned_data["topics"])
        known = topics.Known(names)
        new = {slugify(name): name for name in names if not known.slug_of(name)}
        if new and not roles.may(self.by, "topics"):
            raise ValidationError([known.refusal(name) for name in new.values()])
        for slug, name in new.items():
            if not slug or len(name) > Tag._meta.get_field("name").max_length:
                raise ValidationError(
                    _("No topic can be made of “%(name)s” here. Make it on its own page.") % {"name": name[:120]}
                )
        self.new_topics = tuple(new.values())
        return [slug for name in names if (slug := known.slug_of(name))]

    def clean_related(self) -> tuple[str, ...]:
        """The uids of the stories that the lines mean."""
        story = self.instance if self.instance.pk else None
        return related.understood(self.cleaned_data["related"], self._related_before, of=story)

    def clean_language(self) -> str:
        """A form that says nothing of the language changes nothing of it."""
        return self.cleaned_data["language"] or self.instance.language

    def clean(self) -> dict[str, Any]:
        words = super().clean()
        if self.cover_fault:
            self.add_error("cover_file", self.cover_fault)
        if not self.bylines.is_valid():
            self.add_error(None, _("Something is wrong with the bylines; it is said beside them."))
        if self.instance.pk:
            self.article = drafts.locked(self.instance)
        return words

    @property
    def opened_version(self) -> int:
        """The version that the writer began from; 0 is none that ever was."""
        seen = self.cleaned_data.get("seen") or 0
        return seen if 0 <= seen <= HIGHEST else 0

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
        signed = self.bylines.lines() if self.bylines.is_valid() else base.bylines
        return replace(base, **typed, tags=tags, bylines=signed, related=words.get("related", base.related))

    def on_page(self) -> Manuscript:
        """What the page that sent the form holds: of a cover that came with it, it knows nothing."""
        said = self.manuscript()
        return said if self.cover_on_page is None else replace(said, cover=self.cover_on_page)

    def make_topics(self) -> None:
        for name in self.new_topics:
            registers.record(Tag(name=name, kind=Tag.Kind.THEME), by=self.by)


def _advice(sentence: str) -> str:
    """What need not be said where a script sees to it."""
    return format_html('<span class="advice">{}</span>', sentence)


def picture_label(image: Image) -> str:
    """One line for a select: what it shows, whose it is, and that its file is awaited."""
    parts = [Truncator(image.title).chars(90), image.credit, _("awaiting file") if image.is_awaiting_file else ""]
    return " · ".join(filter(None, parts))
