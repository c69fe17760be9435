"""What a campaign really earned: recipients against those held out, never recipients alone.

report(store, campaign_id, window_days, as_of=day)    a frozen Report
net(reports)                                           what several campaigns earned together
as_json(report)                                        as `crm roi` prints it
"""

from crm.roi.as_json import as_json
from crm.roi.net import Net, net
from crm.roi.reporting import Arm, Funnel, Report, report

__all__ = ["Arm", "Funnel", "Net", "Report", "as_json", "net", "report"]
