"""For script/check: known holes in what we install (pip-audit), and likely ones in what we write (bandit).

ruff has bandit's rules too, under the letter S; an exception stands once, as ruff reads it, with its reason behind it.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = "requirements-scale.txt"  # all that any production site installs
ALSO_KNOWN_AS = {"B703": "S308"}  # two names of bandit's for one thing
_EXPLAINED = re.compile(r"# noqa: (?P<rules>[A-Z0-9, ]+?)  \w")


def main(question: str) -> None:
    {"packages": packages, "code": code}[question]()


def packages() -> None:
    """Exit with the known holes. Where the register does not answer for them, say so: that is no proof of anything."""
    told = _asked("pip_audit", "--requirement", LIST, "--require-hashes", "--disable-pip", "--format", "json")
    found = json.loads(told)["dependencies"] if told else []
    looked_up = [each for each in found if "skip_reason" not in each]
    holes = [f"{each['name']} {each['version']}: {hole['id']}" for each in looked_up for hole in each["vulns"]]
    if holes:
        sys.exit("\n".join([f"{LIST} has known holes:", *holes]))
    if len(looked_up) == len(found) > 0:
        print(f"{len(found)} packages, none with a known hole")  # noqa: T201
    else:
        print(f"NOT ASKED: the register answers for {len(looked_up)} of {len(found)} packages")  # noqa: T201


def code() -> None:
    """Exit with what bandit finds and no line explains."""
    paths = ["newsroom", "articles", "script", "manage.py", "gunicorn.conf.py"]
    told = json.loads(_asked("bandit", "--quiet", "--configfile", "pyproject.toml", "--format", "json", "-r", *paths))
    if told["errors"]:
        sys.exit(f"bandit could not read all: {told['errors']}")
    left = [
        f"{each['filename']}:{each['line_number']} {each['test_id']} {each['issue_text']}"
        for each in told["results"]
        if not _is_explained(each)
    ]
    if left:
        sys.exit("\n".join(left))


def _is_explained(found: dict) -> bool:
    """Whether ruff's name for it stands on one of its lines with a reason, or in pyproject.toml for the whole file."""
    rule = ALSO_KNOWN_AS.get(found["test_id"], found["test_id"].replace("B", "S"))
    path = Path(found["filename"])
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    ignored = settings["tool"]["ruff"]["lint"]["per-file-ignores"]
    if any(path.match(pattern) and rule in rules for pattern, rules in ignored.items()):
        return True
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    own = lines[min(found["line_range"]) - 1 : max(found["line_range"])]
    return any(rule in noted["rules"] for noted in map(_EXPLAINED.search, own) if noted)


def _asked(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    if not done.stdout:
        print(done.stderr.strip().splitlines()[-1] if done.stderr else "", file=sys.stderr)  # noqa: T201
    return done.stdout


if __name__ == "__main__":
    main(*sys.argv[1:])
