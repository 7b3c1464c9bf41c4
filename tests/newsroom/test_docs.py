"""What can be set and what can be run is written down, and nothing else is."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OPERATORS = ROOT / "docs" / "operators.md"
DOCUMENTED = re.compile(r"^#? ?([A-Z][A-Z_]+)=", re.MULTILINE)


def settings_read() -> set[str]:
    """The names in ``env.str("NAME", …)`` and ``os.environ.get("NAME")`` wherever the site reads its settings."""
    names = set()
    for program in ("newsroom/settings.py", "gunicorn.conf.py"):
        for node in ast.walk(ast.parse((ROOT / program).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and re.match(r"(os\.environ|env)\.\w+$", ast.unparse(node.func)):
                names |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    return names


def commands() -> list[str]:
    found = [*ROOT.glob("newsroom/management/commands/*.py"), *ROOT.glob("articles/management/commands/*.py")]
    return sorted(path.stem for path in found if path.stem != "__init__")


def test_the_example_explains_every_setting_and_no_other():
    assert set(DOCUMENTED.findall((ROOT / ".env.example").read_text(encoding="utf-8"))) == settings_read()


def test_the_search_for_settings_finds_them():
    assert {"SECRET_KEY", "ENV_FILE", "WEB_THREADS", "LOG_LEVEL", "MEDIA_ROOT"} <= settings_read()


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_operators_can_read_about_every_setting(name):
    assert f"`{name}`" in OPERATORS.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", commands())
def test_operators_can_read_about_every_command(command):
    assert re.search(rf"manage\.py {command}\b", OPERATORS.read_text(encoding="utf-8"))
