"""What the demo shop sells: a fictional kitchen and home shop, its products with price and popularity, the words that name a category."""

from dataclasses import dataclass

import numpy as np

SHOP = "拾味家居（演示）"

CATEGORY_RULES: dict[str, list[str]] = {
    "锅具": ["锅"],
    "刀具": ["刀", "砧板", "案板"],
    "餐具": ["餐具", "碗", "盘", "碟", "筷", "刀叉"],
    "茶具": ["茶", "盖碗", "公道杯"],
    "收纳": ["收纳", "置物架", "密封罐", "保鲜盒"],
    "烘焙": ["烘焙", "蛋糕模", "打蛋器", "烤盘"],
    "清洁": ["抹布", "洗碗布"],
    "厨房小电": ["电热水壶", "破壁机", "养生壶", "空气炸锅"],
}
"""Keywords in a product's title; the longest match wins. Three products have none, as in any real shop: see the page Products."""


@dataclass(frozen=True)
class Product:
    """One article: its title as the shop writes it, its list price in yuan, how often it is bought, its variants."""

    category: str
    title: str
    price: float
    weight: float
    variants: tuple[str, ...] = ("",)


_SIZES = ("尺寸：24厘米", "尺寸：26厘米", "尺寸：28厘米")
_COLOURS = ("颜色分类：米白", "颜色分类：雾蓝", "颜色分类：豆绿")
_SETS = ("套餐：2人份;颜色分类：青釉", "套餐：4人份;颜色分类：青釉", "套餐：6人份;颜色分类：白釉")

PRODUCTS: tuple[Product, ...] = (
    Product("锅具", "【包邮】麦饭石不粘平底煎锅,电磁炉通用", 129, 8, _SIZES),
    Product("锅具", "精铁老式炒锅 无涂层 32cm", 169, 6),
    Product("锅具", '珐琅铸铁炖锅 9.5"加厚 送隔热手套', 459, 2.2, _COLOURS),
    Product("锅具", "304不锈钢汤锅 双耳蒸煮锅", 199, 4, _SIZES),
    Product("锅具", "日式雪平锅 小奶锅 18cm", 79, 7),
    Product("锅具", "砂锅煲汤家用陶瓷煲 耐高温", 119, 4),
    Product("刀具", "家用菜刀 切片刀 免磨锋利", 89, 6),
    Product("刀具", "厨房刀具七件套 德国钢", 329, 2.4),
    Product("刀具", "水果刀 削皮刀 便携带鞘", 29, 6, _COLOURS),
    Product("刀具", "整块乌檀木砧板 防霉加厚", 139, 4, ("尺寸：40x28", "尺寸：45x30")),
    Product("餐具", "手绘釉下彩饭碗 4.5英寸 4只装", 69, 8, _SETS),
    Product("餐具", "ins风陶瓷餐盘 西餐牛排盘", 39, 8, _COLOURS),
    Product("餐具", "合金筷子 10双家庭装 防滑", 35, 9),
    Product("餐具", "骨瓷餐具套装 56头 乔迁礼盒", 599, 1.2, _SETS),
    Product("餐具", "不锈钢勺子 长柄汤勺 加厚", 25, 6),
    Product("茶具", "功夫茶具套装 干泡盘整套", 269, 3, _SETS),
    Product("茶具", "手工白瓷盖碗 三才碗", 88, 3),
    Product("茶具", "耐热玻璃茶壶 加厚过滤泡茶", 75, 5),
    Product("茶具", "便携旅行茶具 一壶三杯", 119, 4, _COLOURS),
    Product("茶具", "锡罐茶叶罐 密封储存", 58, 3),
    Product("收纳", "厨房置物架 多层落地收纳架", 159, 4, ("规格：三层", "规格：四层")),
    Product("收纳", "五谷杂粮密封罐 6只装", 59, 7),
    Product("收纳", "冰箱收纳保鲜盒 食品级 大号", 45, 8, _COLOURS),
    Product("收纳", "抽屉分隔收纳盒 自由组合", 29, 7),
    Product("烘焙", "烘焙工具套装 新手入门", 99, 3),
    Product("烘焙", "6寸戚风蛋糕模具 活底", 32, 4),
    Product("烘焙", "手持电动打蛋器 小型", 109, 3),
    Product("清洁", "加厚洗碗布 吸水抹布 20片", 19.9, 9),
    Product("清洁", "魔力海绵擦 厨房去污", 15.9, 7),
    Product("清洁", "抽绳垃圾袋 加厚 5卷", 22.9, 9),
    Product("厨房小电", "电热水壶 316不锈钢 1.7L 保温", 189, 4, _COLOURS),
    Product("厨房小电", "多功能养生壶 煮茶器 办公室", 229, 3),
    Product("厨房小电", "空气炸锅 5L大容量 可视", 399, 2.4),
    Product("厨房小电", "静音破壁机 家用豆浆机", 699, 1),
)

CATEGORIES: tuple[str, ...] = tuple(CATEGORY_RULES)
PRICES = np.array([product.price for product in PRODUCTS])
WEIGHTS = np.array([product.weight for product in PRODUCTS])
CATEGORY_OF = np.array([CATEGORIES.index(product.category) for product in PRODUCTS])


def shares(favourite: int, loyalty: float = 0.6) -> np.ndarray:
    """How likely each product is for somebody who likes one category best; adds up to 1."""
    general = WEIGHTS / WEIGHTS.sum()
    own = np.where(favourite == CATEGORY_OF, WEIGHTS, 0.0)
    mixed: np.ndarray = loyalty * own / own.sum() + (1 - loyalty) * general
    return mixed
