"""Authors, who sign stories, and accounts, which come in. An account gets roles only, and is locked, never deleted."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import accounts, drafts, factors, roles
from articles.models import Author, Image, User

from .pages import NewsroomAdmin, VerbForm
from .story_form import PICTURES_OFFERED, picture_label
from .taxonomy import RegisterAdmin


class AuthorForm(VerbForm):
    website = forms.URLField(label=gettext_lazy("website"), required=False, assume_scheme="https")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "picture" in self.fields:
            chosen = Image.objects.filter(pk=self.instance.picture_id)
            newest = Image.objects.newest_first().exclude(pk=self.instance.picture_id)[:PICTURES_OFFERED]
            self.fields["picture"].widget.choices = [
                ("", _("None")),
                *((i.pk, picture_label(i)) for i in (*chosen, *newest)),
            ]
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The end of the author’s page address; left empty, it is made from the name."
            )


@admin.register(Author)
class AuthorAdmin(RegisterAdmin):
    form = AuthorForm
    fields = ("name", "slug", "kind", "role", "bio", "picture", "email", "website", "user")
    list_display = ("name", "kind", "role", "user")
    list_filter = ("kind",)
    list_select_related = ("user",)


class AccountForm(VerbForm):
    """An account as a site administrator sees it: a name, roles, whether it may come in."""

    held = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    new_password = forms.BooleanField(
        label=gettext_lazy("Give a new password"),
        required=False,
        help_text=gettext_lazy("It is shown once, after saving. The old one no longer works."),
    )

    take_factor = forms.BooleanField(
        label=gettext_lazy("Take the second factor away"),
        required=False,
        help_text=gettext_lazy("For a lost telephone. First make sure who asks you; all sessions of the account end."),
    )

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active")
        labels = {"is_active": gettext_lazy("May come in")}
        help_texts = {
            "is_active": gettext_lazy("Without the tick the account is locked at once. Its name stays on all it did.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held"].choices = [(role.name, f"{role.name}. {role.purpose}") for role in roles.ROLES]
        if self.instance.pk:
            self.initial["held"] = list(self.instance.groups.values_list("name", flat=True))
        else:
            self.fields["new_password"].initial = True
            self.fields["new_password"].widget = forms.HiddenInput()
        if not (self.instance.pk and factors.of(self.instance)):
            self.fields["take_factor"].widget = forms.HiddenInput()


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [(role.name, role.name) for role in roles.ROLES]

    def queryset(self, request, users):
        return users.filter(groups__name=self.value()) if self.value() else users


@admin.register(User)
class AccountAdmin(NewsroomAdmin):
    form = AccountForm
    fields = ("username", ("first_name", "last_name"), "email", "held", "is_active", "new_password", "take_factor")
    list_display = ("shown_name", "username", "in_roles", "may_come_in", "second", "came_in")
    list_filter = (RoleFilter, "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = gettext_lazy("Find by name or address")
    ordering = ("username",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("second_factor").prefetch_related("groups")

    def get_fields(self, request, obj=None):
        """Who may only look sees the roles, and no tick box that does nothing."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fields
        return ("username", ("first_name", "last_name"), "email", "in_roles", "is_active", "came_in")

    def has_change_permission(self, request, obj=None) -> bool:
        """An operator's account is out of a site administrator's reach."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return roles.may(request.user, "accounts") and not above

    def keep(self, form, *, by):
        kept = accounts.keep(form.instance, by=by, held=form.cleaned_data["held"])
        is_new = not form.instance.has_usable_password()
        if form.cleaned_data["new_password"] or is_new:
            form.instance.shown_once = accounts.give_password(kept, by=by)
        if form.cleaned_data["take_factor"] and factors.of(kept):
            factors.take_away(kept, by=by, at=timezone.now())
        return kept

    def saved(self, request: HttpRequest, obj: User) -> HttpResponse:
        """A new password is shown in this answer and nowhere else: it is never stored to be shown later."""
        password = getattr(obj, "shown_once", "")
        if not password:
            return super().saved(request, obj)
        context = self.admin_site.each_context(request) | {"title": _("A new password for %(name)s") % {"name": obj}}
        context |= {"account": obj, "password": password, "opts": self.opts, "list_url": self.page("changelist")}
        return TemplateResponse(request, "desk/password_once.html", context)

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def shown_name(self, user: User) -> str:
        return str(user)

    @admin.display(description=gettext_lazy("roles"))
    def in_roles(self, user: User) -> str:
        held = [group.name for group in user.groups.all()]
        return ", ".join(held) or (_("operator") if user.is_superuser else _("none yet"))

    @admin.display(description=gettext_lazy("may come in"), ordering="is_active")
    def may_come_in(self, user: User):
        look, words = ("good", _("yes")) if user.is_active else ("stop", _("locked"))
        return format_html('<span class="chip {}">{}</span>', look, words)

    @admin.display(description=gettext_lazy("second factor"))
    def second(self, user: User) -> str:
        factor = getattr(user, "second_factor", None)
        return _("yes") if factor and factor.set_at else _("no")

    @admin.display(description=gettext_lazy("last came in"), ordering="last_login")
    def came_in(self, user: User) -> str:
        return drafts.clock_time(user.last_login) if user.last_login else _("never")
