"""Products page: what a change sets in motion, its progress, and its way back."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from crm import clock, database, jobs, works
from crm.accounts import audit
from crm.orders import categories
from crm.products import assignments
from crm.products.assignments import Assigned, Product
from crm.ui import components, conflicts, figures, session
from crm.ui.products.state import Key, ProductsState, Put, Reworded
from crm.ui.words import _

ACTOR = "screen"
ENDED_BADLY = ("failed", "cancelled", "interrupted")


def working() -> None:
    """What the last change was, with its way back; the count that runs, with its progress; one that did not end well, to be done again."""
    running = [job for job in jobs.running(session.store(), works.Rebuild) if job.args.only == "categories"]
    _done()
    if running:
        st.info(_("Categories are being counted anew. Until that is done, this and every other page show the numbers of before."))
        components.watch(running[0].job_id, "products")
        return
    last = next(iter(jobs.latest(session.store(), works.Rebuild, 1)), None)
    if last and last.state in ENDED_BADLY:
        st.warning(_("The last count of categories did not come to its end: the numbers below are those of before."))
        if st.button(_("Count again"), key=Key.AGAIN):
            recount()
            st.rerun()


def recount() -> None:
    """Ask for the job, unless one is waiting already."""
    if not [job for job in jobs.running(session.store(), works.Rebuild) if job.state == "queued"]:
        jobs.ask(session.store(), works.Rebuild("categories"), clock.now())


def generation() -> int:
    """Changes with every change, so that a table forgets its ticks."""
    return session.state(ProductsState).generation


def look() -> None:
    """At the top of the page: what the person has seen when a button is pressed is what the run before showed."""
    page, now = session.state(ProductsState), assignments.version(session.store())
    page.seen, page.drawn = now if page.drawn is None else page.drawn, now


def put(chosen: Sequence[Product], category: str | None) -> None:
    """Put products in a category (None: out of the one they were put in)."""
    page, now = session.state(ProductsState), clock.now()
    change_id = assignments.assign(session.store(), chosen, category, now, ACTOR, page.seen)
    audit.note(session.store(), now, ACTOR, "products.assign", f"{len(chosen)} → {category or '—'}")
    _after(page, Put(change_id, len(chosen), category))


def save_rules(rules: Mapping[str, Sequence[str]], n: int, seen: int) -> None:
    """Keep other rules in place of those in the version `seen`; what was there before stays at hand for the way back."""
    categories.check(rules)
    page, shop, now = session.state(ProductsState), session.shop(), clock.now()
    values = {name: list(words) for name, words in rules.items()}
    database.change_shop(session.store(), {"category_rules": values}, {"category_rules": seen})
    audit.note(session.store(), now, ACTOR, "products.rules", f"{len(shop.category_rules)} → {len(values)}")
    _after(page, Reworded(shop.category_rules, n, rules_version()))


def rules_version() -> int:
    """In which version the rules are now."""
    return database.settings_seen(session.store()).get("category_rules", 0)


def _after(page: ProductsState, done: Put | Reworded) -> None:
    page.done = done
    page.generation += 1
    recount()
    st.rerun()


def forget_ticks() -> None:
    """The inputs of this page begin anew."""
    session.state(ProductsState).generation += 1


def _done() -> None:
    page = session.state(ProductsState)
    done = page.done
    if not done:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(_sentence(done), width="stretch")
        if st.button(_("Undo"), icon=":material/undo:", key=Key.UNDO):
            _back(done)
        if st.button(_("Fine"), key=Key.FINE, type="tertiary"):
            page.done = None
            st.rerun()


def _sentence(done: Put | Reworded) -> str:
    n = figures.count(done.products)
    if isinstance(done, Reworded):
        return _("The words are saved; {n} products change their category.", n=n)
    if done.category is None:
        return _("{n} products were taken out of the category they had been put in.", n=n)
    return _("{n} products were put in {category}.", n=n, category=f"**{components.quoted(done.category)}**")


def _back(done: Put | Reworded) -> None:
    session.state(ProductsState).done = None
    if isinstance(done, Reworded):
        database.change_shop(session.store(), {"category_rules": done.before}, {"category_rules": done.seen})
        forget_ticks()
    else:
        assignments.take_back(session.store(), done.change_id)
    audit.note(session.store(), clock.now(), ACTOR, "products.undo", str(done.products))
    recount()
    st.rerun()


def earlier() -> None:
    """What was lately put in a category by hand, each with its way back."""
    result = assignments.latest(session.store())
    if not result:
        return
    zone = session.shop().timezone
    with st.expander(_("Lately put in a category by hand")):
        for entry in result:
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.markdown(f"**{components.quoted(entry.category or _('taken out'))}** · " + components.quoted(_line(entry)))
            left.caption(figures.moment(entry.assigned_at, zone))
            if right.button(_("Undo"), key=Key.BACK.of(entry.change_id)):
                done = Put(entry.change_id, entry.products, entry.category)
                lost = [_("What was chosen by hand for {n} products no longer counts.", n=figures.count(entry.products))]
                ask = partial(conflicts.ask, _("Take this back?"), [f"**{components.quoted(_line(entry))}**", *lost], _("Take it back"))
                ask(Key.BACK.of(entry.change_id), partial(_back, done))


def _line(entry: Assigned) -> str:
    if entry.products == 1:
        return entry.example
    return _("{example} and {n} more", example=entry.example, n=figures.count(entry.products - 1))
