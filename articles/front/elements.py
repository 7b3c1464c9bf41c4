"""XML as Django's feeds write it, put together as text: a feed is made of some three hundred elements, and through SAX
each of them takes five times as long.
"""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr


class Elements:
    """In the place of Django's SimplerXMLGenerator, whose names it has to have. An element begun here has others in it.

    What it is given holds no character that XML cannot carry.
    """

    def __init__(self) -> None:
        self.written = ['<?xml version="1.0" encoding="utf-8"?>\n']

    def startElement(self, name: str, attrs: Mapping[str, str]) -> None:  # noqa: N802
        self.written.append(f"<{name}{_attributes(attrs)}>")

    def endElement(self, name: str) -> None:  # noqa: N802
        self.written.append(f"</{name}>")

    def addQuickElement(  # noqa: N802
        self, name: str, contents: str | None = None, attrs: Mapping[str, str] | None = None
    ) -> None:
        begun = f"<{name}{_attributes(attrs) if attrs else ''}"
        self.written.append(f"{begun}>{escape(str(contents))}</{name}>" if contents else f"{begun}/>")


def _attributes(attrs: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in sorted(attrs.items()))
