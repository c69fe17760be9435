"""Launch: the frame, the routes beside it, the middleware in front of it, and the worker for as long as the server lives."""

import streamlit as st

from crm.web.server import FRAME, around

app = st.App(FRAME, **around())  # written out here, or `streamlit run app.py` would run this file as a page, without any of it
