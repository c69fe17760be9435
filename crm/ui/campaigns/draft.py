"""The draft on screen: whom, what, from whom. Kept as it is typed; a campaign open in two tabs is not overwritten by the idle one."""

import streamlit as st

from crm import campaigns, clock, segments
from crm.accounts.acting import Right
from crm.campaigns import saved, tokens
from crm.campaigns.saved import Campaign
from crm.campaigns.spec import CampaignSpec
from crm.errors import ChangedError
from crm.messaging import channels
from crm.segments import ladder
from crm.segments import saved as segments_saved
from crm.ui import components, conflicts, figures, session
from crm.ui.campaigns import conflict
from crm.ui.campaigns.conflict import key as _key
from crm.ui.campaigns.state import ADDRESS, Key
from crm.ui.words import _, label, language


def form(campaign: Campaign) -> CampaignSpec | None:
    """Draw all inputs, keep what changed; the campaign as typed (as kept, where something typed cannot be used).

    None while another tab's change waits for a decision: then there is nothing to preview or to send.
    """
    campaign_id, spec = campaign.campaign_id, conflict.base(campaign).spec
    typed, both = spec.model_copy(), st.container()
    with st.container(border=True):
        st.subheader(_("Whom"), anchor=False)
        typed.name = st.text_input(_("Campaign name"), spec.name, max_chars=200, key=_key(campaign_id, "name"))
        _whom(campaign_id, spec, typed)
    with st.container(border=True):
        st.subheader(_("What"), anchor=False)
        _what(campaign_id, spec, typed)
        with st.expander(_("Sender and channel")):
            _sender(campaign_id, spec, typed)
    with both:
        return _keep(campaign, typed.model_dump())


def _whom(campaign_id: str, spec: CampaignSpec, typed: CampaignSpec) -> None:
    names = [row.name for row in segments_saved.listed(session.store())]
    options = list(dict.fromkeys([*([spec.segment] if spec.segment else []), *names]))
    at = options.index(spec.segment) if spec.segment in options else None
    key = _key(campaign_id, f"segment_{language()}")
    chosen = st.selectbox(_("Segment"), options, at, key=key, placeholder=_("Choose a segment")) or ""
    typed.segment = chosen
    if chosen != spec.segment:
        typed.ladder = typed.rung = None
    if chosen:
        with components.guard():
            typed.rung = _rung(campaign_id, spec.model_copy(update={"segment": chosen, "ladder": typed.ladder}))
    left, right = st.columns(2)
    given, key = round(100 * (spec.holdout or 0)), _key(campaign_id, "holdout")
    share = left.slider(_("Held out"), 0, 50, given, format="%d%%", key=key, help=_(HELD_OUT))
    typed.holdout = share / 100
    cap = right.number_input(_("Cap (days)"), 0, 365, spec.cap_days or 0, key=_key(campaign_id, "cap"), help=_(CAP))
    typed.cap_days = int(cap)


HELD_OUT = "These people get nothing, by chance. Only the comparison with them tells what the message really earned."
CAP = "Whoever was written to within so many days is left out. 0 = no limit."
FOR_EXAMPLE = (
    "For example: AD We miss you",
    'For example:\n\nHello {{ customer.nickname | default: "there" }},\n\nit has been a while. We have put aside something new for you: …',
)
"""Grey in the empty inputs: nothing of it can be sent."""
BRACES = "Plain text, HTML or MJML. Each person's own words stand in double braces; what follows default: is used where a value is missing."


def _rung(campaign_id: str, spec: CampaignSpec) -> str | None:
    whole = campaigns.audience.ladder_of(session.store(), spec)
    steps = ladder.choices(segments.count(session.store(), whole, session.as_of()))
    names = list(steps)
    wanted = spec.rung or whole.last()
    if wanted not in names:
        st.warning(
            _(
                "This campaign is written to “{rung}”, where nobody stands now or which is gone. Please choose a rung.",
                rung=components.quoted(wanted),
            )
        )
    at = names.index(wanted) if wanted in names else None
    if len(names) == 1 and at == 0:
        st.caption(_("{n} customers today", n=figures.count(steps[names[0]])))
        return names[0]
    key = _key(campaign_id, f"rung_{spec.segment}_{language()}_{hash(tuple(steps.items()))}")  # a kept key would show old numbers
    told = {name: f"{whole.titled(name, language())} · {figures.count(people)}" for name, people in steps.items()}
    chosen: str | None = st.selectbox(_("Rung"), names, at, format_func=lambda one: told[one], key=key)
    return chosen or spec.rung


def _what(campaign_id: str, spec: CampaignSpec, typed: CampaignSpec) -> None:
    for field in ("subject", "body"):
        if session.held(_key(campaign_id, field)) is None:
            session.fill(_key(campaign_id, field), getattr(spec, field))
    with st.popover(_("Insert a token"), icon=":material/data_object:"):
        _picker(campaign_id)
    typed.subject = st.text_input(_("Subject"), max_chars=500, key=_key(campaign_id, "subject"), placeholder=_(FOR_EXAMPLE[0]))
    typed.body = st.text_area(_("Text"), height=280, key=_key(campaign_id, "body"), help=_(BRACES), placeholder=_(FOR_EXAMPLE[1]))


def _picker(campaign_id: str) -> None:
    places = {"body": _("into the text"), "subject": _("into the subject")}
    key = _key(campaign_id, f"place_{language()}")
    place = st.segmented_control(_("Where"), list(places), format_func=places.__getitem__, default="body", key=key, required=True)
    for token in tokens.TOKENS:
        if st.button(f"{label(token)} · {token.example}", key=_key(campaign_id, f"token_{token.name}"), width="stretch"):
            key = _key(campaign_id, str(place))
            session.fill(key, session.held(key) + token.written)


def _sender(campaign_id: str, spec: CampaignSpec, typed: CampaignSpec) -> None:
    typed.from_name = st.text_input(_("Sender name"), spec.from_name, max_chars=100, key=_key(campaign_id, "from_name"))
    typed.from_email = st.text_input(_("Sender address"), spec.from_email, key=_key(campaign_id, "from_email"))
    known = channels.every()
    names = list(known)
    key = _key(campaign_id, f"channel_{language()}")
    help_ = _("Somebody else, with the right to approve, reads it before it can be sent.")
    typed.approval = st.checkbox(
        _("A second person has to approve"),
        spec.approval,
        key=_key(campaign_id, "approval"),
        help=help_,
        disabled=spec.approval and not session.may(Right.APPROVE),
    )
    typed.channel = st.selectbox(_("Channel"), names, names.index(spec.channel), format_func=lambda name: label(known[name]), key=key)


def _keep(campaign: Campaign, typed: dict[str, object]) -> CampaignSpec | None:
    """Save what this screen changed since it last looked, unless another one did so meanwhile."""
    seen = conflict.base(campaign)
    with components.guard():
        wanted = campaigns.parse(typed)
        if campaign.version != seen.version:
            conflict.settle(campaign, wanted)
            return wanted if wanted == campaign.spec else None
        if wanted == seen.spec:
            return wanted
        try:
            saved.update(session.store(), campaign.campaign_id, wanted, clock.now(), seen.version)
        except ChangedError:
            st.rerun()  # and then both are shown
        seen.look(wanted, seen.version + 1)
        return wanted
    return seen.spec


def more(campaign: Campaign) -> None:
    """Copy, and delete what is only a draft."""
    campaign_id, spec = campaign.campaign_id, campaign.spec
    with st.popover(_("More"), icon=":material/more_horiz:"):
        if st.button(_("Copy this campaign"), icon=":material/content_copy:", key=_key(campaign_id, "copy"), width="stretch"):
            name = _("{name} (copy)", name=spec.name)[:200]
            made = conflicts.once(Key.COPY.of(campaign_id), lambda: saved.copy(session.store(), campaign_id, name, clock.now()))
            st.query_params[ADDRESS] = made
            st.rerun()
        label_ = _("Delete this draft")
        if campaign.state == "draft" and st.button(label_, icon=":material/delete:", key=_key(campaign_id, "delete"), width="stretch"):
            lost = [f"**{components.quoted(components.short(spec.name))}**"]
            lost += [_("Its subject and its text of {n} characters are gone for good.", n=figures.count(len(spec.body)))]
            conflicts.ask(_("Delete this draft?"), lost, _("Delete for good"), Key.DELETE.of(campaign_id), lambda: _delete(campaign))


def _delete(campaign: Campaign) -> None:
    saved.delete_draft(session.store(), campaign.campaign_id, clock.now(), conflict.base(campaign).version)
    conflict.forget(campaign.campaign_id)
    st.query_params.pop(ADDRESS, None)
