"""The last look before sending: the checks, who is in and who is left out and why, and the deliberate second step."""

import streamlit as st

from crm import campaigns, clock, jobs, works
from crm.accounts import masking, users
from crm.accounts.acting import Right
from crm.campaigns import checks, saved
from crm.campaigns.audience import Plan
from crm.campaigns.spec import CampaignSpec
from crm.jobs import Job
from crm.ui import components, figures, personal, session
from crm.ui.campaigns import state
from crm.ui.campaigns.state import Key
from crm.ui.components import quoted
from crm.ui.words import _

ROWS = {
    "recipients": "get the message",
    "holdout": "held out for the comparison",
    "capped": "written to lately",
    "suppressed": "opted out or barred",
    "no_address": "no usable address",
    "duplicates": "same address as somebody else",
}
ICONS = {"stop": ":material/block:", "warn": ":material/warning:", "ok": ":material/check:"}
COLOURS = {"stop": "red", "warn": "orange", "ok": "green"}


def show(campaign_id: str, spec: CampaignSpec) -> None:
    """Plan on request, redrawn while the words stay the same, then the way to the confirmation."""
    with st.container(border=True):
        st.subheader(_("Last look"), anchor=False)
        if not (spec.segment or spec.ladder):
            st.caption(_("Choose a segment first. Then this shows who gets the message and who is left out, and why."))
            return
        one, current = state.of(campaign_id), spec.model_dump_json()
        if st.button(_("Check and count"), icon=":material/fact_check:", key=Key.PLAN.of(campaign_id, "go")):
            with components.guard(), st.spinner(_("Counting …")):
                one.plan = (current, campaigns.plan(session.store(), campaign_id, session.as_of()))
        if one.plan is None:
            st.caption(_("Nothing is sent by this. It shows who gets the message and who is left out, and why."))
        elif one.plan[0] != current:
            st.info(_("The campaign has changed since it was counted. Please count again."))
        else:
            _planned(campaign_id, spec, one.plan[1])


def _planned(campaign_id: str, spec: CampaignSpec, plan: Plan) -> None:
    people, careful = st.columns(2, gap="medium")
    with people:
        table({name: getattr(plan, name) for name in ("segment", *ROWS)})
    result = checks.run(session.store(), campaign_id, plan, session.as_of(), session.environment())
    for check in result:
        careful.markdown(f":{COLOURS[check.level]}[{ICONS[check.level]}] {_(check.template, **_plain(check.values))}")
    stopped = any(check.level == "stop" for check in result)
    if stopped:
        st.caption(_("Please mend what is marked red first."))
    may = session.may(Right.LAUNCH)
    if not may:
        st.caption(_("You write it; somebody with the right to send goes on from here."))
    if st.button(
        _("On to sending …"), type="primary", icon=":material/send:", disabled=stopped or not may, key=Key.CONFIRM.of(campaign_id)
    ):
        _confirm_dialog(campaign_id, spec, plan)


def _plain(values: dict[str, object]) -> dict[str, str]:
    return {name: figures.count(value) if isinstance(value, int) else quoted(str(value)) for name, value in values.items()}


def table(counts: dict[str, int]) -> None:
    """The segment and where its people go; the parts add up to the whole."""
    lines = [f"| {_('Segment')} | **{figures.count(counts['segment'])}** |", "|:---|---:|"]
    lines += [
        f"| {_(words)} | {figures.count(counts[name])} |"
        for name, words in ROWS.items()
        if counts[name] or name in ("recipients", "holdout")
    ]
    st.markdown("\n".join(lines))


def _confirm_dialog(campaign_id: str, spec: CampaignSpec, plan: Plan) -> None:
    st.dialog(_("Send it now?"))(_confirm)(campaign_id, spec, plan)


def _confirm(campaign_id: str, spec: CampaignSpec, plan: Plan) -> None:
    people = plan.people[plan.people.place == "recipients"]
    masked = not personal.full()
    first = (masking.frame(people.head(3)) if masked else people.head(3))[["nickname", "email_norm"]]
    with components.guard():
        read = campaigns.previews.letter_to(session.store(), spec, people.iloc[0].to_dict(), masked=masked)
        st.text(read.rendered.subject)
        st.caption(_("The subject as {name} reads it", name=quoted(str(read.nickname or read.address))))
    st.markdown(_("**{n} people** get it now, {held} are held out.", n=figures.count(plan.recipients), held=figures.count(plan.holdout)))
    st.text(_("The first are: {names}", names="、".join(first.nickname.fillna(first.email_norm))))
    cost = spec.cost_per_message if spec.cost_per_message is not None else session.shop().cost_per_message
    st.caption(_("Estimated cost: {cost}", cost=figures.money(cost * plan.recipients, session.shop().currency, cents=True)))
    approved_by = _approved(campaign_id, spec) if campaigns.approvals.wanted(session.store(), spec) else None
    if st.button(_("Send to {n} people", n=figures.count(plan.recipients)), type="primary", key=Key.SEND.of(campaign_id), width="stretch"):
        with components.guard():
            launch(campaign_id, plan, approved_by)
            st.rerun()


def _approved(campaign_id: str, spec: CampaignSpec) -> str | None:
    """By whom; in a shop with users it was said on the page Approvals, by a second person."""
    if not users.exist(session.store()):
        return str(st.text_input(_("Approved by (second person)"), key=Key.APPROVE.of(campaign_id)))
    approval = campaigns.approvals.of(session.store(), campaign_id, spec, clock.now())
    if approval is None:
        st.warning(_("A second person has not approved it yet. Somebody with the right to approve finds it on the page Approvals."))
        return None
    zone = session.shop().timezone
    st.caption(_("Approved by {name}, {moment}", name=quoted(approval.actor), moment=figures.moment(approval.approved_at, zone)))
    return None


def launch(campaign_id: str, plan: Plan, approved_by: str | None) -> None:
    """Freeze and queue, once: a second click, tab or reload finds it launched and only watches."""
    if saved.get(session.store(), campaign_id).state == "draft":
        now = clock.now()
        campaigns.launch(session.store(), campaign_id, session.as_of(), plan.checksum, now, approved_by, session.environment())
        proceed(campaign_id)


def proceed(campaign_id: str) -> None:
    """Ask the worker to send what still waits, unless it has been asked already."""
    if job_of(campaign_id) is None:
        jobs.ask(session.store(), works.Send(campaign_id), clock.now())


def job_of(campaign_id: str) -> Job[works.Send] | None:
    """The waiting or running send of this campaign."""
    return next((job for job in jobs.running(session.store(), works.Send) if job.args.campaign_id == campaign_id), None)
