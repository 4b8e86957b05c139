"""Clients that Debian packages, taken from their packages into a folder: nothing is installed."""

import os
import shutil
import subprocess
from pathlib import Path

from integrations.clients.programs import Client, Run

PERL = (
    "libnet-akismet-perl", "libwww-perl", "libhttp-message-perl", "liburi-perl",
    "libhttp-date-perl", "libhttp-cookies-perl", "libhttp-negotiate-perl", "liblwp-mediatypes-perl",
    "libencode-locale-perl", "libnet-http-perl", "libtry-tiny-perl", "libfile-listing-perl",
    "libwww-robotrules-perl", "libhtml-parser-perl", "libhtml-tagset-perl", "libio-html-perl",
    "libtimedate-perl", "libclone-perl", "libjson-perl", "libhtml-template-perl", "libcgi-pm-perl",
    "ikiwiki",
)  # fmt: skip
RUBY = ("ruby-akismet", "ruby3.1", "libruby3.1", "libyaml-0-2", "libedit2", "libbsd0")


def unpack(folder: Path) -> dict[str, Run]:
    """How Perl and Ruby are run with these packages; nothing where there is no Debian."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return {}
    found = {}
    if shutil.which("perl") and _unpack(folder, PERL):
        places = [folder / "usr/share/perl5", *folder.glob("usr/lib/*/perl5/*")]
        names = {"PERL5LIB": os.pathsep.join(map(str, places))}
        found["perl"] = Run(("perl", "-e"), names)
    if _unpack(folder, RUBY):
        libraries = [path for path in folder.glob("usr/lib/*-linux-*") if path.is_dir()]
        places = [folder / "usr/lib/ruby/3.1.0", folder / "usr/lib/ruby/vendor_ruby"]
        places += [path / "ruby/3.1.0" for path in libraries]
        names = {
            "LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries)),
            "RUBYLIB": os.pathsep.join(map(str, places)),
        }
        ruby = str(folder / "usr/bin/ruby3.1")
        found["ruby"] = Run((ruby, "--disable-gems", "-e"), names)
    return found


def _unpack(folder: Path, packages: tuple[str, ...]) -> bool:
    packed = folder / "packed"
    packed.mkdir(parents=True, exist_ok=True)
    # S603, S607 here and below: the programs are named in this project
    got = subprocess.run(  # noqa: S603
        ["apt-get", "-qq", "download", *packages],  # noqa: S607
        cwd=packed,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if got.returncode:
        return False
    for package in packed.glob("*.deb"):
        subprocess.run(["dpkg", "-x", str(package), str(folder)], check=True)  # noqa: S603, S607
    return True


NET_AKISMET = """
use strict; use warnings; use JSON::PP; use Net::Akismet;
my ($n, $key, $blog) = @ENV{qw(N KEY BLOG)};
my $honest = "The part on proofing times cleared things up for me, reader $n.";
my $spam = "Our casino number $n pays every winner within the hour, come and play tonight.";
sub fields { (USER_IP => "192.0.2.7", COMMENT_USER_AGENT => "Mozilla/5.0",
  COMMENT_AUTHOR => $_[0], COMMENT_CONTENT => $_[1], PERMALINK => "$blog/sourdough") }
my $us = Net::Akismet->new(KEY => $key, URL => $blog);
sub check { my $v = $us->check(fields(@_));
  !defined $v ? "no answer" : $v eq "true" ? "spam" : "ham" }
my %told = (version => $Net::Akismet::VERSION, key => $us ? "True" : "False");
$told{honest} = check("Jane", $honest);
$told{reported} = $us->spam(fields("Joe", $spam)) ? "thanked" : "no";
$told{known} = check("Jim", $spam);
$told{taken_back} = $us->ham(fields("Joe", $spam)) ? "thanked" : "no";
$told{wrong_key} = Net::Akismet->new(KEY => "000000000bad", URL => $blog) ? "taken" : "refused";
print encode_json(\\%told), "\\n";
"""

RUBY_AKISMET = """
require "json"; require "akismet"
n, key, blog = %w[N KEY BLOG].map { |name| ENV[name] }
honest = "The part on proofing times cleared things up for me, reader #{n}."
spam = "Our casino number #{n} pays every winner within the hour, come and play tonight."
fields = ->(name, text) { ["192.0.2.7", "Mozilla/5.0",
  {author: name, text: text, post_url: "#{blog}/sourdough", type: "comment"}] }
us = Akismet::Client.new(key, blog)
thanks = ->(&call) { begin; call.call; "thanked"; rescue => e; e.message; end }
check = ->(name, text) { us.check(*fields.(name, text)).first ? "spam" : "ham" }
told = {version: Akismet::VERSION, key: us.verify_key ? "True" : "False"}
told[:honest] = check.("Jane", honest)
told[:reported] = thanks.call { us.spam(*fields.("Joe", spam)) }
told[:known] = check.("Jim", spam)
told[:taken_back] = thanks.call { us.ham(*fields.("Joe", spam)) }
told[:wrong_key] = Akismet::Client.new("000000000bad", blog).verify_key ? "taken" : "refused"
puts told.to_json
"""

EXPECTED = {
    "key": "True",
    "honest": "ham",
    "reported": "thanked",
    "known": "spam",
    "taken_back": "thanked",
    "wrong_key": "refused",
}
CLIENTS = (
    Client("Debian `libnet-akismet-perl`", "perl", NET_AKISMET, EXPECTED),
    Client("Debian `ruby-akismet`", "ruby", RUBY_AKISMET, EXPECTED),
)
