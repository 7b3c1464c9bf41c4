"""From a key to the paint after it, in a real browser: in the story's editor while it autosaves, and in a textarea.

    .venv/bin/python -m benchmarks.keys

A story of 3,000 words with 20 figures. Each key is timed by the browser's Performance API, from the event's own time
stamp to the first task after the frame that shows it. It prints p50 and p95 in milliseconds, and the ratio of the two.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from random import Random

from . import house, server, texts

WORDS, FIGURES, KEYS = 3000, 20, 300
PAUSE = 60  # milliseconds between keys: a quick writer
_LISTEN = """
  window.keys = [];
  addEventListener("keydown", (event) => {
    const begun = event.timeStamp;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => keys.push(performance.measure("key", { start: begun }).duration);
      after.port2.postMessage(0);
    });
  }, true);
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=KEYS)
    options = parser.parse_args()
    scratch = tempfile.TemporaryDirectory(prefix="newsroom-keys-")
    house.enter(f"sqlite:///{scratch.name}/keys.sqlite3")
    # In a process of its own, with the settings that the server will have.
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], check=True)
    writer, story = _story()
    with server.serving() as (port, _master):
        taken = _typed(port, writer, story, options.keys)
    print(f"{options.keys} keys, one each {PAUSE} ms; milliseconds from the key to the paint, p50 and p95")
    bare, editor = (house.p50_p95(taken[where]) for where in ("textarea", "editor"))
    print(f"{'a bare textarea':<34}{bare[0]:8.1f}{bare[1]:8.1f}")
    print(f"{'the editor':<34}{editor[0]:8.1f}{editor[1]:8.1f}   {editor[1] / bare[1]:.1f} of the bare one at p95")
    print(f"autosaves meanwhile: {taken['autosaves']}")


def _story():
    from django.contrib.auth.models import Group

    from articles.desk import drafts
    from articles.manuscript import Manuscript
    from articles.models import Image, User

    writer = User.objects.create(username="measurer", is_staff=True)
    writer.groups.add(Group.objects.get(name="Editor"))
    figures = [str(Image.objects.create(title=f"Picture {number}").uid) for number in range(FIGURES)]
    text = texts.body(Random(1), WORDS, figures)
    return writer, drafts.start(Manuscript(headline="Measured", body=text), by=writer)


def _typed(port: int, writer, story, keys: int) -> dict:
    from playwright.sync_api import sync_playwright

    from tests.plumbing import chromium

    cookie_name, cookie = server.session_of(writer).split("=", 1)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    letters = (texts.paragraph(Random(2), keys)[3:] * 2)[:keys]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), chromium_sandbox=os.geteuid() != 0)
        context = browser.new_context()
        context.add_cookies([{"name": cookie_name, "value": cookie, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        saved: list[str] = []
        page.on("response", lambda answer: saved.append(answer.url) if "/autosave/" in answer.url else None)

        page.set_content("<textarea rows=20 cols=80></textarea>")
        page.evaluate(_LISTEN)
        page.locator("textarea").click()
        page.keyboard.type(letters, delay=PAUSE)
        bare = page.evaluate("keys")

        page.goto(f"http://127.0.0.1:{port}/admin/articles/article/{story.pk}/change/")
        page.locator(".ProseMirror").wait_for()
        page.wait_for_load_state("networkidle")
        page.evaluate(_LISTEN)
        page.locator(".ProseMirror > p").nth(30).click()
        page.keyboard.type(letters, delay=PAUSE)
        page.wait_for_timeout(500)
        editor = page.evaluate("keys")
        browser.close()
    return {"textarea": bare, "editor": editor, "autosaves": len(saved)}


if __name__ == "__main__":
    main()
