"""Which copies are kept: whatever there is, the newest stays, each of the last days, weeks and months has one, and nothing else."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm.backups import superfluous
from crm.backups.keeping import DAYS, MONTHS, WEEKS

MOMENTS = st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)), max_size=60)


@given(MOMENTS)
def test_the_newest_is_never_let_go_and_every_period_keeps_its_newest(moments: list[datetime]) -> None:
    kept = sorted(set(moments) - superfluous(moments), reverse=True)
    assert kept[:1] == sorted(moments, reverse=True)[:1]
    days, weeks, months = (lambda at: at.date(), lambda at: at.isocalendar()[:2], lambda at: (at.year, at.month))
    for most, period in ((DAYS, days), (WEEKS, weeks), (MONTHS, months)):
        last = sorted({period(at) for at in moments}, reverse=True)[:most]
        assert {max(at for at in moments if period(at) == one) for one in last} <= set(kept)
    assert len(kept) <= DAYS + WEEKS + MONTHS


@given(MOMENTS)
def test_letting_go_twice_lets_go_of_nothing_more(moments: list[datetime]) -> None:
    kept = set(moments) - superfluous(moments)
    assert superfluous(kept) == set()


def test_a_copy_every_night_for_three_years_leaves_a_year_to_go_back_to() -> None:
    """As it happens: one more each night, then what is superfluous goes."""
    kept: set[datetime] = set()
    for night in range(3 * 365):
        kept.add(datetime(2024, 1, 1, 3) + timedelta(days=night))
        kept -= superfluous(kept)
    ages = [(max(kept) - at).days for at in sorted(kept, reverse=True)]
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert len({at.isocalendar()[:2] for at in kept if (max(kept) - at).days < 28}) >= 4
    assert len({(at.year, at.month) for at in kept}) == MONTHS
    assert 300 < ages[-1] < 370
