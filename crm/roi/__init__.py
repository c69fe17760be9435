"""What a campaign really earned: recipients against those held out, never recipients alone.

report(store, campaign_id, window_days, as_of=day)    a frozen Report
as_json(report)                                        as `crm roi` prints it
"""

from crm.roi.as_json import as_json
from crm.roi.reporting import Arm, Funnel, Report, report

__all__ = ["Arm", "Funnel", "Report", "as_json", "report"]
