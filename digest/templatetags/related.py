"""Related papers on a paper's page."""

from typing import Any

from django import template
from django.template import Context

from digest import related as alike
from digest.models import Paper

register = template.Library()


@register.inclusion_tag("papers/related.html", takes_context=True)
def related(context: Context, paper: Paper) -> dict[str, Any]:
    """The papers that share the most terms with this one, for the reader of the page."""
    return {"related": alike.related(paper, context["user"]), "display": context.get("display", "both")}
