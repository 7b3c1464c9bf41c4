"""What the desk's search reads of each story, and how it is asked."""

from articles import body
from articles.manuscript import Manuscript, picture_uids
from articles.models import Article, Author, DeskText, Image, Tag


def index(article: Article, manuscript: Manuscript, *, labels: bool = True) -> None:
    """Write down the words of ``manuscript`` for the search. One query, and with ``labels`` three more for names."""
    text = DeskText(article=article, title=_title(manuscript), words=_words(manuscript))
    changed = ["title", "words"]
    if labels:
        text.labels = _labels(manuscript)
        changed.append("labels")
    DeskText.objects.bulk_create([text], update_conflicts=True, unique_fields=["article"], update_fields=changed)


def _title(manuscript: Manuscript) -> str:
    headlines = (
        *(manuscript.kicker, manuscript.headline, manuscript.short_headline),
        *(manuscript.search_headline, manuscript.feed_headline),
    )
    return "\n".join(dict.fromkeys(filter(None, headlines)))


def _words(manuscript: Manuscript) -> str:
    texts = (manuscript.standfirst, manuscript.dateline, manuscript.slug, body.plain_text(manuscript.body))
    return "\n".join(filter(None, texts))


def _labels(manuscript: Manuscript) -> str:
    authors = Author.objects.filter(slug__in=[line.author for line in manuscript.bylines]).values_list("name")
    topics = Tag.objects.filter(slug__in=manuscript.tags).values_list("name")
    pictures = Image.objects.filter(uid__in=picture_uids(manuscript)).values_list("title", "caption", "credit")
    named = [word for rows in (authors, topics, pictures) for row in rows for word in row]
    return "\n".join(filter(None, [*named, *(line.text for line in manuscript.bylines)]))
