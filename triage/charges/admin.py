"""The ledger in Django's admin: to be looked at, never to be changed."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from triage.charges.models import Charge, ChargeConflict, ChargeImport, LedgerSource


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LedgerSource)
class LedgerSourceAdmin(ReadOnlyAdmin):
    list_display = ("slug", "name", "zone", "covered_from", "covered_until")


@admin.register(ChargeImport)
class ChargeImportAdmin(ReadOnlyAdmin):
    list_display = ("file_name", "source", "at", "read", "new", "changed", "conflicting", "rejected", "by")
    list_filter = ("source",)
    list_select_related = ("source", "by")


@admin.register(Charge)
class ChargeAdmin(ReadOnlyAdmin):
    list_display = ("charge_id", "task_id", "account", "kind", "amount", "currency", "occurred_at")
    list_filter = ("source", "kind", "currency")
    search_fields = ("=charge_id", "=task_key", "=request_key", "=account")
    search_help_text = "charge ID, task ID, request ID or account, in full"
    list_select_related = ("source",)
    show_full_result_count = False
    raw_id_fields: ClassVar = ["batch"]


@admin.register(ChargeConflict)
class ChargeConflictAdmin(ReadOnlyAdmin):
    list_display = ("charge", "fields", "batch", "row_number")
    list_select_related = ("charge", "batch")
