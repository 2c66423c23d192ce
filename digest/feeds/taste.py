"""What of a paper stands in a feed as its reader likes it: which language first, formulas as what."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from digest import tex
from digest.models import User
from digest.picture import PaperPicture
from digest.plain import plain


def taste(user: User) -> str:
    """What of the profile changes a feed."""
    return f"{user.content_language}-{user.display}-{user.formulas}"


def in_languages(paper: PaperPicture, field: str, display: str) -> list[tuple[str, str]]:
    """Title or abstract as (language, text), in the order and the languages that the reader wants. A title
    stands as announced first, an abstract as translated; what is not translated stands as announced."""
    original = ("en", tex.readable(getattr(paper, field)))
    text = getattr(paper, f"{field}_translated")
    if not text or display == User.Display.ORIGINAL:
        return [original]
    if display == User.Display.TRANSLATION:
        return [(paper.language, text)]
    both = [original, (paper.language, text)]
    return both if field == "title" and display == User.Display.BOTH else both[::-1]


def foremost(texts: list[tuple[str, str]]) -> str:
    """The translation where there is one."""
    return next((text for language, text in texts if language != "en"), texts[0][1])


def as_text(text: str, formulas: str) -> str:
    """Without markup, where a feed has none: formulas as TeX where the reader wants TeX."""
    return text if formulas == User.Formulas.TEX else plain(text)


def body(paper: PaperPicture, user: User) -> SafeString:
    """A paper as the HTML of an item."""
    context = {
        "paper": paper,
        "public_url": settings.PUBLIC_URL,
        "titles": in_languages(paper, "title", user.display),
        "abstracts": in_languages(paper, "abstract", user.display),
        "formulas": user.formulas,
    }
    return render_to_string("feeds/paper.html", context)


def title(paper: PaperPicture, user: User) -> str:
    """Plain text, translated where it is."""
    told = as_text(foremost(in_languages(paper, "title", user.display)), user.formulas)
    if paper.withdrawn:
        return _("Withdrawn: %(title)s") % {"title": told}
    if paper.replaced:
        return _("Version %(n)d: %(title)s") % {"n": paper.version, "title": told}
    return told
