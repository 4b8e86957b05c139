"""The least that Flask can do on our server: what the service is measured against."""

import sys

from flask import Flask, Response, request

from moderator.web.server.serve import build_server, one_lane


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)

    @app.post("/v1/submissions")
    def echo() -> Response:
        return Response(request.get_data(cache=False), 202, content_type="application/json")

    return app


def main() -> None:
    port, threads = map(int, sys.argv[1:3])
    lanes = one_lane(threads)
    build_server(create_app(), host="127.0.0.1", port=port, traffic=lanes).run()


if __name__ == "__main__":
    main()
