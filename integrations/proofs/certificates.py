"""A CA made just now, what it signed for 127.0.0.1, and a CA that nobody here has to do with."""

import subprocess
from pathlib import Path

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Certificates:
    """Files below `place`; `ca` and `stranger` sign, `certificate` is shown with `key`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        place.mkdir()
        for name in ("ca", "stranger"):
            self._openssl("req", "-x509", *KEY, "-days", "2", "-subj", f"/CN={name}",
                          "-keyout", f"{name}.key", "-out", f"{name}.crt")  # fmt: skip
        (place / "names").write_text("subjectAltName=IP:127.0.0.1")
        self._openssl("req", *KEY, "-subj", "/CN=127.0.0.1", "-keyout", "server.key",
                      "-out", "server.csr")  # fmt: skip
        self._openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                      "-CAcreateserial", "-days", "2", "-extfile", "names",
                      "-out", "server.crt")  # fmt: skip
        self.ca, self.stranger = place / "ca.crt", place / "stranger.crt"
        self.key, self.certificate = place / "server.key", place / "server.crt"

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.place, capture_output=True, check=True)  # noqa: S603, S607
