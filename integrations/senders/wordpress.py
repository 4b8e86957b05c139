"""WordPress as a sender: blog B of the lab links to a post, and wp-cron sends what WordPress sends.

Pingbacks go out because the post it links to has a pingback door, trackbacks because somebody wrote
the post's trackback address into the editor's field "Send trackbacks".
"""

from urllib.parse import quote

from integrations.wordpress.e2e.blogs import HOSTS, LAB, PORT, Blog

ADDRESS = (HOSTS["b"], PORT)
PORTS = range(26_500, 26_900)  # the lab lets WordPress talk to loopback only on ports like these
PROTOCOLS = ("pingback", "trackback")


def has_lab() -> bool:
    return (LAB / "up.sh").exists()


def send(blog: Blog, protocol: str, target: str, door: str) -> tuple[str, str]:
    """Publish a post about `target` and let wp-cron run; return its address and what it noted."""
    link = f'<a href="{target}">somebody wrote about signal boxes</a>'
    post = {
        "post_title": f"Signal boxes, by {protocol}",
        "post_content": f"<p>In the evening, by {protocol}, {link}, and I walked home.</p>",
        "post_status": "publish",
        "to_ping": f"{door}/trackback?target={quote(target, safe='')}"
        if protocol == "trackback"
        else "",
    }
    post_id = int(blog.ask("wp_insert_post", post))
    address = str(blog.ask("get_permalink", post_id))
    blog.cron()
    noted = str(blog.ask("get_post_field", "pinged", post_id))
    return address, "noted as pinged" if noted.strip() else "not noted as pinged"
