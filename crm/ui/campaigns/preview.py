"""The letter as one real person gets it, in a frame that can run nothing, as wide as a desk or a phone; and a test copy to oneself."""

import streamlit as st

from crm import campaigns
from crm.campaigns.previews import Person, Preview
from crm.campaigns.spec import CampaignSpec
from crm.ui import components, figures, personal, session
from crm.ui.campaigns import state
from crm.ui.campaigns.state import CampaignsState, Key
from crm.ui.words import _, language
from crm.web import previews

WHO = {"random": "Somebody", "longest": "Longest name", "missing": "Missing values", "chosen": "A certain person"}
PHONE = 330


def show(campaign_id: str, spec: CampaignSpec) -> None:
    """The letter and the choice of person and width."""
    with st.container(border=True):
        st.subheader(_("How it arrives"), anchor=False)
        who, seed, width = _choose(campaign_id, spec)
        with components.guard():
            if who is not None:
                read = campaigns.preview(session.store(), spec, who, session.as_of(), seed, masked=not personal.full())
                letter(read, width == "phone")
        _test_copy(campaign_id, spec)


def _choose(campaign_id: str, spec: CampaignSpec) -> tuple[str | None, int, str]:
    """Whose letter (None while nobody is named), which of many, and how wide."""
    widths, everybody = {"desktop": _("Desktop"), "phone": _("Phone")}, personal.full()
    key, names = Key.WHO.of(language(), everybody), [name for name in WHO if everybody or name != "chosen"]
    who = st.pills(_("For whom"), names, format_func=lambda name: _(WHO[name]), default="random", key=key, required=True)
    asked = _somebody(campaign_id, spec) if who == "chosen" else str(who)
    one = state.of(campaign_id)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        key = Key.WIDTH.of(language())
        width = st.segmented_control(_("Width"), list(widths), format_func=widths.__getitem__, default="desktop", key=key, required=True)
        if who == "random" and st.button(_("Somebody else"), icon=":material/shuffle:", key=Key.NEXT, type="tertiary"):
            one.seed += 7919
    return asked or None, one.seed, str(width)


def _somebody(campaign_id: str, spec: CampaignSpec) -> str:
    """One person by a name: who was found is said, and of namesakes one is chosen."""
    typed = st.text_input(_("Nickname, name, address or customer id"), key=Key.ASKED.of(campaign_id))
    result = campaigns.previews.called(session.store(), spec, typed or "", session.as_of())
    people = {row.customer_id: _known_as(row) for row in result}
    if len(people) > 1:
        words = _("{n} people are called that", n=figures.count(len(people)))
        chosen: str = st.selectbox(
            words, list(people), format_func=people.__getitem__, key=Key.NAMESAKE.of(campaign_id, hash(tuple(people)))
        )
        return chosen
    for customer_id, words in people.items():
        st.caption(_("Found: {who}", who=components.quoted(words)))
        return customer_id
    return typed or ""


def _known_as(row: Person) -> str:
    items = [text for text in (row.nickname, row.name, row.city) if text]
    return " · ".join([*dict.fromkeys(items), personal.contact(row.email_norm)])


def letter(preview: Preview, phone: bool = False) -> None:
    """One letter: subject, address, the frame, the plain text."""
    with st.container(border=True, gap="xxsmall"):
        st.text(preview.rendered.subject or "—")
        st.caption(_("to {address}", address=components.quoted(preview.address or _("an example person"))))
    st.iframe(f"/preview/{_kept(preview.rendered.html)}", width=PHONE if phone else "stretch", height=440, alt=_("The letter"))
    with st.expander(_("Plain text part")):
        st.code(preview.rendered.text, language=None, wrap_lines=True)


def _kept(html: str) -> str:
    """The same document keeps its frame from rerun to rerun."""
    page = session.state(CampaignsState)
    if page.letter[0] != html or previews.find(page.letter[1]) is None:
        page.letter = (html, previews.keep(html))
    return page.letter[1]


def _test_copy(campaign_id: str, spec: CampaignSpec) -> None:
    with st.popover(_("Send a test to myself"), icon=":material/forward_to_inbox:"), st.form(Key.TEST.of(campaign_id), border=False):
        address = st.text_input(_("Your own address"), key=Key.TEST_ADDRESS.of(campaign_id))
        if st.form_submit_button(_("Send the test"), type="primary"):
            with components.guard():
                sent = campaigns.send_test(
                    session.store(), spec, address, session.environment(), session.as_of(), masked=not personal.full()
                )
                st.success(_(sent))
