"""What an account may do, asked in one query: every page and every autosave asks."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class Rights(ModelBackend):
    """Django's own accounts and passwords; the rights of a person and of their roles come together."""

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in _held(user_obj)}
        return user_obj._perm_cache


def _held(user):
    names = Permission.objects.order_by().values_list("content_type__app_label", "codename")
    if user.is_superuser:
        return names
    return names.filter(user=user).union(names.filter(group__user=user))
