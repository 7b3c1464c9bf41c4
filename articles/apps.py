"""Registers the newsroom and its admin with Django, and keeps the database's guards and the roles in their places."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.contrib.auth.signals import user_logged_in
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Newsroom"

    def ready(self):
        from articles.live import purges, stamps

        post_migrate.connect(settle, sender=self, dispatch_uid="articles.settle")
        stamps.version_raised.connect(purges.soon, dispatch_uid="articles.purges")
        user_logged_in.connect(who_has_come_in, dispatch_uid="articles.who_has_come_in")
        checks.register(guards_stand, checks.Tags.database)
        checks.register(roles_are_known, checks.Tags.security)


class NewsroomAdminConfig(SimpleAdminConfig):
    """Django's admin, with our own site as the default one. Its pages load with the first address of theirs."""

    default_site = "articles.admin.site.standing"

    def ready(self):
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(pages_are_sound, checks.Tags.admin)


def who_has_come_in(sender, request, **kwargs):
    """By whatever way: before dangerous acts nobody is asked again at once."""
    from articles.admin import proving

    proving.has_come_in(request)


def pages_are_sound(app_configs=None, **kwargs):
    """Django's own checks of the admin, once its pages are there to be looked at."""
    from articles.admin import urls  # noqa: F401  importing them registers every page

    return check_admin_app(app_configs, **kwargs)


def settle(sender, using, **kwargs):
    """After each migration: the triggers that a remade table lost, texts to search by, roles with today's rights."""
    from articles import fulltext, guards
    from articles.desk import finding, roles
    from articles.live import indexing, store
    from articles.photos import looking

    connection = connections[using]
    wanted = {"articles_publication", *(index.table for index in fulltext.INDEXES)}
    if wanted <= set(connection.introspection.table_names()):
        guards.install(connection)
        finding.index_missing(using=using)
        indexing.index_missing(using=using)
        looking.index_missing(using=using)
        store.seal_old(using=using)
        roles.sync(using=using)


def roles_are_known(app_configs=None, **kwargs):
    """articles.E002: SECOND_FACTOR_ROLES names no role, so who was meant would need no factor."""
    from django.conf import settings

    from articles.desk import roles

    known = {"all", *(role.name for role in roles.ROLES)}
    return [
        checks.Error(
            f"SECOND_FACTOR_ROLES names “{name}”, which is no role.",
            hint=f"Write some of these, with commas between: {', '.join(sorted(known))}.",
            id="articles.E002",
        )
        for name in settings.SECOND_FACTOR_ROLES
        if name not in known
    ]


def guards_stand(app_configs=None, databases=None, **kwargs):
    """articles.E001: a guard is missing, so the database would accept what it must refuse."""
    from articles import guards

    return [
        checks.Error(
            f"The database “{alias}” has lost the guard “{name}”.",
            hint="Run manage.py migrate: it puts every guard back.",
            id="articles.E001",
        )
        for alias in databases or ()
        if "articles_readertext" in connections[alias].introspection.table_names()
        for name in sorted(guards.missing(connections[alias]))
    ]
