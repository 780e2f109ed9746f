"""Filters of a page under a name: kept for oneself, or shared with all who may see the page."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import QueryDict

from triage.charges.masking import Masker
from triage.people.models import SavedView

MOST = 50  # of one person on one page
_LONGEST_NAME = 80
_LONGEST_QUERY = 2000


class CannotSaveView(Exception):
    """`code` says why: "no_name", "too_long" or "too_many"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def views_for(reader: User, page: str) -> QuerySet[SavedView]:
    """The reader's own and those that others share."""
    views = SavedView.objects.filter(Q(owner=reader) | Q(is_shared=True), page=page)
    return views.select_related("owner").order_by("name", "pk")


def save_view(
    *, owner: User, page: str, name: str, query: Mapping[str, str], shared: bool, masker: Masker
) -> SavedView:
    """Keep `query` under a name; a view of the same name is replaced. Raises CannotSaveView.

    A name and a filter are typed by people: they are masked like all that is.
    """
    name = masker.text(name.replace("\0", "").strip(), field="saved_view")
    kept = QueryDict(mutable=True)
    kept.update({key: masker.text(value, field="saved_view") for key, value in query.items()})
    text = kept.urlencode()
    mine = SavedView.objects.filter(owner=owner, page=page)
    if not name:
        raise CannotSaveView("no_name")
    if len(name) > _LONGEST_NAME or len(text) > _LONGEST_QUERY:
        raise CannotSaveView("too_long")
    if mine.exclude(name=name).count() >= MOST:
        raise CannotSaveView("too_many")
    view, _created = mine.update_or_create(
        owner=owner, page=page, name=name, defaults={"query": text, "is_shared": shared}
    )
    return view


def change_view(pk: int, *, owner: User, do: str) -> None:
    """ "delete" it, "share" it with others, or keep it to oneself again.

    Raises SavedView.DoesNotExist for a view of somebody else.
    """
    view = SavedView.objects.get(pk=pk, owner=owner)
    if do == "delete":
        view.delete()
        return
    view.is_shared = do == "share"
    view.save(update_fields=["is_shared"])
