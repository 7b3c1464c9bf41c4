"""Story texts in a folder, and the account in whose name they come in."""

from pathlib import Path

import pytest

from .texts import TEXT

SECTION = 'section = "Asia"\nbylines = [{ author = "News desk", kind = "organisation" }]\n'
RIGHTS = "\n".join(
    f'[[pictures]]\nname = "{name}"\nalt_text = "A helicopter."\nrights_basis = "crown"\n'
    for name in (
        "Soldiers board a helicopter 290320 CREDIT MOD.jpg",
        "A helicopter lands in the desert 280320 CREDIT CROWN COPYRIGHT",
    )
)


@pytest.fixture
def wire(db):
    from articles.wire.account import account

    return account()


@pytest.fixture
def lay(tmp_path):
    """Lays a story text into a folder, with a sidecar that makes it ready for readers: ``lay("story", TEXT)``."""

    def put(name: str = "story", text: str | bytes = TEXT, sidecar: str | None = SECTION + RIGHTS) -> Path:
        path = tmp_path / f"{name}.txt"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.with_suffix(".toml").unlink(missing_ok=True)
        if sidecar is not None:
            path.with_suffix(".toml").write_text(sidecar, encoding="utf-8")
        return path

    return put
