"""Texts to measure with: bodies of made-up words, the same ones for the same seed."""

from random import Random

_WORDS = (
    *("the", "of", "and", "in", "to", "a", "that", "was", "for", "on", "coalition", "forces", "base", "air"),
    *("northern", "province", "military", "according", "statement", "troops", "withdrawn", "month", "country"),
    *("equipment", "handed", "officials", "colonel", "convoy", "ground", "training", "mission", "partner", "command"),
    *("region", "government", "security", "operation", "deployed", "support", "number", "three", "hundred"),
)


def paragraph(random: Random, words: int) -> str:
    return f"<p>{' '.join(random.choices(_WORDS, k=words)).capitalize()}.</p>"


def body(random: Random, words: int, figures: list[str] | None = None) -> str:
    """A canonical body of about ``words`` words in paragraphs of 40, with ``figures`` (uids) spread over it."""
    blocks = [paragraph(random, 40) for _number in range(words // 40)]
    for number, uid in enumerate(figures or ()):
        blocks.insert((number + 1) * len(blocks) // (len(figures or ()) + 1), f'<figure data-image="{uid}"></figure>')
    return "\n".join(blocks)
