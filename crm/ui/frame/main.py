"""The frame around every page: menu, language, the sign that this is a demo shop, and the net under errors."""

from pathlib import Path

import streamlit as st

from crm.errors import CrmError, RightError
from crm.ui import components, demo_banner, menu, personal, restored, reveal, session
from crm.ui.customer import finding
from crm.ui.language import choose_language
from crm.ui.words import sentence

PICTURES = Path(__file__).parent.parent
st.set_page_config(page_title="Huitou 回头", page_icon=str(PICTURES / "icon.svg"), layout="wide")
session.state(session.FrameState).inside = True
st.logo(str(PICTURES / "logo.svg"), icon_image=str(PICTURES / "icon.svg"), size="large")
session.store()
menu.signed_out()
page = st.navigation(menu.pages(), expanded=True)
finding.box()
choose_language()
menu.account()
session.entered(page.url_path)
personal.entered(page.url_path)
reveal.keep_here()
components.announcements()
demo_banner.banner()
if page.url_path != "campaigns":
    restored.banner()
try:
    page.run()
except RightError as refusal:
    menu.refuse(refusal, page.url_path)
except CrmError as refusal:
    st.error(sentence(refusal))
except Exception:
    components.apologise()
