"""Who may do what: one table of roles, one of rights. Screens ask ``may``, verbs insist with ``require``."""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, User


@dataclass(frozen=True)
class Role:
    """A group of people: its name, what it is there for, and the permissions (of the articles app) that it holds."""

    name: str
    purpose: str
    permissions: frozenset[str]


def _can(words: str) -> frozenset[str]:
    return frozenset(words.split())


_READ = _can(
    "view_article view_revision view_publication view_correction view_event view_image view_section view_tag"
    " view_author view_approval view_hold view_takedown view_waiver view_collection view_agencyname"
)
_WRITE = _READ | _can(
    "add_article change_article submit_article add_image add_previewlink embargo_article classify_article"
)
_PICTURES = _can("add_image change_image verify_image add_collection change_collection")
_PHOTO_DESK = _PICTURES | _can("delete_image add_agencyname change_agencyname delete_agencyname")
_REGISTERS = _can("add_section change_section add_tag change_tag add_author change_author")

ROLES = (
    Role("Reporter", "Writes, illustrates and submits stories of their own.", _WRITE),
    Role(
        "Sub-editor",
        "Reads and mends everybody’s stories, sends them back, keeps topics and picture facts in order.",
        _WRITE
        | _PICTURES
        | _can("change_any_article send_back_article add_tag change_tag assign_article")
        | _can("hold_article view_houserule add_houserule change_houserule arrange_front"),
    ),
    Role(
        "Picture editor", "Receives pictures and vouches for their captions, credits and rights.", _READ | _PHOTO_DESK
    ),
    Role(
        "Legal adviser",
        "Reads what is sent to the lawyers, and approves exactly that text or sends it back.",
        _READ | _can("approve_legal"),
    ),
    Role(
        "Security reviewer",
        "Reads what is sent to security review, keeps the checklist, approves exactly that text or sends it back.",
        _READ | _can("approve_security view_securityreview"),
    ),
    Role(
        "Editor",
        "Decides: publishes, updates, corrects, withdraws and spikes; keeps sections, topics and authors.",
        _WRITE
        | _PHOTO_DESK
        | _REGISTERS
        | _can("change_any_article send_back_article publish_article withdraw_article spike_article")
        | _can("assign_article release_embargo hold_article lift_hold")
        | _can("take_down_image replace_image waive_rights view_houserule add_houserule change_houserule")
        | _can("view_flatpage add_flatpage change_flatpage arrange_front launch_front"),
    ),
    Role(
        "Site administrator",
        "Looks after accounts, sections, topics and authors, and reads the record. Touches no story.",
        _REGISTERS
        | _can("view_section view_tag view_author view_event view_eventorigin view_user add_user change_user")
        | _can("look_after_site"),
    ),
)

# A right: the permission it needs, and what it is called in a sentence.
RIGHTS = {
    "read": ("view_article", gettext_lazy("read stories")),
    "start": ("add_article", gettext_lazy("start a story")),
    "write": ("change_article", gettext_lazy("change this story")),
    "submit": ("submit_article", gettext_lazy("submit this story")),
    "send_back": ("send_back_article", gettext_lazy("send this story back")),
    "publish": ("publish_article", gettext_lazy("publish this story")),
    "withdraw": ("withdraw_article", gettext_lazy("withdraw this story")),
    "spike": ("spike_article", gettext_lazy("spike or revive this story")),
    "assign": ("assign_article", gettext_lazy("commission or assign this story")),
    "classify": ("classify_article", gettext_lazy("say how sensitive this story is")),
    "embargo": ("embargo_article", gettext_lazy("set the embargo of this story")),
    "release": ("release_embargo", gettext_lazy("grant that an embargo ends early")),
    "hold": ("hold_article", gettext_lazy("set a casualty hold")),
    "lift": ("lift_hold", gettext_lazy("lift a casualty hold")),
    "approve_legal": ("approve_legal", gettext_lazy("approve a story for law")),
    "approve_security": ("approve_security", gettext_lazy("review a story for security")),
    "take_down": ("take_down_image", gettext_lazy("take a picture off the site")),
    "replace": ("replace_image", gettext_lazy("put another file in the place of a picture")),
    "verify": ("verify_image", gettext_lazy("vouch for what a picture shows")),
    "collect": ("change_collection", gettext_lazy("collect pictures")),
    "waive": ("waive_rights", gettext_lazy("let a story go out with a picture whose rights are not settled")),
    "house_style": ("change_houserule", gettext_lazy("change the house style")),
    "arrange": ("arrange_front", gettext_lazy("arrange the home page and the fronts of sections")),
    "launch": ("launch_front", gettext_lazy("launch the home page and the fronts of sections")),
    "flat_pages": ("change_flatpage", gettext_lazy("change the pages about the newsroom")),
    "show_outside": ("add_previewlink", gettext_lazy("show this story to somebody outside")),
    "pictures": ("add_image", gettext_lazy("add pictures")),
    "describe": ("change_image", gettext_lazy("change the facts of pictures")),
    "topics": ("add_tag", gettext_lazy("make new topics")),
    "registers": ("change_section", gettext_lazy("change sections, topics and authors")),
    "accounts": ("change_user", gettext_lazy("change accounts")),
    "look_after": ("look_after_site", gettext_lazy("look after the machines of this site")),
}
_OWN_ONLY = frozenset({"write", "submit", "show_outside", "embargo", "classify"})


class Refused(PermissionError):
    """This person may not do this; the message says who can."""


def may(by: User, right: str, article: Article | None = None) -> bool:
    """May ``by`` do ``right``, on ``article`` where the right is about one story?"""
    permission, _called = RIGHTS[right]
    if not (by.is_active and by.has_perm(f"articles.{permission}")):
        return False
    return (
        right not in _OWN_ONLY
        or article is None
        or by.has_perm("articles.change_any_article")
        or _is_theirs(by, article)
    )


def require(by: User, right: str, article: Article | None = None) -> None:
    """Raise Refused, with a sentence that says who can, unless ``by`` may do ``right``."""
    if may(by, right, article):
        return
    permission, called = RIGHTS[right]
    if not by.is_active:
        raise Refused(_("The account “%(name)s” is locked. Ask a site administrator.") % {"name": by})
    if by.has_perm(f"articles.{permission}"):
        raise Refused(
            _("You can only do this with your own stories. Ask %(who)s.") % {"who": who_can("change_any_article")}
        )
    raise Refused(_("You cannot %(do)s. Ask %(who)s.") % {"do": called, "who": who_can(permission)})


def who_can(permission: str) -> str:
    """The roles that hold ``permission``, as in “a sub-editor or an editor”."""
    names = [role.name.lower() for role in ROLES if permission in role.permissions]
    with_article = [f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in names]
    if len(with_article) < 2:
        return "".join(with_article)
    return _("%(most)s or %(last)s") % {"most": ", ".join(with_article[:-1]), "last": with_article[-1]}


def sync(using: str = "default") -> None:
    """Make the groups in the database what the table says. Groups of other names are left alone."""
    create_permissions(apps.get_app_config("articles"), using=using, verbosity=0)
    held = Permission.objects.using(using).filter(content_type__app_label="articles")
    by_name = {permission.codename: permission for permission in held}
    for role in ROLES:
        group, _made = Group.objects.using(using).get_or_create(name=role.name)
        group.permissions.set(by_name[codename] for codename in sorted(role.permissions))


def _is_theirs(by: User, article: Article) -> bool:
    if by.pk in (article.created_by_id, article.assignee_id):
        return True
    return Article.objects.of_person(by).filter(pk=article.pk).exists()
