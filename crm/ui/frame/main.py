"""The frame around every page: menu, language, the sign that this is a demo shop, and the net under errors."""

from pathlib import Path

import streamlit as st

from crm.errors import CrmError
from crm.settings import root
from crm.ui import components, demo_banner, restored, session
from crm.ui.language import choose_language
from crm.ui.words import _, sentence

PICTURES = Path(__file__).parent.parent
st.set_page_config(page_title="Huitou 回头", page_icon=str(PICTURES / "icon.svg"), layout="wide")
session.state(session.FrameState).inside = True
st.logo(str(PICTURES / "logo.svg"), icon_image=str(PICTURES / "icon.svg"), size="large")

PAGES = root() / "pages"
page = st.navigation(
    {
        "": [st.Page(PAGES / "kpi.py", title=_("Overview"), icon=":material/monitoring:", url_path="kpi", default=True)],
        _("Operate"): [
            st.Page(PAGES / "orders.py", title=_("Import orders"), icon=":material/upload_file:", url_path="orders"),
            st.Page(PAGES / "customers.py", title=_("Customers"), icon=":material/groups:", url_path="customers"),
            st.Page(PAGES / "same_people.py", title=_("Same person?"), icon=":material/link:", url_path="same_people"),
            st.Page(PAGES / "products.py", title=_("Products"), icon=":material/sell:", url_path="products"),
            st.Page(PAGES / "segments.py", title=_("Segments"), icon=":material/filter_alt:", url_path="segments"),
            st.Page(PAGES / "campaigns.py", title=_("Campaigns"), icon=":material/send:", url_path="campaigns"),
        ],
        _("Learn"): [
            st.Page(PAGES / "result.py", title=_("Results"), icon=":material/query_stats:", url_path="result"),
            st.Page(PAGES / "settings.py", title=_("Settings"), icon=":material/settings:", url_path="settings"),
        ],
    }
)
choose_language()
components.announcements()
demo_banner.banner()
if page.url_path != "campaigns":
    restored.banner()
try:
    page.run()
except CrmError as refusal:
    st.error(sentence(refusal))
except Exception:
    components.apologise()
