"""The product's worker with the poison check: `celery -A chaos_worker worker`."""

import poison  # type: ignore[import-not-found]  # it lies beside this file

poison.add()

from workers.app import app  # noqa: E402  # it builds itself from the checks that are there now

__all__ = ["app"]
