"""The demo shop: a fictional kitchen shop as Taobao would export it, and three past campaigns whose true effect is known."""

from crm.demo.shop import write_files

__all__ = ["write_files"]
