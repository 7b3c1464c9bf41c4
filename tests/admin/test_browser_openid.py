"""Coming in by OpenID Connect in a real browser: across two sites and back, under our own content security policy."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import identities, issuer, openid
from articles.models import Article, Event, Identity
from tests.simulated_provider import CLIENT, SECRET, Provider

from .browsing import Inside, inside

__all__ = ["inside"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACCOUNT = "/admin/account/"


@pytest.fixture
def provider(settings, live_server) -> Iterator[Provider]:
    """It stands at 127.0.0.1, the newsroom at localhost: for a browser two sites."""
    issuer.forget()
    settings.SITE_URL = live_server.url
    with Provider(f"{live_server.url}/admin/openid/back/") as provider:
        settings.OIDC_ISSUER, settings.OIDC_NAME = provider.issuer, "Northing ID"
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
        yield provider
    issuer.forget()


@pytest.fixture
def linked(provider, reporter) -> Identity:
    shown = openid.Shown(provider.issuer, provider.person.sub, "r.diaz", 0.0, has_second_factor=False)
    return identities.link(reporter, shown, at=timezone.now())


def follows(here, name: str) -> None:
    here.get_by_role("link", name=name, exact=True).click()


def test_its_owner_links_an_account_and_comes_in_by_it(provider, inside, reporter):
    here = inside(reporter).opens(ACCOUNT)
    follows(here.page, "Link it")
    here.page.get_by_role("button", name="Yes, link it").click()
    here.page.get_by_text("“r.diaz” opens your account from now on.").wait_for()
    here.page.get_by_role("button", name="Log out").click()
    here.opens("/admin/login/?next=/admin/notices/")

    follows(here.page, "Log in with Northing ID")

    here.page.wait_for_url("**/admin/notices/")
    assert Event.objects.filter(verb="logged in").get().details["first"] == "OpenID Connect"
    assert here.complaints == []


def test_a_form_would_be_held_back_by_the_policy_which_is_why_it_is_a_link(linked, inside):
    here = inside().opens("/admin/login/")

    here.page.evaluate(
        "document.body.append(Object.assign(document.createElement('form'), {id: 'way', action: '/admin/openid/'}))"
    )
    here.page.evaluate("document.getElementById('way').submit()")

    here.page.wait_for_timeout(1000)
    assert any("form-action" in complaint for complaint in here.complaints)


def test_a_writer_comes_in_again_in_another_tab_and_goes_on(linked, inside, reporter, story):
    here = inside(reporter).opens_story(story)
    here.page.locator("textarea[name=headline]").fill("They left at dawn")
    Session.objects.all().delete()
    here.page.get_by_role("button", name="Save", exact=True).click()
    frame = here.page.frame_locator("dialog.session iframe")
    with here.page.context.expect_page() as opened:
        follows(frame, "Log in with Northing ID in a new tab")
    opened.value.wait_for_url("**/admin/")

    follows(frame, "I have logged in there")

    here.page.locator(".messagelist").wait_for()
    assert manuscripts.of(Article.objects.get(pk=story.pk)).headline == "They left at dawn"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_sticks_out(scheme, width, provider, inside, reporter):
    def look(here: Inside, path: str) -> None:
        found = Axe().run(here.page).response["violations"]
        assert [(path, fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
        assert here.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path

    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}, "bypass_csp": True}
    look(inside(**options).opens("/admin/login/"), "the door")
    look(inside(**options).opens("/admin/openid/back/"), "the door with a sentence")
    look(inside(**options).opens("/admin/in-place/login/"), "the door in a frame")
    here = inside(reporter, **options).opens(ACCOUNT)
    look(here, "nothing linked")
    follows(here.page, "Link it")
    look(here, "asked whether that is the one")
    here.page.get_by_role("button", name="Yes, link it").click()
    look(here.opens(ACCOUNT), "linked")
