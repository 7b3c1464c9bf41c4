"""The newsroom's own admin site: its door, its desk, its refusals in sentences. It shows our own nouns only."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import authenticate
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles import audit
from articles.desk import accounts, alarms, drafts, issuer, notices, roles, visits

from . import doors, openid, passkeys, proving, rescue, second_factor, visiting, welcome, your_account

# The pages in the head of the newsroom, in their order; each person sees those that are theirs.
PAGES = ("article", "image", "tag", "section", "author", "houserule", "flatpage", "user", "event")


class PasswordForm(AdminPasswordChangeForm):
    """Stock's questions; the new password goes through the verb, so that the record knows of it."""

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Asked as at the door, where wrong ones are counted: nobody guesses at an open desk for long."""
        password = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=password) != self.user:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password

    def save(self, commit=True):
        accounts.choose_password(self.user, self.cleaned_data["new_password1"])
        return self.user


class PasswordPage(PasswordChangeView):
    form_class = PasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}


class NewsroomSite(admin.AdminSite):
    """Django's admin, with the desk as its first page and sentences instead of bare refusals."""

    site_title = site_header = f"{settings.SITE_NAME} newsroom"
    index_title = _("Desk")
    enable_nav_sidebar = False
    login_form = second_factor.LoginForm
    logout_template = "desk/logged_out.html"
    password_change_template = "desk/password.html"  # noqa: S105  a path, no password
    password_change_done_template = "desk/password_changed.html"  # noqa: S105  a path, no password

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Our own nouns have pages; what libraries would register is plumbing, and roles are a table in the code."""
        models: Any = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if model._meta.app_label == "articles"]
        super().register(ours, admin_class, **options)

    def get_urls(self):
        from . import fronts, holds, library, pictures, queue, site_status
        from . import notices as notice_page

        own = [
            path("queue/", self.admin_view(require_safe(queue.page)), name="queue"),
            path("notices/", self.admin_view(notice_page.page), name="notices"),
            path("holds/", self.admin_view(holds.page), name="holds"),
            path("status/", self.admin_view(site_status.page), name="status"),
            *fronts.urls(),
            *library.urls(),
            path("account/codes/", self.admin_view(second_factor.page), name="second_factor"),
            path("account/", self.admin_view(require_safe(your_account.page)), name="account"),
            path("account/prove/", self.admin_view(proving.page), name="prove"),
            path("account/passkeys/begin/", self.admin_view(passkeys.begin_new), name="passkey_begin_new"),
            path("account/passkeys/add/", self.admin_view(your_account.add_key), name="passkey_add"),
            path("account/passkeys/<int:key>/", self.admin_view(your_account.remove_key), name="passkey_remove"),
            path("account/sessions/", self.admin_view(your_account.end_others), name="sessions_end"),
            path("account/sessions/<int:visit>/", self.admin_view(your_account.end_session), name="session_end"),
            path("account/openid/", self.admin_view(openid.begin_link), name="identity_begin"),
            path("account/openid/add/", self.admin_view(openid.add), name="identity_add"),
            path("account/openid/<int:identity>/", self.admin_view(openid.remove), name="identity_remove"),
            path("passkey/", passkeys.begin, name="passkey_begin"),
            path("openid/", openid.begin, name="openid"),
            path("openid/back/", self.recorded(openid.back), name="openid_back"),
            path("forgotten/", welcome.forgotten, name="forgotten"),
            path("forgotten/sent/", require_safe(welcome.forgotten_sent), name="forgotten_sent"),
            path("welcome/<uidb64>/<token>/", self.recorded(welcome.welcome), name="welcome"),
            path("token/", require_safe(self.token), name="token"),
            path("in-place/login/", self.login_in_place, name="login_in_place"),
            path("in-place/done/", require_safe(self.logged_in_place), name="logged_in_place"),
            path("original/<uuid:uid>/", self.admin_view(pictures.original), name="original"),
            path("thumbnail/<uuid:uid>/", self.admin_view(pictures.thumbnail), name="thumbnail"),
            path(
                "thumbnail/<uuid:uid>/large/",
                self.admin_view(pictures.thumbnail),
                {"width": pictures.LARGE},
                name="large",
            ),
        ]
        return own + super().get_urls()

    def admin_view(self, view, cacheable=False):
        """As stock, and a refusal from behind any door becomes a page that says what and whom to ask."""

        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except roles.Refused as refusal:
                return self.sentence(request, _("Not yours to do"), str(refusal), status=403)
            except PermissionDenied as refusal:
                return self.sentence(
                    request, _("Not yours to do"), str(refusal) or doors.not_theirs(request), status=403
                )
            except Http404:
                return self.sentence(request, _("Not here"), _("There is no such page in the newsroom."), status=404)

        behind = super().admin_view(answer, cacheable)

        @wraps(behind)
        def door(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            """Nobody is sent to the login page without the text that they sent."""
            if not self.has_permission(request) and (sent := rescue.sent_with(request)):
                return rescue.login_page(request, sent)
            if self.has_permission(request) and (first := second_factor.first_page(request)):
                return first
            if rescue.is_reopened(request) and not rescue.sent_with(request).reopens:
                return redirect(request.get_full_path())
            doors.note(request)
            with doors.recorded(request):
                return behind(request, *args, **kwargs)

        return door

    def recorded(self, view):
        """An open door, behind which the record knows from where something was done."""

        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            with doors.recorded(request):
                return view(request, *args, **kwargs)

        return answer

    def sentence(self, request: HttpRequest, title, sentence, *, status: int, **context) -> HttpResponse:
        """A page of one sentence, with the way on, and with what was sent, for that is not saved."""
        context |= self.each_context(request) | {
            "title": title,
            "sentence": sentence,
            "sent": rescue.sent_with(request),
        }
        return render(request, "desk/sentence.html", context, status=status)

    def each_context(self, request: HttpRequest) -> dict:
        context = super().each_context(request)
        shown = self._pages(request) if context["has_permission"] else []
        provider = issuer.name() if issuer.is_on() else ""
        return context | {"site_name": settings.SITE_NAME, "site_pages": shown, "provider": provider}

    def _pages(self, request: HttpRequest) -> list[dict]:
        """The head's links: name, address, and whether this page is under it."""
        by_name = {model._meta.model_name: model_admin for model, model_admin in self._registry.items()}
        theirs = [by_name[name] for name in PAGES if name in by_name and by_name[name].has_view_permission(request)]
        pages = [model_admin.head_link() for model_admin in theirs]
        if request.user.has_perm("articles.view_article"):
            pages.insert(1, {"name": _("Queue"), "url": reverse("admin:queue")})
            pages.insert(2, {"name": _("Holds"), "url": reverse("admin:holds")})
        if roles.may(request.user, "arrange"):
            pages.insert(1, {"name": _("Home page"), "url": reverse("admin:front")})
        if roles.may(request.user, "look_after"):
            pages.append({"name": _("Site status"), "url": reverse("admin:status")})
        pages.append({"name": _("Notices"), "url": reverse("admin:notices")})
        return [page | {"current": request.path.startswith(page["url"])} for page in pages]

    def index(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        from . import lanes

        now = timezone.now()
        desk = {
            "title": lanes.greeting(request.user, now),
            "lanes": lanes.all_of(request.user, now),
            "changes": lanes.what_changed(request.user),
            "notices": notices.new_of(request.user),
            "alarms": alarms.standing(),
            "troubles": list(filter(None, (import_string(trouble)() for trouble in settings.TROUBLES))),
            "planned": lanes.planned(request.user, now),
            "may_start": roles.may(request.user, "start"),
            "may_receive": roles.may(request.user, "pictures"),
            "now": now,
        }
        return super().index(request, desk | (extra_context or {}))

    def token(self, request: HttpRequest) -> JsonResponse:
        """For an open page: the token that counts now, and whose session it is; nobody's is ``null``."""
        user = request.user if self.has_permission(request) else None
        who = {"user": user.pk, "name": str(user)} if user else {"user": None, "name": ""}
        return JsonResponse({"token": get_token(request)} | who)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """As stock; text that the login page carries goes on with whoever has logged in."""
        sent = rescue.sent_with(request)
        with doors.recorded(request):
            answer = super().login(request, {"sent": sent} | (extra_context or {}))
            if not hasattr(request, "came_in_by") or answer.status_code != 302:
                return answer
            answer = rescue.text_is_here(request, sent) if sent else answer
            visiting.came_in(request, answer, how=request.came_in_by)
            return answer

    def login_in_place(self, request: HttpRequest) -> HttpResponse:
        """The login page in a frame of the page that somebody is writing on; it ends at ``logged_in_place``."""
        done = reverse("admin:logged_in_place")
        if request.method == "GET" and self.has_permission(request):
            return redirect(done)
        return self.login(request, {"next": done, "is_popup": True})

    def logged_in_place(self, request: HttpRequest) -> HttpResponse:
        """Where a login in a frame ends. The page round it watches for this address and goes on."""
        if not self.has_permission(request):
            return redirect("admin:login_in_place")
        context = self.each_context(request) | {"title": _("Logged in"), "is_popup": True}
        return render(request, "desk/logged_in_place.html", context)

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """As stock; what the person was writing is sealed before they go."""
        if request.method == "POST" and self.has_permission(request):
            drafts.seal_all(by=request.user, why="logged out")
            visits.left(request.session.session_key)
            with doors.recorded(request):
                audit.record("logged out", request.user, by=request.user)
        return super().logout(request, extra_context)

    def password_change(self, request: HttpRequest, extra_context=None):
        view = PasswordPage.as_view(
            success_url=reverse_lazy("admin:password_change_done"),
            template_name=self.password_change_template,
            extra_context=self.each_context(request) | {"title": _("A new password")} | (extra_context or {}),
        )
        before = request.session.session_key
        answer = view(request)
        if answer.status_code == 302:
            your_account.goes_on(request, before)
        return answer

    def password_change_done(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        title = _("Your new password counts from now on")
        return super().password_change_done(request, {"title": title} | (extra_context or {}))

    def app_index(self, request: HttpRequest, app_label: str, extra_context=None) -> HttpResponse:
        """There is one first page, the desk."""
        return redirect("admin:index")


_SITE = NewsroomSite()


def standing() -> NewsroomSite:
    """The one site, made with this module: asked for by two threads at once, Django would make and fill two."""
    return _SITE
