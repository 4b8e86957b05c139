#!/usr/bin/env bash
# django-contrib-comments 2.2.0 (PyPI, Django 5.2.19) keeps one comment where the same person posts the same text
# on the same page twice on one day: its form hands the view the stored row instead of a new one.
# One expects nothing to happen then: the comment is there, announced, and perhaps judged since.
# Seen: the view goes on as with a new comment. comment_will_be_posted and comment_was_posted are sent again with
# the old row (known: the project's issue 107), staff gets the mail again, and the CommentModerator
# is asked again and its answer saved over the row: a comment that a person approved meanwhile is hidden again.
# Why it matters: the same text sent again takes back an approval without a trace, the approval's flag
# still standing; whoever listens to the signals judges one comment twice. Tell rows apart by their key, and
# let moderate() say no for a comment that has one.
# Prints what is stored and sent after each step; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check django-contrib-comments==2.2.0 \
    Django==5.2.19 2>"$folder/pip" || { cat "$folder/pip"; exit 2; }
"$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
import django
from django.conf import settings
from django.urls import include, path

APPS = ("contenttypes", "auth", "sessions", "sites", "flatpages")
MAIL = {"comments/comment_notification_email.txt": "{{ comment.comment }}"}  # for a site to write
LOADER = ("django.template.loaders.locmem.Loader", MAIL)
settings.configure(
    SECRET_KEY="for this run only",
    ROOT_URLCONF=__name__,
    SITE_ID=1,
    USE_TZ=True,
    ALLOWED_HOSTS=["blog.example.org"],
    MANAGERS=[("Staff", "staff@example.org")],
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[f"django.contrib.{name}" for name in APPS] + ["django_comments"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": [LOADER]}}
    ],
)
django.setup()

from django.contrib.auth.models import User
from django.contrib.flatpages.models import FlatPage
from django.core import mail
from django.core.management import call_command
from django.test import Client, RequestFactory
from django_comments import signals
from django_comments.forms import CommentForm
from django_comments.models import Comment, CommentFlag
from django_comments.moderation import CommentModerator, moderator
from django_comments.views.moderation import perform_approve

call_command("migrate", verbosity=0)
mail.outbox = []
sent = []


def will_be_posted(sender, comment, **rest):
    sent.append(f"will_be_posted({'new' if comment.pk is None else 'row %d' % comment.pk})")


def was_posted(sender, comment, **rest):
    sent.append(f"was_posted(row {comment.pk})")


signals.comment_will_be_posted.connect(will_be_posted)
signals.comment_was_posted.connect(was_posted)


class PeopleFirst(CommentModerator):
    email_notification = True

    def moderate(self, comment, content_object, request):
        return True


moderator.register(FlatPage, PeopleFirst)
urlpatterns = [path("comments/", include("django_comments.urls"))]
page = FlatPage.objects.create(url="/sourdough/", title="Sourdough")


def post():
    data = {"name": "Ann", "email": "ann@example.org", "comment": "Mine rose after a day."}
    data.update(CommentForm(page).generate_security_data())
    answer = Client().post("/comments/post/", data, headers={"host": "blog.example.org"})
    assert answer.status_code == 302, answer


def approve():
    request = RequestFactory().post("/", headers={"host": "blog.example.org"})
    request.user = User.objects.create(username="staff")
    perform_approve(request, Comment.objects.get())


for name, step in (("posted", post), ("approved", approve), ("posted again", post)):
    sent.clear()
    step()
    flags = CommentFlag.objects.filter(flag=CommentFlag.MODERATOR_APPROVAL).count()
    print(
        f"{name + ':':13} rows {Comment.objects.count()}, public {Comment.objects.get().is_public},"
        f" approvals {flags}, mails so far {len(mail.outbox)}, signals: {', '.join(sent) or 'none'}"
    )
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: a second posting no longer does what was seen"; exit 1; }
posted:       rows 1, public False, approvals 0, mails so far 1, signals: will_be_posted(new), was_posted(row 1)
approved:     rows 1, public True, approvals 1, mails so far 1, signals: none
posted again: rows 1, public False, approvals 1, mails so far 2, signals: will_be_posted(row 1), was_posted(row 1)
SEEN
