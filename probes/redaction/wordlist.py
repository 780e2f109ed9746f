"""Word lists written as paragraphs, which people can read and extend."""


def words(*paragraphs: str) -> frozenset[str]:
    return frozenset(word for paragraph in paragraphs for word in paragraph.split())
