"""What is run inside the other programs: each writes comments as its users would, and exports them.

Isso: comments through its own HTTP interface, one that waits, one that its author deletes.
Django: four comments of its models, dumped with plain keys and with natural ones.
"""

ISSO = """
import json, os, sys
from werkzeug.test import Client
from werkzeug.wrappers import Response
from isso import Isso, config, core

folder = sys.argv[1]
conf = config.load(config.default_file())
conf.set("general", "dbpath", os.path.join(folder, "comments.db"))
conf.set("general", "host", "https://blog.example.org")
conf.set("guard", "enabled", "off")
conf.set("hash", "algorithm", "none")

class App(Isso, core.Mixin):
    pass

def client():
    return Client(App(conf), Response)

def said(text, **more):
    body = {"text": text, "author": "Alice", "email": "alice@example.org",
            "website": "https://alice.example.org/", "title": "The river", **more}
    answer = visitor.post("/new?uri=/river/", data=json.dumps(body),
                          content_type="application/json",
                          environ_base={"REMOTE_ADDR": "192.0.2.10"})
    assert answer.status_code in (201, 202), answer.data
    return json.loads(answer.data)["id"], answer

visitor = client()
first, _ = said("It was *finished* in 1911.")
reply, _ = said("No, in 1912.", parent=first)
conf.set("moderation", "enabled", "true")
visitor = client()
waits, _ = said("Has anybody been there since?")
conf.set("moderation", "enabled", "false")
visitor = client()
gone, answer = said("I should not have said this.")
said("But you did.", parent=gone)  # so that its row stays
deleted = visitor.delete("/id/%d" % gone, environ_base={"REMOTE_ADDR": "192.0.2.10"})
assert deleted.status_code == 200, deleted.data
"""

DJANGO = """
import os, sys
import django
from django.conf import settings

folder = sys.argv[1]
settings.configure(
    SECRET_KEY="x", USE_TZ=True, SITE_ID=1, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3",
                           "NAME": os.path.join(folder, "site.sqlite3")}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites",
                    "django_comments"],
)
django.setup()
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.core.management import call_command
from django_comments.models import Comment

call_command("migrate", verbosity=0)
bob = User.objects.create_user("bob", "bob@example.org")
about = dict(content_object=Site.objects.get(pk=1), site_id=1)
create = Comment.objects.create
create(user_name="Alice", user_email="alice@example.org", ip_address="192.0.2.10",
       user_url="https://alice.example.org/", comment="It was finished in 1911.", **about)
create(user=bob, comment="No, in 1912.", **about)
create(user_name="Carol", comment="Has anybody been there since?", is_public=False, **about)
create(user_name="Lamp", comment="Order a lamp", is_removed=True, **about)
call_command("dumpdata", "django_comments", output=os.path.join(folder, "plain.json"), verbosity=0)
call_command("dumpdata", natural_foreign=True, natural_primary=True, indent=1,
             output=os.path.join(folder, "natural.json"), verbosity=0)
"""
