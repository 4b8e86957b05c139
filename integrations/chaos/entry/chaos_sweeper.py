"""The product's sweeper with the poison check."""

import poison

poison.add()

from workers.sweeper import main  # noqa: E402  # it builds itself from the checks that are there

main()
