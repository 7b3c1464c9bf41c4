"""Ways in for who has no password, or forgot it: a request that tells nobody who works here, and the link of a mail."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from articles.desk import accounts, letters

from . import visiting


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("The mail address of your account"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "autofocus": True}),
    )


class PasswordForm(SetPasswordForm):
    """Django's; the password goes through the verb."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].widget.attrs["autofocus"] = True

    def save(self, commit: bool = True) -> Any:
        accounts.set_by_link(self.user, self.cleaned_data["new_password1"], at=timezone.now())
        return self.user


def forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer for every address, after the same work: what follows is the clock's."""
    form, has_mail = ForgottenForm(request.POST or None), bool(settings.EMAIL_HOST)
    if request.method == "POST" and has_mail and form.is_valid():  # without a mail server the link would go to the log
        address = import_string(settings.COUNTED_ADDRESS)(request) or ""
        letters.forgot(form.cleaned_data["email"], address=address, at=timezone.now())
        return redirect("admin:forgotten_sent")
    return _page(request, "desk/forgotten.html", _("A new password"), form=form, has_mail=has_mail)


def forgotten_sent(request: HttpRequest) -> HttpResponse:
    return _page(request, "desk/forgotten_sent.html", _("Look into your mail"))


class Welcome(PasswordResetConfirmView):
    """The page of a link: Django takes its token out of the address before anything is shown."""

    form_class = PasswordForm
    token_generator = letters.links
    reset_url_token = "choose"  # noqa: S105  a word in the address
    template_name = "desk/welcome.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = _("Choose your password") if self.validlink else _("This link no longer counts")
        named = {"title": title, "is_popup": False, "account": self.user}
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request) | named

    def form_valid(self, form: Any) -> HttpResponse:
        """Who holds the mailbox is known in this browser from now on: nobody who guesses elsewhere locks them out."""
        super().form_valid(form)
        answer = _page(self.request, "desk/welcome_done.html", _("Your password counts"), account=form.user)
        visiting.remember(self.request, answer, form.user, tells=False)
        return answer

    def get_success_url(self) -> str:
        return "/"


welcome = sensitive_post_parameters()(Welcome.as_view())


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return render(request, template, admin.site.each_context(request) | {"title": title} | context)
