"""The house's own rules as tests: how long, how nested, how documented code may be."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from statistics import median

import pytest

from moderator.checks import LOCAL, REMOTE
from moderator.domain.check import LocalCheck, RemoteCheck
from moderator.web.dashboard import PAGES
from tests.sources import (
    EVERYTHING,
    FUNCTIONS,
    PRODUCT,
    ROOT,
    functions,
    name_of,
    parsed,
    sources,
    trees,
)

FILE_LINES = 300
FUNCTION_LINES = 40
# One case for each kind of step that a pattern can take.
ONE_MATCH = {"tests/linear/steps.py:_run"}
CHECKS: tuple[LocalCheck | RemoteCheck, ...] = (*LOCAL, *REMOTE)
# Where what goes wrong with one piece of work is kept from its neighbours.
EDGES = {
    "moderator/storage/intake/group_commit.py",
    "moderator/storage/intake/rows.py",
    "moderator/web/server/call.py",
    "moderator/web/webhook.py",
}
FOLDER_FILES = 14
# One file per check, command, protocol, platform, page or migration: as long as their list.
LISTS = {
    "moderator/checks",
    "moderator/commands",
    "moderator/intake/imports",
    "moderator/intake/linkback",
    "moderator/platforms",
    "moderator/storage/migrations/versions",
    "moderator/web/dashboard",
}
HOP_LINES = 12
HOPS = {
    # What it imports must not be imported for anything but `moderator up`.
    "moderator/bootstrap/embedded.py",
}


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_file_is_long() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in sources(*EVERYTHING)}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_folder_is_long() -> None:
    """Every folder but a list of like things can be read at a glance."""
    files = Counter(
        name_of(path.parent) for path in sources(*PRODUCT) if path.name != "__init__.py"
    )
    assert {folder for folder, count in files.items() if count > FOLDER_FILES} - LISTS == set()
    assert all((ROOT / folder).is_dir() for folder in LISTS)


def test_every_room_says_in_one_sentence_what_lives_there() -> None:
    """Nothing else: what is imported stands in the file that needs it."""
    rooms = [path for path in sources("moderator") if path.match("moderator/*/*/__init__.py")]
    said = {name_of(path): parsed(path) for path in rooms if name_of(path.parent) not in LISTS}
    assert len(said) > 1
    assert [name for name, tree in said.items() if len(tree.body) != 1] == []
    sentences = {name: ast.get_docstring(tree) or "" for name, tree in said.items()}
    wordy = [name for name, words in sentences.items() if not re.fullmatch(r"[A-Z].*\.", words)]
    assert wordy == []


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a module imports, and for all we know names in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}


def test_no_file_is_but_one_more_hop() -> None:
    """What is so short and asked for by one file alone stands in that file."""
    askers = Counter(module for _, tree in trees(*PRODUCT) for module in set(imported(tree)))
    hops = {
        name_of(path)
        for path in sources(*PRODUCT)
        if name_of(path.parent) not in LISTS
        and not path.name.startswith("__")
        and len(path.read_text().splitlines()) < HOP_LINES
        and askers[name_of(path).removesuffix(".py").replace("/", ".")] == 1
    }
    assert hops == HOPS


def test_what_pages_read_writes_nothing() -> None:
    """Neither a transaction that writes nor a statement that does."""
    folder = "moderator/storage/dashboard"
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees(folder)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"write", "insert", "delete"})
        or (isinstance(node, ast.alias) and node.name in {"insert", "update", "delete"})
    ]
    assert len(sources(folder)) > 1
    assert found == []


def test_every_page_is_held_apart() -> None:
    """The contract names its pages: what they share stands beside them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contracts = {contract["name"]: contract for contract in settings["contracts"]}
    apart = contracts["No page of the dashboard knows another"]["modules"]
    assert sorted(page.import_name for page in PAGES) == sorted(apart)


def test_most_files_are_short() -> None:
    lengths = [len(path.read_text().splitlines()) for path in sources(*PRODUCT)]
    assert median(lengths) < 100


def test_no_function_is_long() -> None:
    long = {
        f"{name}:{function.name}": lines_of(function)
        for name, tree in trees(*EVERYTHING)
        for function in functions(tree)
        if lines_of(function) > FUNCTION_LINES
    }
    assert long.keys() <= ONE_MATCH


def test_most_functions_are_short() -> None:
    lengths = [lines_of(f) for _, tree in trees(*PRODUCT) for f in functions(tree)]
    assert median(lengths) < 12


# A sweeper that never stands in for the workers holds neither the spam model nor any client; a web
# process that is only posted to holds no check; nobody holds clients of services that are not used.
LAZY = frozenset(
    {
        "moderator/bootstrap/outside.py",
        "moderator/bootstrap/rules.py",
        "moderator/bootstrap/services.py",
        "moderator/bootstrap/worker.py",
        "moderator/web/blogspam.py",
    }
)


def test_imports_stand_at_the_top() -> None:
    hidden = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*PRODUCT)
        if name not in LAZY
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_imports_are_absolute() -> None:
    relative = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*EVERYTHING)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def catches_all(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(named & {"Exception", "BaseException"})


def test_only_the_edges_of_jobs_catch_everything() -> None:
    places = {
        name
        for name, tree in trees(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and catches_all(node)
    }
    assert places == EDGES


def is_capped(power: ast.BinOp) -> bool:
    """Whether it shrinks, or what it is raised to is written down, or the smaller of two."""
    base, exponent = power.left, power.right
    if isinstance(base, ast.Constant) and isinstance(base.value, float) and base.value <= 1:
        return True
    is_least = isinstance(exponent, ast.Call) and ast.unparse(exponent.func) == "min"
    return is_least or isinstance(exponent, ast.Constant)


def test_no_wait_is_doubled_without_end() -> None:
    """What failed a thousand times must still get a date."""
    endless = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not is_capped(node)
    ]
    plugin = sorted((ROOT / "integrations").rglob("*.php"))
    endless += [
        f"{name_of(path)}: {found}"
        for path in plugin
        for found in re.findall(r"[0-9] \*\* (?!min\(|[0-9]+\b).*", path.read_text())
    ]
    assert plugin
    assert endless == []


def test_every_module_says_why_it_exists() -> None:
    silent = [name for name, tree in trees(*PRODUCT) if not ast.get_docstring(tree)]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "helpers", "common", "manager", "handler", "data", "info", "misc"}
    assert [name_of(path) for path in sources(*PRODUCT) if path.stem in vague] == []


@pytest.mark.parametrize("check", CHECKS, ids=[check.name for check in CHECKS])
def test_every_check_has_a_file_and_a_test(check: LocalCheck | RemoteCheck) -> None:
    file = ROOT / (type(check).__module__.replace(".", "/") + ".py")
    assert file.parent == ROOT / "moderator" / "checks"
    spoken = "".join(path.read_text() for path in sources("tests"))
    assert type(check).__module__ in spoken


def test_check_names_are_unique() -> None:
    names = [check.name for check in CHECKS]
    assert sorted(set(names)) == sorted(names)


def test_parts_are_put_together_by_their_names() -> None:
    """Whoever wires gives what needs more than two parts each of them by name."""
    wiring = [*sources("moderator/bootstrap"), ROOT / "moderator" / "wsgi.py"]
    unnamed = [
        f"{name_of(path)}: {ast.unparse(node.func)}"
        for path in wiring
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func)[:1].isupper()
        and (len(node.args) > 2 or any(isinstance(each, ast.Starred) for each in node.args))
    ]
    assert unnamed == []


# These remember something from one call to the next.
REMEMBERING = {"ClockWatch", "Drain", "RetrainSiteModel", "Rewordings", "Sweep", "Upkeep"}


def test_use_cases_have_one_shape() -> None:
    """What is called is a frozen dataclass: its parts are its fields, by name, and none changes."""
    shapes = {
        node.name: [ast.unparse(decorator) for decorator in node.decorator_list]
        for _, tree in trees("moderator/usecases")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(each, FUNCTIONS) and each.name == "__call__" for each in node.body)
    }
    frozen = "dataclass(frozen=True, slots=True)"
    assert {name for name, shape in shapes.items() if shape != [frozen]} == REMEMBERING
    assert {shape for name in REMEMBERING for shape in shapes[name]} == {"dataclass(slots=True)"}
