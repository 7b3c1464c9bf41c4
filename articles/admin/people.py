"""Authors, who sign stories, and accounts, which come in. An account gets roles only, and is locked, never deleted."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import accounts, drafts, factors, identities, letters, roles
from articles.models import Author, Image, User

from . import proving, rescue
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
    invite = forms.BooleanField(
        label=gettext_lazy("Send a link to choose a new password"),
        required=False,
        help_text=gettext_lazy(
            "It counts once, for seven days. The old password counts no more, and all sessions end."
        ),
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
        widgets = {  # a colleague's name and address: no browser fills in those of whoever sits at it
            "username": forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
            "first_name": forms.TextInput({"autocomplete": "off"}),
            "last_name": forms.TextInput({"autocomplete": "off"}),
            "email": forms.EmailInput({"autocomplete": "off"}),
        }
        help_texts = {
            "is_active": gettext_lazy("Without the tick the account is locked at once. Its name stays on all it did.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held"].choices = [(role.name, f"{role.name}. {role.purpose}") for role in roles.ROLES]
        if self.instance.pk:
            self.initial["held"] = list(self.instance.groups.values_list("name", flat=True))
        else:
            self.fields["invite"].initial = True
            self.fields["invite"].widget = forms.HiddenInput()
            if settings.EMAIL_HOST:
                self.fields["email"].required = True
                self.fields["email"].help_text = _("The invitation goes to it: a link to choose a password.")
        if not (self.instance.pk and factors.can_be_taken(self.instance)):
            self.fields["take_factor"].widget = forms.HiddenInput()


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [(role.name, role.name) for role in roles.ROLES]

    def queryset(self, request, users):
        return users.filter(groups__name=self.value()) if self.value() else users


class StandingFilter(admin.BooleanFieldListFilter):
    """By the words of the list's own column."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("may come in")


@admin.register(User)
class AccountAdmin(NewsroomAdmin):
    form = AccountForm
    fields = ("username", ("first_name", "last_name"), "email", "held", "is_active", "invite", "take_factor")
    list_display = ("shown_name", "username", "in_roles", "may_come_in", "second", "came_in")
    list_filter = (RoleFilter, ("is_active", StandingFilter))
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = gettext_lazy("Find by name or address")
    ordering = ("username",)

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("second_factor")
            .prefetch_related("groups", "passkeys", "identities")
        )

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
        is_new = form.instance.pk is None
        kept = accounts.keep(form.instance, by=by, held=form.cleaned_data["held"])
        if form.cleaned_data["invite"] or is_new:
            form.instance.link = accounts.invite(kept, by=by, at=timezone.now())
        if form.cleaned_data["take_factor"] and factors.can_be_taken(kept):
            factors.take_away(kept, by=by, at=timezone.now())
        return kept

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        """As stock, once it is proved who asks: accounts and roles open every other door."""
        if self.has_change_permission(request) and not proving.is_proved(request) and not rescue.is_reopened(request):
            return proving.ask(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def saved(self, request: HttpRequest, obj: User) -> HttpResponse:
        """Where no mail goes out, the link is shown in this answer and nowhere else: it is never stored."""
        link = getattr(obj, "link", None)
        if link:
            context = self.admin_site.each_context(request) | {"title": _("A way in for %(name)s") % {"name": obj}}
            context |= {"account": obj, "link": link, "opts": self.opts, "list_url": self.page("changelist")}
            context |= {"days": letters.INVITED_FOR.days, "has_mail": bool(settings.EMAIL_HOST)}
            return TemplateResponse(request, "desk/link_once.html", context)
        if link == "":
            messages.info(request, _("A link to choose a password is on its way to %(mail)s.") % {"mail": obj.email})
        return super().saved(request, obj)

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def shown_name(self, user: User) -> str:
        return str(user)

    @admin.display(description=gettext_lazy("roles"))
    def in_roles(self, user: User) -> str:
        held = [group.name for group in user.groups.all()]
        return ", ".join(held) or (_("operator") if user.is_superuser else _("no role yet"))

    @admin.display(description=gettext_lazy("may come in"), ordering="is_active")
    def may_come_in(self, user: User):
        look, words = ("good", _("may come in")) if user.is_active else ("stop", _("locked"))
        return format_html('<span class="chip {}">{}</span>', look, words)

    @admin.display(description=gettext_lazy("second factor"))
    def second(self, user: User) -> str:
        factor = getattr(user, "second_factor", None)
        has_one = (factor and factor.set_at) or user.passkeys.all() or identities.is_factor_of(user)
        return _("has a second factor") if has_one else _("no second factor")

    @admin.display(description=gettext_lazy("last came in"), ordering="last_login")
    def came_in(self, user: User) -> str:
        if not user.last_login:
            return _("never came in")
        return _("came in %(moment)s") % {"moment": drafts.clock_time(user.last_login)}
