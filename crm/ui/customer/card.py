"""The dossier on a customer's page: what is known and what to ask next, the form that changes it, and who changed what when."""

import streamlit as st

from crm import clock
from crm.accounts import masking
from crm.accounts.acting import Right
from crm.customers import lookup, measures, missing
from crm.errors import BadInputError, ChangedError
from crm.ui import components, figures, personal, session
from crm.ui.customer import person
from crm.ui.customer.person import Person
from crm.ui.customer.state import CustomerState, Key
from crm.ui.words import _, language
from crm.uploads import by_hand, dossier
from crm.uploads.dossier import Change

CHANGES = 50
"""So many changes are listed."""


def titles() -> dict[str, str]:
    """What each field of a dossier, and each agreement, is called."""
    return {
        "name": _("Name"),
        "nickname": _("Nickname"),
        "gender": _("Gender"),
        "birthday": _("Birthday"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "qq": "QQ",
        "wechat": _("WeChat"),
        "size": _("Size"),
        "colours": _("Favourite colours"),
        "family": _("Family"),
        "tags": _("Tags"),
        "owner": _("Looked after by"),
        "remarks": _("Remarks"),
        "consent_email": _("Agrees to e-mail?"),
        "consent_sms": _("Agrees to SMS?"),
    }


def value(name: str, text: str) -> str:
    """A field as this visitor reads it."""
    if not text:
        return figures.NOTHING
    if name == "gender" and text in measures.GENDERS:
        return measures.GENDERS[text][0 if language() == "zh_CN" else 1]
    kind = masking.PERSONAL.get(name)
    seen = personal.shown(kind, text) if kind else text
    return person.born(seen) if name == "birthday" else seen.replace("|", _("; ")) if name == "tags" else seen


def show(of: Person) -> None:
    """What is known, how complete that is, and what to ask next."""
    names, gone = titles(), of.missing
    share = 1 - len(gone) / len(missing.ORDER)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{_('Dossier')}** :gray[{_('{share} known', share=figures.percent(share, 0))}]", width="content")
        may = session.may(Right.IMPORTS) and not lookup.erased_at(session.store(), of.customer_id)
        if may and st.button(_("Edit"), key=Key.EDIT, icon=":material/edit:", type="tertiary"):
            session.state(CustomerState).seen = dict(of.fields)
            st.dialog(_("Change the dossier"), width="medium")(_form)(of.customer_id)
    if gone:
        st.markdown(_("Ask next: ") + " ".join(f":primary-badge[{names[name]}]" for name in gone[:4]))
    facts = of.told["facts"]
    ordered = {
        "name": facts["name"],
        "nickname": facts["nickname"],
        "phone": (of.told["who"] or {}).get("phone"),
        "email": facts["email_norm"],
    }
    known = {name: of.fields[name] or str(ordered.get(name) or "") for name in dossier.FIELDS}
    lines = [f":gray[{names[name]}]\u2002{components.quoted(value(name, text))}" for name, text in known.items() if text]
    st.markdown("  \n".join(lines) if lines else _("Nothing is written down yet."))


def _form(customer_id: str) -> None:
    """Every field that this visitor sees in full; what is left as it was is not said anew."""
    page, names = session.state(CustomerState), titles()
    shown = [name for name in dossier.FIELDS if personal.full() or name not in masking.PERSONAL]
    if len(shown) < len(dossier.FIELDS):
        st.caption(_("Fields with names, numbers and remarks can be changed once they are shown in full."))
    with components.guard(), st.form(Key.EDIT_FORM.of(page.sign), border=False, enter_to_submit=False):
        values: dict[str, str] = {}
        with st.grid(2, min_column_width=200):
            for name in shown:
                before = _typed(name, page.seen.get(name, ""))
                after = _field(name, names[name], before, page)
                values |= {name: after} if after != before else {}
        if st.form_submit_button(_("Save"), type="primary"):
            _save(customer_id, values, page.seen)


def _save(customer_id: str, values: dict[str, str], seen: dict[str, str]) -> None:
    with components.guard():
        try:
            done = by_hand.edit(session.store(), customer_id, values, clock.now(), seen=seen)
        except (BadInputError, ChangedError) as refusal:
            names = titles()
            refusal.values = refusal.values | {
                "field": _("; ").join(names.get(one, one) for one in refusal.values.get("field", "").split(", "))
            }
            raise
        session.state(CustomerState).drafts += 1
        components.announce(_("Saved.") if done else _("Nothing was changed."), ":material/check:")
        st.rerun()


def _typed(name: str, text: str) -> str:
    """A field as it is typed."""
    return text.replace("|", ", ") if name == "tags" else text.replace("lunar ", "农历") if name == "birthday" else text


def _field(name: str, called: str, before: str, page: CustomerState) -> str:
    key = Key.FIELD.of(name, page.sign, page.drafts, language())
    if name == "gender":
        choices = ["", *measures.GENDERS]
        at = choices.index(before) if before in choices else 0
        return str(st.selectbox(called, choices, at, lambda one: value("gender", one), key=key) or "")
    hints = {
        "birthday": _("1992-05-03, 05-03 or only 1992; of the lunar calendar 农历1992-03-08."),
        "tags": _("Parted by commas."),
        "phone": _("Used where the orders name none."),
        "email": _("Used where the orders name none."),
    }
    return str(st.text_input(called, before, key=key, max_chars=by_hand.LONGEST, help=hints.get(name)) or "")


def history(of: Person) -> None:
    """Who changed what and when, by hand or by a file, newest first; each with the way back."""
    changes = dossier.history(session.store(), of.customer_id)
    if not changes:
        st.caption(_("Nobody has written anything into this dossier yet."))
        return
    names, may = titles(), session.may(Right.IMPORTS)
    for number, one in enumerate(changes[:CHANGES]):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(_said(one, names[one.field]), width="stretch")
            again = one.before != of.fields[one.field] and (personal.full() or one.field not in masking.PERSONAL)
            if may and again and st.button(_("Back to before"), key=Key.BACK.of(number, len(changes)), type="tertiary"):
                _save(of.customer_id, {one.field: one.before}, of.fields)


def _said(one: Change, called: str) -> str:
    where = {"screen": _("on screen"), "terminal": _("in the terminal")}
    when, who = figures.moment(one.at, session.shop().timezone), where.get(one.actor or "") or one.actor or one.file or figures.NOTHING
    before, after = (components.quoted(value(one.field, text)) for text in (one.before, one.after))
    return f"**{called}** {before} → {after}  \n:gray[{when} · {components.quoted(who)}]"
