"""The keys of the overview's inputs; Streamlit itself remembers the period that is chosen."""

from crm.ui import session


class Key(session.Keys):
    PERIOD = "kpi_period"
    DEMO = "kpi_demo"
    MONTHS = "kpi_months"
    WATERFALL = "kpi_waterfall"
    ALARM = "kpi_alarm"
    DAYS = "kpi_days"
