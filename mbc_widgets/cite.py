"""From a source to a short citation and a link. Comes in: a `Source`. Goes out: text that a page or a table can show."""

from mbc_widgets.records import Source

_KINDS = {
    "news": "secondary source",
    "company": "secondary source: the company",
    "monograph": "secondary source: drug monograph",
    "memory": "recalled, not yet checked",
}


def link(source: Source) -> str:
    """Give the address of a source: DOI first, then PubMed, its page, the copy that was read; empty when it has none."""
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    return source.url or source.read_at or ""


def short(source: Source) -> str:
    """Give a short citation such as "doi 10.1056/NEJMoa1607303" or the title with its year."""
    if source.doi:
        return f"doi {source.doi}"
    if source.pmid:
        return f"PMID {source.pmid}"
    title = source.title or source.url or "no title"
    year = f" ({source.year})" if source.year and str(source.year) not in title else ""
    kind = _KINDS.get(source.kind, "")
    return f"{title}{year}" + (f" [{kind}]" if kind and kind not in title else "")
