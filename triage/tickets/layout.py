"""The fields of the ticket form by group, in the order in which they are asked."""

from typing import Final

HAPPENED: Final = ("symptom", "workload", "endpoint", "model", "protocol", "base_url")
ERROR: Final = ("status_code", "occurred_at", "zone", "error_text", "request_ids")
DETAILS: Final = (
    *("stream", "control_text", "first_output_s", "elapsed_s", "client_timeout_s", "concurrency"),
    *("retried", "retry_count", "task_id", "charged", "charged_text"),
)
"""Asked only where they can matter."""
CUSTOMER: Final = (
    *("account_ref", "key_hint", "client", "client_version"),
    *("via_proxy", "via_proxy_text", "notes"),
)
