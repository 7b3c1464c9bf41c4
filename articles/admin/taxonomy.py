"""Sections and topics: short forms whose words go live by desk.registers, and addresses that never change once made."""

from functools import partial

from django import forms
from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from articles.desk import registers
from articles.models import Section, Tag

from . import leading_on
from .pages import NewsroomAdmin, VerbForm


class RegisterAdmin(NewsroomAdmin):
    """A register that all stories share."""

    search_fields = ("name", "slug")

    def keep(self, form, *, by):
        return registers.record(form.instance, by=by)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_readdress"
        view = self.admin_site.admin_view(partial(leading_on.page, self))
        return [path("<int:pk>/address/", view, name=name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """Those that were merged only lead on: they are no entries for people any more."""
        request.only_standing = True
        return super().changelist_view(request, extra_context)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.filter(merged_into=None) if getattr(request, "only_standing", False) else rows

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            context |= {"readdress_url": self.page("readdress", obj.pk)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_readonly_fields(self, request, obj=None):
        """The address is changed on a page of its own: stories and links hang on it."""
        return ("slug",) if obj else ()


class SectionForm(VerbForm):
    def clean_parent(self) -> Section | None:
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and self.instance in parent.lineage():
            raise forms.ValidationError(
                _("“%(name)s” lies inside this section. Choose another."), params={"name": parent}
            )
        return parent


@admin.register(Section)
class SectionAdmin(RegisterAdmin):
    form = SectionForm
    fields = ("name", "slug", "parent", "order", "description")
    list_display = ("name", "parent", "slug", "order")
    list_select_related = ("parent",)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "slug" and field:
            field.required = False
            field.help_text = _("The first part of its stories’ addresses, made from the name if left empty.")
        return field


class TagForm(VerbForm):
    """Synonyms are typed with commas between them; the row keeps a list."""

    other_names = forms.CharField(
        label=_("other names"), required=False, help_text=_("With commas between them: Islamic State, IS, Isil, Daesh.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other_names"].initial = ", ".join(self.instance.synonyms)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The end of the topic’s page address; left empty, it is made from the name."
            )

    def clean_other_names(self) -> list[str]:
        names = [" ".join(name.split()) for name in self.cleaned_data["other_names"].split(",")]
        return list(dict.fromkeys(name for name in names if name))


@admin.register(Tag)
class TagAdmin(RegisterAdmin):
    form = TagForm
    fields = ("name", "slug", "kind", "description", "facts", "other_names", "media_topic", "wikidata_id")
    list_display = ("name", "kind", "slug")
    list_filter = ("kind",)

    def keep(self, form, *, by):
        form.instance.synonyms = form.cleaned_data["other_names"]
        return super().keep(form, by=by)

    @admin.display(description=_("other names"))
    def other_names(self, tag: Tag) -> str:
        """For those who may only look."""
        return ", ".join(tag.synonyms)
