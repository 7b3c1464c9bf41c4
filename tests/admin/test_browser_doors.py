"""Passkeys in a real browser with a virtual authenticator: made, used at the door, in place, and as a proof."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import factors
from articles.models import Article, Event, Passkey
from tests.conftest import PASSWORD

from .browsing import Inside, inside

__all__ = ["inside"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
ACCOUNT = "/admin/account/"


@pytest.fixture
def with_telephone(inside) -> Iterator[Callable[..., Inside]]:
    """A browser whose device has a finger to show: Chromium's own virtual authenticator."""

    def enter(user=None, **options) -> Inside:
        here = inside(user, **options)
        here.devtools = here.page.context.new_cdp_session(here.page)  # type: ignore[attr-defined]
        here.devtools.send("WebAuthn.enable")
        facts = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        facts |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        made = here.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": facts})
        here.authenticator = made["authenticatorId"]
        return here

    return enter


def presses(here: Inside, name: str) -> None:
    here.page.get_by_role("button", name=name, exact=True).click()


def adds_a_key(here: Inside) -> None:
    here.opens(ACCOUNT).page.get_by_label("What you call it").fill("telephone")
    presses(here, "Add a passkey")
    here.page.get_by_text("“telephone” opens your account from now on.").wait_for()


def test_a_passkey_is_made_and_opens_the_door(with_telephone, reporter):
    here = with_telephone(reporter)
    adds_a_key(here)
    assert here.page.locator(".recovery-codes li").count() == factors.CODES
    presses(here, "Log out")
    here.opens("/admin/login/")

    presses(here, "Use a passkey")

    here.page.wait_for_url("**/admin/")
    assert Event.objects.filter(verb="logged in").get().details == {"second_factor": "passkey"}
    assert here.complaints == []


def test_a_passkey_is_the_second_half_after_the_password(with_telephone, reporter):
    here = with_telephone(reporter)
    adds_a_key(here)
    presses(here, "Log out")
    here.opens("/admin/login/")
    here.page.get_by_label("Username").fill(reporter.username)
    here.page.get_by_label("Password").fill(PASSWORD)
    presses(here, "Log in")

    presses(here, "Use your passkey")

    here.page.wait_for_url("**/admin/")
    assert here.complaints == []


def test_a_passkey_lets_a_writer_in_again_in_the_frame_of_the_page(with_telephone, reporter, story):
    here = with_telephone(reporter)
    adds_a_key(here)
    here.opens_story(story)
    here.page.locator("textarea[name=headline]").fill("They left at dawn")
    Session.objects.all().delete()
    frame = here.page.frame_locator("dialog.session iframe")

    presses(here, "Save")
    frame.get_by_role("button", name="Use a passkey", exact=True).click()

    here.page.locator(".messagelist").wait_for()
    assert manuscripts.of(Article.objects.get(pk=story.pk)).headline == "They left at dawn"


def test_a_device_that_shows_no_finger_gets_a_sentence(with_telephone, reporter):
    here = with_telephone(reporter)
    adds_a_key(here)
    presses(here, "Log out")
    here.opens("/admin/login/")
    here.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": here.authenticator, "isUserVerified": False})

    presses(here, "Use a passkey")

    here.page.get_by_text("No passkey was used.").wait_for()
    assert Passkey.objects.get().used_at is None


def test_a_passkey_proves_who_one_is(with_telephone, administrator, reporter):
    here = with_telephone(administrator)
    adds_a_key(here)
    session = next(iter(Session.objects.all()))
    data = session.get_decoded() | {"proved_at": 0}
    session.session_data = Session.objects.encode(data)
    session.save()
    here.opens(f"/admin/articles/user/{reporter.pk}/change/")

    presses(here, "Use a passkey instead")

    here.page.get_by_label("First name").wait_for()


def test_without_a_script_the_door_asks_for_the_code_alone(inside, reporter):
    [first, *_rest] = factors.renew_codes(reporter, at=timezone.now())
    Passkey.objects.create(user=reporter, name="telephone", credential_id="x", credential="", made_at=timezone.now())
    here = inside(java_script_enabled=False)
    here.opens("/admin/login/").page.get_by_label("Username").fill(reporter.username)
    here.page.get_by_label("Password").fill(PASSWORD)
    presses(here, "Log in")
    assert not here.page.get_by_text("Use your passkey").is_visible()
    here.page.get_by_label("Code").fill(first)
    presses(here, "Log in")

    here.page.wait_for_url("**/admin/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_nothing_sticks_out(scheme, size, with_telephone, reporter):
    here = with_telephone(reporter, color_scheme=scheme, viewport=SIZES[size], bypass_csp=True)
    adds_a_key(here)
    looks_right(here, "the sentence that says what was just done, and recovery codes")

    for path in (
        ACCOUNT,
        "/admin/account/codes/",
        "/admin/account/prove/",
        "/admin/password_change/",
        "/admin/forgotten/",
        "/admin/forgotten/sent/",
        "/admin/welcome/a/b/",
        "/admin/articles/user/",
    ):
        looks_right(here.opens(path), path)
    here.opens("/admin/account/codes/")
    presses(here, "Begin")
    here.page.get_by_label("The number that the app shows now").fill("000000")
    presses(here, "Ask for this code from now on")
    here.page.get_by_text("The app shows another number.").wait_for()
    looks_right(here, "a wrong number")
    stranger = with_telephone(color_scheme=scheme, viewport=SIZES[size], bypass_csp=True).opens("/admin/login/")
    looks_right(stranger, "the door")
    stranger.page.get_by_label("Username").fill(reporter.username)
    stranger.page.get_by_label("Password").fill(PASSWORD)
    presses(stranger, "Log in")
    stranger.page.get_by_label("Code").wait_for()
    looks_right(stranger, "its second half")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_is_locked_out_gets_a_page_in_the_look_that_they_chose(scheme, inside, reporter, settings):
    here = inside(color_scheme=scheme, viewport=SIZES["phone"], bypass_csp=True)
    for _try in range(settings.AXES_FAILURE_LIMIT):
        here.opens("/admin/login/").page.get_by_label("Username").fill(reporter.username)
        here.page.get_by_label("Password").fill("wrong")
        presses(here, "Log in")
        here.page.wait_for_load_state()

    here.page.get_by_role("heading", name="Locked for a while").wait_for()
    looks_right(here, "locked out")
    ground = here.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(244, 242, 236)", "dark": "rgb(18, 24, 27)"}[scheme]


def looks_right(here: Inside, what: str) -> None:
    """Nothing that axe finds, nothing that sticks out, and no link that stands alone too small for a thumb."""
    found = Axe().run(here.page).response["violations"]
    assert [(what, fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    assert here.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, what
    small = here.page.evaluate(
        """() => [...document.querySelectorAll("main :is(a, button, summary):not(table *), .breadcrumbs a")]
            .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 24)
            .map((each) => each.textContent)"""
    )
    assert small == [], what
