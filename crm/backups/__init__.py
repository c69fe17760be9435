"""Copies of the database: made every night and on demand, checked, kept for a year, in one folder or two.

backups.make(store, now, backups.second(env))     one now; raises CrmError, and what is there stays
backups.state(store, backups.second(env))         the newest good one in each folder
backups.Night(store, began).look(now)             asks for one each night; called every few seconds
"""

from crm.backups.keeping import superfluous
from crm.backups.making import Kept, State, lay_in, make, overdue, restore, second, state
from crm.backups.night import Night

__all__ = ["Kept", "Night", "State", "lay_in", "make", "overdue", "restore", "second", "state", "superfluous"]
