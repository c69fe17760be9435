"""How long until they come back, who is lost, and whose record is complete."""

from datetime import timedelta

from crm.customers import grounds
from crm.customers.coverage import SINCE, Coverage, Reason
from crm.customers.metric import OPEN, Metric, Window, share, value

NOBODY_AGAIN = ("窗口内没有人再次成交", "nobody bought again in these days")
SHORT = "needs days in which somebody active could be lost: at least {days}"


def _losable(window: Window, covered: Coverage) -> Reason | None:
    """Who was active at the start cannot be lost at the end of a window that is shorter than the way from one to the other."""
    shop = window.shop
    if window.start is None:
        return OPEN
    least = shop.sleeping_days - shop.active_days + 1
    if (window.days or 0) < least:
        return Reason(SHORT, {"days": least})
    known_from = window.start - timedelta(days=shop.active_days)
    return Reason(SINCE, {"day": covered.first}) if known_from < covered.first else None


RHYTHM: tuple[Metric, ...] = (
    Metric(
        "median_repurchase_days",
        "复购周期",
        "Repurchase cycle",
        (
            "同一客户相邻两次成交相隔天数的中位数；只买过一次的客户不在内",
            "Median days between successive purchases of a customer; one-time buyers are missing",
        ),
        "days",
        "",
        grounds.cycle,
        value("median", "float64"),
        NOBODY_AGAIN,
        past=True,
    ),
    Metric(
        "repurchase_days_p25",
        "复购周期·快的四分之一",
        "Repurchase cycle, quickest quarter",
        ("同样的天数，四分之一的人不超过它（P25）", "The same days: a quarter of the steps are no longer (P25)"),
        "days",
        "",
        grounds.cycle,
        value("low", "float64"),
        NOBODY_AGAIN,
        past=True,
    ),
    Metric(
        "repurchase_days_p75",
        "复购周期·慢的四分之一",
        "Repurchase cycle, slowest quarter",
        ("同样的天数，四分之三的人不超过它（P75）", "The same days: three quarters of the steps are no longer (P75)"),
        "days",
        "",
        grounds.cycle,
        value("high", "float64"),
        NOBODY_AGAIN,
        past=True,
    ),
    Metric(
        "churn_rate",
        "流失率",
        "Churn",
        (
            "期初活跃、期末已流失的客户 ÷ 期初活跃的客户（活跃与流失的天数见店铺设置）",
            "Customers active at the start who are lost at the end ÷ customers active at the start (days as in the settings)",
        ),
        "share",
        "down",
        grounds.churned,
        share("lost", "active"),
        (
            "没有选开始日、期初没有活跃客户，或这段时间短到没有人来得及流失",
            "no first day is chosen, nobody was active at the start, or the days are too few for anybody to be lost",
        ),
        _losable,
    ),
    Metric(
        "registration_rate",
        "登记率",
        "Registration",
        (
            "期内新客户中资料完整的（姓名、性别、生日、邮箱或可拨打的手机号） ÷ 期内新客户；目标 85%",
            "New customers with a complete record (name, gender, birthday, e-mail or clear phone) ÷ new customers; aim for 85%",
        ),
        "share",
        "up",
        grounds.registered,
        share("complete", "new"),
        ("期内没有可识别的新客户", "no identified customer bought for the first time in these days"),
        past=True,
    ),
)
