"""How customers can be reached, and what went wrong between them and the shop; each with its filter field, its chart and its docs row."""

from crm.customers import contacts, measures, pending
from crm.customers.attribute import Attribute, Chart
from crm.customers.bins import whole
from crm.customers.measures import fact

REACH: list[Attribute] = [
    Attribute(
        "has_email",
        "有邮箱",
        "Has an e-mail address",
        "flag",
        lambda context: context.facts.email_norm.notnull(),
        "has a valid e-mail address",
        phrases={"no": ("没有邮箱", "has no e-mail address")},
    ),
    Attribute("mailbox", "邮箱服务商", "Mailbox provider", "choice", fact("mailbox"), "the mailbox provider's domain", chart=Chart(170)),
    Attribute(
        "phone_quality",
        "手机号状态",
        "Phone number",
        "choice",
        fact("phone_quality"),
        "clear, virtual, masked or cipher",
        values=measures.PHONE_QUALITIES,
        chart=Chart(180),
    ),
    Attribute(
        "call_before",
        "虚拟号失效日",
        "Virtual number dies on",
        "date",
        fact("phone_until"),
        "the day on which the virtual number of the latest order dies: 15 days after its completion, where the file tells that; "
        "from then on it counts as reachable neither by SMS nor by call",
    ),
    Attribute(
        "consent_email",
        "同意收邮件",
        "Agreed to e-mail",
        "flag",
        contacts.email_consent,
        "agreed to marketing e-mail; a no is never lifted by a file, nor is that of an order by the yes of another file",
        phrases={"no": ("不同意收邮件", "said no to e-mail")},
    ),
    Attribute(
        "consent_sms",
        "同意收短信",
        "Agreed to SMS",
        "flag",
        contacts.sms_consent,
        "agreed to SMS; a no is never lifted by a file",
        phrases={"no": ("不同意收短信", "said no to SMS")},
    ),
    Attribute(
        "last_contacted_days",
        "距上次联系天数",
        "Days since last contacted",
        "days",
        contacts.last_contacted,
        "days since the last campaign message, by the shop's calendar",
        rows=True,
    ),
    Attribute(
        "promotions_30d",
        "近30天推广次数",
        "Promotions in the last 30 days",
        "count",
        contacts.promotions,
        "campaigns that wrote to them in the last 30 days",
        rows=True,
    ),
]

TROUBLE: list[Attribute] = [
    Attribute(
        "refunds",
        "退款单数",
        "Orders with a refund",
        "count",
        fact("refunds"),
        "orders with a refund",
        chart=Chart(95, always=True, bands=lambda shop: whole(0, 1, 2), unit=(" 次", "×")),
    ),
    Attribute(
        "last_refund_at",
        "最近一次退款的订单日",
        "Latest order with a refund",
        "date",
        pending.last_refund,
        "day of the latest paid order of which money went back",
        rows=True,
        phrases={"within_days": ("最近 {value} 天内有退款订单", "ordered in the last {value} days and got money back")},
    ),
    Attribute("lost_payments", "未付款订单", "Orders never paid", "count", fact("lost_payments"), "orders closed without ever being paid"),
    Attribute(
        "unpaid_orders",
        "待付款订单",
        "Orders waiting for payment",
        "count",
        pending.orders_in("unpaid"),
        "orders that wait for their payment",
        rows=True,
    ),
    Attribute(
        "last_unpaid_at",
        "最近一次未付款",
        "Latest order not paid",
        "date",
        pending.last_unpaid,
        "day of the latest order that waits for its payment or was closed without one",
        rows=True,
        phrases={"within_days": ("最近 {value} 天内有未付款订单", "left an order unpaid in the last {value} days")},
    ),
    Attribute(
        "open_presales",
        "预售待付尾款",
        "Presales waiting for the balance",
        "count",
        pending.orders_in("deposit_paid"),
        "presale orders whose deposit is paid and whose balance is not",
        rows=True,
    ),
    Attribute("bad_reviews", "中差评数", "Bad reviews", "count", fact("bad_reviews"), "reviews that are not good (中评 and 差评)"),
    Attribute("inquiries", "咨询次数", "Inquiries", "count", fact("inquiries"), "questions without an order"),
    Attribute("disputes", "纠纷次数", "Disputes", "count", fact("disputes"), "complaints"),
]
