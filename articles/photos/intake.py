"""How pictures come to the desk: received, awaited, supplied, described. The only writer of Image.

Originals are kept as they came, privately, under names of ours; a journalist's file name is data. Nothing is half done:
the file, its row and the event of it are all there, or none of them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.live import stamps, takedowns
from articles.models import Event, Image, User

from . import agencies, facts, filenames, looking, originals, passes, recipes, renditions

# What people say of a picture; everything else of an Image is found out.
DESCRIBED = (
    "title",
    "caption",
    "alt_text",
    "extended_description",
    "is_decorative",
    "credit",
    "photographer",
    "holder",
    "agency",
    "credit_year",
    "supplied_by",
    "copyright_notice",
    "usage_terms",
    "web_statement",
    "licensor",
    "data_mining",
    "rights_basis",
    "rights_note",
    "rights_from",
    "rights_until",
    "fallback",
    "fee",
    "rights_contact",
    "restrictions",
    "keep_whole",
    "taken_on",
    "place",
    "virin",
    "job_id",
    "keywords",
    "digital_source_type",
    "focal_x",
    "focal_y",
    "own_crops",
)
SHAPING = frozenset({"keep_whole", "focal_x", "focal_y", "own_crops"})  # a change of these makes other public files
RIGHTS = frozenset({"rights_from", "rights_until", "fallback"})  # and of these, when readers may see it
SAID = frozenset({"caption", "alt_text", "credit"})  # and of these, what stands below a portrait or a fallback
DAYS = frozenset({"taken_on", "rights_from", "rights_until"})

Source = str | Mapping[str, str]  # who says it: one for all, or {field: who}

Refused = passes.Refused


class Stale(Exception):
    """The picture's facts were changed after this person opened them."""


def receive(file: File, *, by: User, uid: UUID | None = None, source: Source = facts.DESK, **given: Any) -> Image:
    """Take in a picture file with what is said of it: fields of DESCRIBED, and in ``source`` who says so.

    A file that is here already is not kept twice: the picture that has it is returned as it is. With the ``uid`` of an
    awaited picture the file is supplied to that one. Raises Refused, and ValidationError for facts that do not fit.
    """
    passes.require(by, "add_image", _("add pictures"))
    if uid and (awaited := Image.objects.filter(uid=uid, file="").first()):
        return supply(awaited, file, by=by)
    said = _said(given, source)
    with originals.arrived(file) as arrival:
        try:
            return _twin(arrival) or _received(arrival, uid or uuid4(), said, by=by)
        except IntegrityError as clash:  # it came twice at once and the other was quicker, or the uid has another file
            if twin := _twin(arrival):
                return twin
            raise Refused(
                _("“%(name)s” is not the file that this picture has already.") % {"name": arrival.name}
            ) from clash


def expect(name: str, *, by: User, uid: UUID | None = None, source: Source = facts.DESK, **given: Any) -> Image:
    """Write down a picture whose file has not come: its name and what is said of it. One known by ``uid`` stays as is.

    Raises Refused, and ValidationError for facts that do not fit.
    """
    passes.require(by, "add_image", _("add pictures"))
    if uid and (known := Image.objects.filter(uid=uid).first()):
        return known
    image = Image(uid=uid or uuid4(), received_by=by)
    _tell(image, facts.gather(_said(given, source), filenames.read(name), {}), name)
    with transaction.atomic():
        image.save(force_insert=True)
        looking.index(image)
        audit.record("expected", image, by=by, file=image.original_name)
    return image


def supply(image: Image, file: File, *, by: User) -> Image:
    """Give an awaited picture its file. What is known of it stays; the file adds what nobody said. Raises Refused."""
    passes.require(by, "add_image", _("add pictures"))
    with originals.arrived(file) as arrival:
        try:
            with originals.kept(arrival, uid=image.uid) as columns:
                awaited = _awaited(image)
                told = facts.gather(_known(awaited), filenames.read(arrival.name), arrival.found["facts"])
                _tell(awaited, told, arrival.name)
                awaited.version += 1
                _keep(awaited, columns, "supplied", by=by)
        except IntegrityError as clash:
            twin = _twin(arrival)
            raise Refused(_("This file is here already, as “%(name)s”. Use that picture.") % {"name": twin}) from clash
    return awaited


def describe(image: Image, *, by: User, seen: int, source: Source = facts.DESK, **given: Any) -> Image:
    """Change what is said of a picture, by somebody who saw version ``seen``. Unchanged facts make no new version.

    Readers see it with the next publication of a story that shows the picture; only another crop reaches them at once.
    Raises Refused, Stale, and ValidationError for facts that do not fit.
    """
    image = Image.objects.get(pk=image.pk)
    passes.require(by, passes.to_describe(by, image), _("change the facts of pictures"))
    was = {field: plain(getattr(image, field)) for field in DESCRIBED}
    _say(image, given, source)
    now = {field: plain(getattr(image, field)) for field in DESCRIBED if plain(getattr(image, field)) != was[field]}
    if image.version == seen and not now:
        return image
    with transaction.atomic():
        image.version = seen + 1
        columns = {field: getattr(image, field) for field in (*now, "facts", "version")}
        if not Image.objects.filter(pk=image.pk, version=seen).update(**columns):
            raise Stale(_stale(image))
        looking.index(image)
        if RIGHTS & now.keys():
            takedowns.follow_rights(image, by=by, at=timezone.now())
        if SAID & now.keys() and (image.portrait_of.exists() or image.stands_in_for.exists()):
            stamps.bump({f"picture:{image.uid}"})
        audit.record("described", image, by=by, was={field: was[field] for field in now}, now=now)
        if SHAPING & now.keys() and not image.is_awaiting_file:
            renditions.enqueue(image)
    return image


def hand_out(image: Image, *, by: User) -> None:
    """Somebody takes the original home, with all that is in it. Raises Refused."""
    passes.require(by, "change_image", _("take originals"))
    audit.record("took the original", image, by=by, carries=image.carried)


def choose(image: Image, field: str, told: Mapping[str, str], *, by: User, seen: int) -> Image:
    """Let ``field`` say what another of its sources says: ``told`` is one of its "others". Raises as describe does."""
    return describe(image, by=by, seen=seen, source=told["source"], **{field: told["value"]})


def _received(arrival: originals.Arrival, uid: UUID, said: list[facts.Said], *, by: User) -> Image:
    image = Image(uid=uid, received_by=by)
    _tell(image, facts.gather(said, filenames.read(arrival.name), arrival.found["facts"]), arrival.name)
    with originals.kept(arrival, uid=uid) as columns:
        _keep(image, columns, "received", by=by)
    return image


def _keep(image: Image, columns: dict[str, Any], verb: str, *, by: User) -> None:
    """The row of a picture whose file lies in its place, the event, and the order for its public files."""
    for column, value in columns.items():
        setattr(image, column, value)
    image.save()
    looking.index(image)
    if image.rights_from or image.rights_until:
        takedowns.follow_rights(image, by=by, at=timezone.now())
    audit.record(verb, image, by=by, file=image.original_name, sha256=image.sha256)
    renditions.enqueue(image)


def _twin(arrival: originals.Arrival) -> Image | None:
    return Image.objects.filter(sha256=arrival.found["sha256"]).first()


def _awaited(image: Image) -> Image:
    """The picture as it is now, locked. Raises Refused when its file has come meanwhile."""
    awaited = Image.objects.select_for_update().filter(pk=image.pk, file="").first()
    if not awaited:
        raise Refused(_("The file of “%(name)s” has come already. Open the picture again.") % {"name": image})
    return awaited


def _said(given: Mapping[str, Any], source: Source) -> list[facts.Said]:
    return [(field, value, _source(field, source)) for field, value in _cleaned(given).items()]


def _source(field: str, source: Source) -> str:
    return source if isinstance(source, str) else source[field]


def _cleaned(given: Mapping[str, Any]) -> dict[str, Any]:
    """What people said, as the columns hold it. A field that is not DESCRIBED is a programmer's mistake."""
    if unknown := given.keys() - set(DESCRIBED):
        raise TypeError(f"Nobody describes a picture by {', '.join(sorted(unknown))}.")
    problems, cleaned = {}, {}
    for field, value in given.items():
        try:
            text = _storable(value).strip() if isinstance(value, str) else value
            cleaned[field] = _column(field).to_python(text)
        except ValidationError as wrong:
            problems[field] = wrong
    if problems:
        raise ValidationError(problems)
    return cleaned


def _known(image: Image) -> list[facts.Said]:
    """What is said of a picture up to now: its facts with their sources, and columns that were filled without one."""
    sourced = [
        (field, fact["value"], fact["source"])
        for field, first in image.facts.items()
        for fact in (first, *first.get("others", []))
    ]
    filled = [field for field in DESCRIBED if field not in image.facts and not _is_untouched(image, field)]
    return sourced + [(field, getattr(image, field), facts.DESK) for field in filled]


def _is_untouched(image: Image, field: str) -> bool:
    return getattr(image, field) == _column(field).get_default()


def _tell(image: Image, told: facts.Facts, name: str) -> None:
    """Fill the columns with the facts. What we read is made to fit; what a person said is checked."""
    image.facts = told
    image.original_name = _fitting("original_name", name)
    for field in DESCRIBED:
        if field in told:
            fact = told[field]
            value = _fitting(field, fact["value"]) if fact["source"] in facts.READ else fact["value"]
            setattr(image, field, date.fromisoformat(value) if field in DAYS else value)
    image.agency = agencies.name_of(image.agency)
    image.title = image.title or _("Picture without a name")
    _check(image)


def _say(image: Image, given: Mapping[str, Any], source: Source) -> None:
    """Put what a person says into the columns; what was read from an old credit line is read from the new one."""
    said = {field: value for field, value in _cleaned(given).items() if value != getattr(image, field)}
    read = facts.of_credit(said["credit"]) if "credit" in said else {}
    read = {field: _fitting(field, value) for field, value in read.items() if _is_of_credit(image, field)}
    image.facts = dict(image.facts)
    if "agency" in read:
        read["agency"] = agencies.name_of(read["agency"])
    for field, value in (read | said).items():
        setattr(image, field, value)
        who = _source(field, source) if field in said else facts.CREDIT_LINE
        image.facts[field] = facts.instead(image.facts.get(field), plain(value), who)
    _check(image)


def _check(image: Image) -> None:
    """Raise ValidationError, by field, where what is said cannot be."""
    image.clean_fields(exclude={"file", "received_by", "verified_by", "seconded_by"})
    problems = {}
    if image.rights_from and image.rights_until and image.rights_until < image.rights_from:
        problems["rights_until"] = _("The rights end before they begin. Look at the two days again.")
    if image.fallback and not Image.objects.exclude(pk=image.pk).filter(uid=image.fallback).exists():
        problems["fallback"] = _("There is no such other picture that could take its place. Choose one from the list.")
    wrong = [s for s, edges in image.own_crops.items() if not recipes.fits(s, edges, image.width, image.height)]
    if wrong:
        said = _("The crop set by hand for %(shapes)s does not have that shape, or does not lie within the picture.")
        problems["own_crops"] = said % {"shapes": ", ".join(wrong)}
    if problems:
        raise ValidationError(problems)


def _is_of_credit(image: Image, field: str) -> bool:
    """Whether this column is empty, or was read from the credit line."""
    return not getattr(image, field) or image.facts.get(field, {}).get("source") == facts.CREDIT_LINE


def _fitting(field: str, value: Any) -> Any:
    """A text as its column can hold it: on one line, and no longer than the column."""
    most = _column(field).max_length
    return " ".join(_storable(value).split())[:most] if most and isinstance(value, str) else value


def _storable(text: str) -> str:
    """A text as every database takes it: without zero bytes and half characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _column(name: str) -> Field:
    return cast(Field, Image._meta.get_field(name))


def plain(value: Any) -> Any:
    """A fact as JSON and the record hold it: days and uids as texts."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _stale(image: Image) -> str:
    last = Event.objects.about("image", image.pk).newest_first().first()
    return _("“%(name)s” was changed by %(who)s after you opened it. Open it again and make your change there.") % {
        "name": image,
        "who": last.actor_name if last else _("somebody"),
    }
