"""The demo shop: a fictional kitchen shop as Taobao would export it, and three past campaigns whose true effect is known.

write_files(folder, customers, as_of)       order file and item file, the same bytes for the same arguments
load(store, folder, as_of, now, report)     written, imported, with campaigns and the orders they caused
present(store) · remove(store, now)         is it there; take all of it out
wanted(store)                               is there nothing else yet
CAMPAIGNS · truth(name)                     what the campaigns truly brought, per recipient
"""

from crm.demo.loading import load, present, remove, wanted
from crm.demo.past import CAMPAIGNS, truth
from crm.demo.shop import write_files

__all__ = ["CAMPAIGNS", "load", "present", "remove", "truth", "wanted", "write_files"]
