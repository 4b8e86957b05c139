"""What a host name says about itself: whose it is, and whether it pretends to be another."""

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=False)  # the list ships with the package: no network


def registrable(host: str) -> str:
    """The registrable domain of an ASCII host name; the host itself for addresses, bare names."""
    if ":" in host or host.rpartition(".")[2].isdigit():
        return host
    return _suffixes().privatesuffix(host) or host
