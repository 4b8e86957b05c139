"""The product's sweeper with the poison check."""

import poison  # type: ignore[import-not-found]  # it lies beside this file

poison.add()

from workers.sweeper import main  # noqa: E402  # it builds itself from the checks that are there

main()
