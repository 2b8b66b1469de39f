from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import text
from archive.boilerplate import HANDFUL, Body, Example, Line, Lines, Rule, learn, restore, strip
from archive.models import BlockKind

P, H = BlockKind.PARAGRAPH, BlockKind.HEADING2
THINGS = ("harbour", "tram", "bakery", "library", "orchard", "ferry", "museum", "quay", "choir", "well")
DEEDS = ("was sold", "opened late", "closed for good", "has a leak", "moved north", "burned down")


def subject(number: int) -> str:
    return f"the {THINGS[number % 10]} of {THINGS[number // 10 % 10]} hill number {THINGS[number * 7 % 10]}"


def own(number: int) -> list[str]:
    """Four paragraphs that no other article has."""
    return [f"On {deed.split()[0]} day {subject(number)} {deed}, as nobody had foretold." for deed in DEEDS[:4]]


def body(paragraphs: Sequence[str], kinds: dict[str, BlockKind] | None = None) -> Body:
    return Body(text="\n\n".join(paragraphs), blocks=tuple((kinds or {}).get(p, P) for p in paragraphs))


def example(
    number: int,
    *,
    before: Sequence[str] = (),
    inside: Sequence[str] = (),
    after: Sequence[str] = (),
    title: str | None = None,
    kinds: dict[str, BlockKind] | None = None,
) -> Example:
    told = own(number)
    paragraphs = [*before, *told[:2], *inside, *told[2:], *after]
    return Example(title=title or f"News of {subject(number)}", subtitle=None, body=body(paragraphs, kinds))


def learned(examples: Sequence[Example]) -> list[str]:
    return [line.text for line in learn(examples).lines]


def stripped(page: Example, examples: Sequence[Example]) -> list[str]:
    return text.paragraphs(strip(page.body, Lines(learn(examples).lines))[0].text)


# --- what is learned ---


@pytest.mark.parametrize("place", ["before", "inside", "after"])
def test_a_line_of_every_article_is_boilerplate_wherever_it_stands(place: str) -> None:
    line = "Tilaa uutiskirje ja saat harmaan lokin postissa"
    pages = [example(number, **{place: [line]}) for number in range(20)]  # type: ignore[arg-type]
    assert learned(pages) == [line]
    assert stripped(pages[7], pages) == own(7)


@pytest.mark.parametrize(("articles", "with_line", "is_learned"), [(5, 5, False), (6, 6, True), (6, 5, False)])
def test_never_on_a_handful_of_articles(articles: int, with_line: int, is_learned: bool) -> None:
    pages = [example(number, after=["Leave A Reply"] if number < with_line else []) for number in range(articles)]
    assert bool(learned(pages)) is is_learned


def test_the_more_articles_the_more_of_them_must_have_it() -> None:
    pages = [example(number, after=["The war began in spring."] if number < 19 else []) for number in range(100)]
    assert learned(pages) == []
    pages[19] = example(19, after=["The war began in spring."])
    assert learned(pages) == ["The war began in spring."]


def test_the_numbers_of_a_counter_count_as_one() -> None:
    pages = [example(number, before=[f"{number} {number * 3}"], after=[f"{number} comments"]) for number in range(20)]
    assert len(learned(pages)) == 2
    unseen = example(33, before=["0 39"], after=["1,024 Comments"])
    assert stripped(unseen, pages) == own(33)


def test_a_sentence_with_another_number_is_another_sentence() -> None:
    pages = [example(n, after=[f"The index of the exchange closed at {n} points."]) for n in range(20)]
    assert learned(pages) == []


def test_a_counter_between_paragraphs_is_a_figure() -> None:
    pages = [
        Example(
            title=f"News of {subject(n)}",
            subtitle=None,
            body=body([*own(n), f"Result: {n}", *own(n + 40), *own(n + 60)]),
        )
        for n in range(20)
    ]
    assert learned(pages) == []


def test_a_headline_stays() -> None:
    line = "Weather for the weekend"
    pages = [example(number, after=[line]) for number in range(20)]
    pages.append(example(20, title="Weather for the Weekend!"))
    found = learn(pages)
    assert found.lines == ()
    assert Line(rule=Rule.LINE, text=line).hash in found.protected


@pytest.mark.parametrize("quoted", [True, False])
def test_a_quotation_stays(quoted: bool) -> None:
    line = "We shall open the bridge"
    pages = [example(number, inside=[line]) for number in range(20)]
    assert learned(pages) == [line]
    pages.append(
        example(20, inside=[f"“{line}.”"]) if quoted else example(20, inside=[line], kinds={line: BlockKind.QUOTE})
    )
    assert learned(pages) == []


def test_a_heading_stays_if_it_heads_a_text_anywhere() -> None:
    pages = [example(number, inside=["Background"], kinds={"Background": H}) for number in range(20)]
    assert learned(pages) == []


def test_a_heading_goes_with_what_it_heads() -> None:
    letter, kinds = ["The pilot", "Our letter on trade and tide"], {"The pilot": H}
    pages = [example(number, inside=letter, kinds=kinds) for number in range(10)]
    pages += [example(number, after=letter, kinds=kinds) for number in range(10, 20)]
    assert set(learned(pages)) == set(letter)
    assert stripped(pages[3], pages) == own(3)
    alone = example(50, inside=["The pilot"], kinds=kinds)
    assert stripped(alone, pages) == text.paragraphs(alone.body.text)


def test_a_table_and_a_rule_of_asterisks_stay() -> None:
    pages = [
        example(number, inside=["* * *"], after=["Won | Lost"], kinds={"Won | Lost": BlockKind.TABLE})
        for number in range(20)
    ]
    assert learned(pages) == []


def test_versions_of_one_article_share_no_boilerplate() -> None:
    shared = [f"{paragraph} Day after day." for number in range(50, 53) for paragraph in own(number)]
    pages = [example(number, after=shared) for number in range(20)]
    assert learned(pages) == []


# --- leads ---


def linking(number: int, lead: str = "Read also", to: int | None = None) -> Example:
    return example(number, after=[f"{lead} News of {subject((number + 1) % 20 if to is None else to)}"])


@pytest.mark.parametrize("lead", ["Read also", "Lue myös:", "اقرأ أيضا:", "Zum Thema –"])
def test_a_lead_before_titles_of_other_articles_is_boilerplate(lead: str) -> None:
    pages = [linking(number, lead) for number in range(20)]
    (line,) = learn(pages).lines
    assert (line.rule, line.text) == (Rule.LEAD, text.comparable(lead))
    unknown = example(70, after=[f"{lead} A title that nobody has heard of"])
    assert stripped(unknown, pages) == own(70)


def test_a_sentence_that_begins_like_a_lead_stays() -> None:
    pages = [linking(number) for number in range(20)]
    page = example(70, inside=["Read also what the council wrote in its letter to the port."])
    assert stripped(page, pages) == text.paragraphs(page.body.text)


def test_a_lead_that_mostly_leads_elsewhere_is_none() -> None:
    pages = [linking(number) if number < HANDFUL else linking(number, to=40 + number) for number in range(20)]
    assert learned(pages) == []


def test_a_lead_needs_a_handful_of_articles() -> None:
    pages = [linking(number) if number < HANDFUL - 1 else example(number) for number in range(20)]
    assert learned(pages) == []


# --- taking and putting back ---


def test_a_text_of_nothing_else_stays() -> None:
    lines = Lines([Line(rule=Rule.LINE, text="Watch the film")])
    page = body(["Watch the film", "WATCH the film!"])
    assert strip(page, lines) == (page, ())


def test_what_was_taken_is_kept_as_it_stood() -> None:
    line = Line(rule=Rule.LINE, text="Share this")
    page = body(["Share this", "One.", "share THIS!"])
    shorter, taken = strip(page, Lines([line]))
    assert shorter.text == "One."
    assert [(removal.position, removal.line) for removal in taken] == [(0, "Share this"), (2, "share THIS!")]
    assert {removal.line_hash for removal in taken} == {line.hash}


PARAGRAPHS = st.text(min_size=1, max_size=40).filter(lambda p: text.PARAGRAPH_BREAK not in f"{p}\n{p}")
BODIES = st.lists(st.tuples(PARAGRAPHS, st.sampled_from(BlockKind)), max_size=12).map(
    lambda rows: Body(text=text.PARAGRAPH_BREAK.join(p for p, _ in rows), blocks=tuple(kind for _, kind in rows))
)
WORDS = st.sampled_from(
    ["Share", "this", "0 39", "Background", "“No”", "Read also", "* * *", "Port closed for all ships"]
)
FEW = st.lists(
    st.tuples(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), st.sampled_from(BlockKind)), max_size=8
).map(lambda rows: Body(text=text.PARAGRAPH_BREAK.join(p for p, _ in rows), blocks=tuple(kind for _, kind in rows)))


@given(
    page=BODIES | FEW,
    lines=st.lists(st.builds(Line, rule=st.sampled_from(Rule), text=PARAGRAPHS | WORDS)),
    data=st.data(),
)
def test_what_was_taken_can_be_put_back(page: Body, lines: list[Line], data: st.DataObject) -> None:
    some = text.paragraphs(page.text)
    lines += [Line(rule=Rule.LINE, text=p) for p in data.draw(st.lists(st.sampled_from(some)) if some else st.just([]))]
    shorter, taken = strip(page, Lines(lines))
    assert restore(shorter, taken) == page
    assert len(text.paragraphs(shorter.text)) == len(shorter.blocks) == len(page.blocks) - len(taken)
    assert bool(shorter.text) == bool(page.text)
    assert strip(page, Lines()) == (page, ())


LINES = st.lists(WORDS, unique=True, max_size=3)


@given(rows=st.lists(st.tuples(LINES, LINES, LINES), min_size=8, max_size=30))
def test_a_paragraph_of_one_article_alone_is_never_taken(rows: list[tuple[list[str], list[str], list[str]]]) -> None:
    pages = [example(n, before=row[0], inside=row[1], after=row[2]) for n, row in enumerate(rows)]
    lines = Lines(learn(pages).lines)
    standing = Counter(p for page in pages for p in set(text.paragraphs(page.body.text)))
    for page in pages:
        kept = text.paragraphs(strip(page.body, lines)[0].text)
        assert [p for p in text.paragraphs(page.body.text) if standing[p] == 1 and p not in kept] == []


@given(pages=st.lists(st.builds(Example, title=PARAGRAPHS | WORDS, subtitle=st.none(), body=BODIES | FEW), max_size=30))
def test_learning_never_fails(pages: list[Example]) -> None:
    lines = learn(pages).lines
    assert all(text.comparable(line.text) for line in lines)
    assert len(lines) <= sum(len(page.body.blocks) for page in pages)
