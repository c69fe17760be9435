"""The demo's customers: fictional names, nicknames, e-mail addresses at .example domains, phones in a range given to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crm.demo import places

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
GIVEN = "静敏丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文斌慧雨欣怡浩宇轩梓涵诗婷雪琳佳宁晨曦若溪思远子墨安然一诺可心"
WORDS = tuple(
    """
    小鱼儿 月光 柠檬茶 爱吃饭 大白菜 山里人家 果果妈 糖糖 北方的风 慢生活 老王家 咸鱼 厨房日记 阿木 晴天娃娃 豆豆爸 一碗面
    南瓜 听雨 橘子汽水 胖虎 栗子 家有二宝 海边拾贝
    """.split()
)
LATIN = tuple(
    """
    xiaoyu moon lemon chifan guoguo candy wind slowlife noodle amu sunny doudou pumpkin rain orange lily
    """.split()
)
DOMAINS = ("qq.example", "163.example", "126.example", "sina.example", "foxmail.example", "gmail.example", "hotmail.example")
DOMAIN_SHARES = (0.47, 0.24, 0.1, 0.06, 0.06, 0.05, 0.02)
_PRIME = 99_999_989
UNASSIGNED = "154"


@dataclass(frozen=True)
class People:
    """One entry per customer in every array (object arrays of text unless said otherwise)."""

    buyer: np.ndarray
    alipay: np.ndarray
    name: np.ndarray
    address: np.ndarray
    mobile: np.ndarray
    favourite: np.ndarray  # index into catalogue.CATEGORIES
    taste: np.ndarray  # factor on basket size, around 1


def make(rng: np.random.Generator, count: int, categories: int, first: int = 0) -> People:
    """`count` fictional customers; numbers start at `first`, so that two calls never make the same buyer."""
    serial = (np.arange(first, first + count, dtype=np.int64) * 48_271 + 11) % _PRIME
    return People(
        buyer=_nicknames(rng, serial),
        alipay=_accounts(rng, serial),
        name=_names(rng, count),
        address=_addresses(rng, count),
        mobile=np.array([f"{UNASSIGNED}{number:08d}" for number in serial], dtype=object),
        favourite=rng.choice(categories, count, p=_favourites(categories)),
        taste=rng.lognormal(-0.08, 0.4, count),
    )


def _favourites(categories: int) -> np.ndarray:
    falling = 1.0 / (np.arange(categories) + 2)
    shares: np.ndarray = falling / falling.sum()
    return shares


def _nicknames(rng: np.random.Generator, serial: np.ndarray) -> np.ndarray:
    word = _pick(rng, WORDS, len(serial))
    kind = rng.random(len(serial))
    return np.array(
        [f"tb{n:08d}" if k < 0.3 else f"{w}{n}" if k < 0.75 else f"{w}_{n}" for k, w, n in zip(kind, word, serial, strict=True)],
        dtype=object,
    )


def _accounts(rng: np.random.Generator, serial: np.ndarray) -> np.ndarray:
    """Alipay accounts: an e-mail address for about 60 %, a masked phone for 30 %, `null` for the rest."""
    kind = rng.random(len(serial))
    stem = _pick(rng, LATIN, len(serial))
    domain = _pick(rng, DOMAINS, len(serial), DOMAIN_SHARES)
    rows = zip(kind, stem, serial, domain, strict=True)
    return np.array([f"{s}{n}@{d}" if k < 0.6 else f"154****{n % 10_000:04d}" if k < 0.9 else "null" for k, s, n, d in rows], dtype=object)


def _names(rng: np.random.Generator, count: int) -> np.ndarray:
    first, second, third = _pick(rng, SURNAMES, count), _pick(rng, GIVEN, count), _pick(rng, GIVEN, count)
    names: np.ndarray = first + second + np.where(rng.random(count) < 0.7, third, "")
    return names


def _addresses(rng: np.random.Generator, count: int) -> np.ndarray:
    names, likely = places.districts()
    place = names[rng.choice(len(names), count, p=likely)]
    street, garden = _pick(rng, places.STREETS, count), _pick(rng, places.GARDENS, count)
    number, flat = rng.integers(1, 200, count), rng.integers(101, 2500, count)
    rows = zip(place, street, number, garden, flat, strict=True)
    return np.array([f"{p} {s}{n}号{g}{f}室(000000)" for p, s, n, g, f in rows], dtype=object)


def _pick(rng: np.random.Generator, choices: Sequence[str], count: int, shares: tuple[float, ...] | None = None) -> np.ndarray:
    picked: np.ndarray = np.array(list(choices), dtype=object)[rng.choice(len(choices), count, p=shares)]
    return picked
