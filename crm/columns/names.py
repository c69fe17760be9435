"""Header names of unknown tables, compared word by word with what the trade calls its columns (words.toml), never as parts of words."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh", "de", "fr", "es")
NEUTRAL = frozenset(
    [
        "order",
        "orders",
        "the",
        "of",
        "de",
        "del",
        "la",
        "le",
        "les",
        "des",
        "du",
        "der",
        "die",
        "das",
        "fur",
        "fuer",
        "for",
        "in",
        "en",
        "by",
        "to",
        "a",
        "an",
        "l",
        "d",
        "and",
        "et",
        "und",
        "y",
        "au",
        "el",
        "los",
        "las",
        "customer",
        "buyer",
        "client",
        "cliente",
        "kunde",
        "kunden",
        "customers",
        "shipping",
        "billing",
        "ship",
        "bill",
        "delivery",
        "recipient",
        "purchase",
        "sale",
        "sales",
        "commande",
        "pedido",
        "compra",
        "venta",
        "bestellung",
        "achat",
        "订单",
        "买家",
        "客户",
        "顾客",
        "会员",
        "收货",
        "收件",
        "收货人",
        "收件人",
        "用户",
        "主",
        "下单",
        "本",
        "该",
        "的",
        "交易",
    ]
)
"""Words that say of whom or of what a column tells and not what it is, when they are left over."""
SILENT = frozenset("of the de la del le les des du der die das dem den d l a au el los las and et und y 的 之".split())
"""Words that say nothing in a name."""
OF_KIND = {
    "money": frozenset(
        [
            "amount",
            "amt",
            "total",
            "sum",
            "value",
            "betrag",
            "summe",
            "wert",
            "gesamt",
            "montant",
            "somme",
            "total",
            "importe",
            "monto",
            "suma",
            "valor",
            "金额",
            "总额",
            "总",
            "额",
            "合计",
        ]
    ),
    "moment": frozenset(
        [
            "date",
            "time",
            "datetime",
            "timestamp",
            "at",
            "on",
            "datum",
            "zeit",
            "zeitpunkt",
            "uhrzeit",
            "am",
            "date",
            "heure",
            "le",
            "fecha",
            "hora",
            "el",
            "时间",
            "日期",
            "日",
        ]
    ),
    "id": frozenset(
        [
            "id",
            "no",
            "nr",
            "number",
            "num",
            "nummer",
            "code",
            "numero",
            "identifiant",
            "identificador",
            "codigo",
            "ref",
            "reference",
            "referencia",
            "编号",
            "编码",
            "号码",
            "号",
            "id",
        ]
    ),
    "status": frozenset(["status", "state", "statut", "etat", "estado", "zustand", "stand", "状态"]),
    "person": frozenset(["name", "nom", "nombre", "姓名", "名称"]),
    "email": frozenset(["address", "adresse", "direccion", "地址"]),
    "phone": frozenset(["number", "no", "nr", "numero", "nummer", "1", "2", "号码", "号"]),
    "place": frozenset(["name", "code", "名称", "代码"]),
    "text": frozenset(["name", "text", "名称", "信息"]),
    "currency": frozenset(["code"]),
}
"""Words that only say again what kind of thing a column is."""
UNITS = frozenset(
    [
        "eur",
        "euro",
        "euros",
        "usd",
        "gbp",
        "cny",
        "rmb",
        "jpy",
        "chf",
        "cad",
        "aud",
        "hkd",
        "twd",
        "sgd",
        "inr",
        "krw",
        "pln",
        "sek",
        "nok",
        "dkk",
        "mxn",
        "brl",
        "us",
        "元",
        "人民币",
        "美元",
        "欧元",
        "utc",
        "gmt",
        "cet",
        "local",
    ]
)
_WORDS = [
    "订单",
    "买家",
    "卖家",
    "客户",
    "顾客",
    "会员",
    "用户",
    "商品",
    "宝贝",
    "产品",
    "货品",
    "实付",
    "实际",
    "实收",
    "支付",
    "付款",
    "应付",
    "应收",
    "收款",
    "金额",
    "总额",
    "总价",
    "总金额",
    "总计",
    "合计",
    "单价",
    "价格",
    "时间",
    "日期",
    "编号",
    "编码",
    "号码",
    "状态",
    "退款",
    "退货",
    "售后",
    "运费",
    "邮费",
    "税费",
    "税额",
    "优惠",
    "折扣",
    "优惠券",
    "手续费",
    "佣金",
    "成本",
    "数量",
    "件数",
    "名称",
    "标题",
    "手机",
    "手机号",
    "电话",
    "邮箱",
    "昵称",
    "姓名",
    "收货",
    "收件",
    "收货人",
    "收件人",
    "地址",
    "省份",
    "城市",
    "区县",
    "国家",
    "币种",
    "渠道",
    "来源",
    "店铺",
    "门店",
    "备注",
    "留言",
    "物流",
    "快递",
    "方式",
    "公司",
    "创建",
    "下单",
    "完成",
    "发货",
    "更新",
    "修改",
    "打印",
    "导出",
    "结算",
    "到账",
    "类型",
    "类别",
    "类目",
    "分类",
    "等级",
    "级别",
    "账号",
    "帐号",
    "发票",
    "单号",
    "原价",
    "净额",
    "不含税",
    "含税",
    "未税",
    "成交",
    "交易",
    "销售",
    "购买",
    "消费",
    "积分",
    "余额",
    "重量",
    "税率",
    "汇率",
    "规格",
    "属性",
    "货号",
    "款号",
    "平台",
    "生日",
    "性别",
    "主",
    "子",
    "总",
    "是否",
    "毛利",
    "利润",
    "率",
    "比例",
    "预计",
    "申请",
    "原因",
    "审核",
    "内部",
    "营销",
    "活动",
    "第三方",
    "累计",
    "历史",
]
_DROP = re.compile(r"[（(\[【].{0,12}?[)）\]】]")
_MAPPED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "№": "no", "#": " no ", "°": "o", "º": "o"}
)
_TOKEN = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+")
SIMPLIFIED = str.maketrans(
    "訂單編號買賣傢價數總額實際應運費狀態時間電話機郵箱網點商標題稱規類別貨戶會員國區縣鄉鎮遞碼備註創關閉帳發優營來幣種聯繫絡顧產購門結付現稅後",
    "订单编号买卖家价数总额实际应运费状态时间电话机邮箱网点商标题称规类别货户会员国区县乡镇递码备注创关闭账发优营来币种联系络顾产购门结付现税后",
)


@dataclass(frozen=True)
class Concept:
    """A thing that a column can be. `field`: ours or None; `kind`: what its cells look like; `rank`: the lower the surer; `part`: of a sum."""

    name: str
    kind: str
    field: str | None = None
    rank: int = 1
    part: str | None = None


@dataclass(frozen=True)
class Match:
    """A concept that a header may name: `score` is 1 where the header says just that, less for each word left over."""

    concept: Concept
    score: float
    languages: frozenset[str] = field(default_factory=frozenset)


@cache
def concepts() -> dict[str, Concept]:
    """All concepts by name."""
    return {
        name: Concept(name, entry["kind"], entry.get("field"), entry.get("rank", 1), entry.get("part"))
        for name, entry in _content().items()
    }


@cache
def _content() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


@cache
def _phrases() -> dict[tuple[str, ...], dict[str, frozenset[str]]]:
    """Words of a phrase → name of each concept that is called so → the languages in which."""
    found: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for name, entry in _content().items():
        for language in LANGUAGES:
            for phrase in entry.get(language, "").split(","):
                words = _plain_words(phrase)
                if words:
                    found.setdefault(words, {}).setdefault(name, set()).add(language)
    return {words: {name: frozenset(told) for name, told in names.items()} for words, names in found.items()}


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for words in _phrases() for word in words)


def _plain_words(text: str) -> tuple[str, ...]:
    """The words of a text without splitting compounds: small letters without accents, Chinese cut at the words we know."""
    text = unicodedata.normalize("NFKC", text).strip()
    text = re.sub(r"(?<=[a-zà-ÿ0-9]{2})(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = unicodedata.normalize("NFD", text.lower().translate(_MAPPED).translate(SIMPLIFIED))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub(r"\bn[\s.]*o\b", "no", text.replace("_", " "))  # the º of Nº
    found = [word for run in _TOKEN.findall(text) for word in (_chinese(run) if ord(run[0]) > 0x33FF else [run])]
    return tuple(word for word in found if word not in SILENT) or tuple(found)


@cache
def _chinese_words() -> tuple[frozenset[str], int]:
    return frozenset(_WORDS), max(len(word) for word in _WORDS)


def _chinese(run: str) -> list[str]:
    """The longest known words one after the other; a character that begins none stands alone."""
    known, longest = _chinese_words()
    words, at = [], 0
    while at < len(run):
        size = next((size for size in range(min(longest, len(run) - at), 1, -1) if run[at : at + size] in known), 1)
        words.append(run[at : at + size])
        at += size
    return words


@lru_cache(maxsize=4096)
def words(title: str) -> tuple[str, ...]:
    """The words of a header name: without a unit in brackets, compounds that are made of known words taken apart."""
    bare = _DROP.sub(lambda found: " " if _is_unit(found[0]) else f" {found[0]} ", title)
    return tuple(part for word in _plain_words(bare) for part in _parts(word))


def _is_unit(bracket: str) -> bool:
    inside = _plain_words(bracket)
    return not inside or all(word in UNITS for word in inside)


def _parts(word: str) -> tuple[str, ...]:
    known = _vocabulary()
    if word in known or len(word) < 6 or not word.isascii() or word.isdigit():
        return (word,)
    return _split(word) or (word,)


@lru_cache(maxsize=4096)
def _split(word: str) -> tuple[str, ...] | None:
    """A compound as known words, or None: `orderdate`, `rechnungsgesamtbetrag` (with its linking s or n)."""
    known = _vocabulary()
    for size in range(len(word) - 2, 2, -1):
        head, rest = word[:size], word[size:]
        if head not in known or len(head) < 3:
            continue
        for tail in (rest, rest[1:] if rest[0] in "sn" else ""):
            if tail and (tail in ("id", "no", "nr") or (len(tail) >= 3 and tail in known)):
                return (head, tail)
            if len(tail) >= 6 and (more := _split(tail)):
                return (head, *more)
    return None


@lru_cache(maxsize=4096)
def matches(title: str) -> tuple[Match, ...]:
    """The concepts that a header may name, the best first. Shape: at most one Match per concept."""
    told = words(title)
    best: dict[str, Match] = {}
    for begin in range(len(told)):
        for end in range(begin + 1, min(len(told), begin + 7) + 1):
            for name, languages in _phrases().get(told[begin:end], {}).items():
                again = OF_KIND.get(concepts()[name].kind, frozenset())
                left = sum(_weight(word, again) for word in (*told[:begin], *told[end:]))
                score = round((end - begin) / (end - begin + left), 3)
                if name not in best or score > best[name].score:
                    best[name] = Match(concepts()[name], score, languages)
    return tuple(sorted(best.values(), key=lambda found: (-found.score, found.concept.rank)))


def _weight(word: str, again: frozenset[str]) -> float:
    """How much a word that is left over speaks against a match."""
    if word in UNITS:
        return 0.0
    if word in NEUTRAL:
        return 0.15
    if word in again:
        return 0.25
    return 1.0 if word in _vocabulary() else 0.6


def language(titles: list[str]) -> str | None:
    """The language of a header, where its names are words of one more than of any other; None where that is not clear."""
    votes: dict[str, float] = {}
    for title in titles:
        found = [match for match in matches(title) if match.score >= 0.8]
        told = frozenset().union(*(match.languages for match in found)) if found else frozenset()
        for name in told:
            votes[name] = votes.get(name, 0) + 1 / len(told)
    ranked = sorted(votes.items(), key=lambda entry: -entry[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] < ranked[1][1] * 1.5):
        return None
    return ranked[0][0]


def status_words(text: str) -> str:
    """A text as small words without accents and marks, one blank between."""
    text = unicodedata.normalize("NFKC", text).replace("-", " ").replace("_", " ").lower().translate(_MAPPED)
    text = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", text))
