"""Who stands where: everybody once, in order, in his room, and no layout with fewer pages passed over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from suffrage.paper.fitting import Measured, arranged

LAYOUTS = st.lists(
    st.builds(
        Measured,
        columns=st.integers(1, 3),
        step=st.integers(0, 5),
        room=st.tuples(st.floats(40, 200), st.floats(100, 260)),
        rows=st.just(()),
        fits=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
ROWS = st.lists(st.floats(8, 120), min_size=1, max_size=40)


def given_rows(layouts: list[Measured], rows: list[float]) -> list[Measured]:
    scale = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5]
    return [
        Measured(one.columns, one.step, one.room, tuple(row * scale[one.step] for row in rows), one.fits)
        for one in layouts
    ]


@given(LAYOUTS, ROWS)
def test_everybody_stands_once_in_order_within_the_page(layouts: list[Measured], rows: list[float]) -> None:
    measured = given_rows(layouts, rows)
    found = arranged(measured)
    if found is None:
        return
    chosen = [one for one in measured if (one.columns, one.step) == (found.columns, found.step) and one.fits]
    assert len(found.rows) == len(rows)
    places = [(row.page, row.column, row.y) for row in found.rows]
    assert places == sorted(places)
    assert {row.page for row in found.rows} == set(range(found.pages))
    assert max(row.column for row in found.rows) < found.columns
    for before, after in zip(found.rows, found.rows[1:], strict=False):
        if (before.page, before.column) == (after.page, after.column):
            assert abs(before.y + before.height - after.y) < 1e-6
        else:
            assert after.y == 0
    assert any(
        all(
            row.height >= need - 1e-6 and row.y + row.height <= one.room[min(row.page, 1)] + 1e-3
            for row, need in zip(found.rows, one.rows, strict=True)
        )
        for one in chosen
    )


@given(LAYOUTS, ROWS)
def test_no_layout_with_fewer_pages_is_passed_over(layouts: list[Measured], rows: list[float]) -> None:
    measured = given_rows(layouts, rows)
    found = arranged(measured)
    each = [alone for one in measured if (alone := arranged([one])) is not None]
    if found is None:
        assert not each
    else:
        assert (found.pages, found.columns, found.step) == min((one.pages, one.columns, one.step) for one in each)


def test_one_column_before_two_and_large_type_before_small() -> None:
    two = Measured(2, 0, (100, 100), (10.0,) * 4, True)
    small = Measured(1, 3, (100, 100), (8.0,) * 4, True)
    large = Measured(1, 1, (100, 100), (10.0,) * 4, True)
    found = arranged([two, small, large])
    assert found is not None
    assert (found.columns, found.step, found.pages) == (1, 1, 1)


def test_nobody_stands_alone_on_the_last_page() -> None:
    found = arranged([Measured(1, 0, (100, 100), (10.0,) * 11, True)])
    assert found is not None
    assert [sum(row.page == page for row in found.rows) for page in range(found.pages)] == [6, 5]


def test_who_is_higher_than_a_page_has_no_layout() -> None:
    assert arranged([Measured(1, 0, (50, 100), (10.0, 101.0), True)]) is None
    assert arranged([Measured(1, 0, (50, 100), (60.0,), True)]) is None, "the first page would hold nobody"
    assert arranged([Measured(1, 0, (50, 100), (10.0,), False)]) is None
