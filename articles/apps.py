"""Registers the newsroom and its admin with Django, and keeps the database's guards and the roles in their places."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Newsroom"

    def ready(self):
        post_migrate.connect(settle, sender=self, dispatch_uid="articles.settle")
        checks.register(guards_stand, checks.Tags.database)


class NewsroomAdminConfig(AdminConfig):
    """Django's admin, with our own site as the default one."""

    default_site = "articles.admin.site.NewsroomSite"

    def ready(self):
        """Only now, when the site stands, may our pages register: importing its package must not, or there were two."""
        super().ready()
        from articles.admin import (  # noqa: F401  they register
            agencies,
            articles,
            events,
            flat_pages,
            house_style,
            images,
            people,
            taxonomy,
        )


def settle(sender, using, **kwargs):
    """After each migration: the triggers that a remade table lost, texts to search by, roles with today's rights."""
    from articles import guards
    from articles.desk import finding, roles
    from articles.live import indexing, store
    from articles.photos import looking

    connection = connections[using]
    if {"articles_publication", "articles_desktext", "articles_readertext"} <= set(
        connection.introspection.table_names()
    ):
        guards.install(connection)
        finding.index_missing(using=using)
        indexing.index_missing(using=using)
        looking.index_missing(using=using)
        store.seal_old(using=using)
        roles.sync(using=using)


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
