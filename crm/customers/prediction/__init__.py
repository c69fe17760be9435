"""Who still buys, how often and for how much: BG/NBD and Gamma-Gamma, shown only where they were right about days they had not seen.

of(store, as_of)                 the models of the orders up to a day: valid or not and why, the check, the sums
table(store, as_of)              customer_id and the fields; None where they are not valid
bgnbd · gammagamma               the two models; numbers in, numbers out
history · holdout                what they look at, and the check
"""

from crm.customers.prediction.history import COLUMNS
from crm.customers.prediction.predicting import HORIZON, LEAVING, SOURCES, YEAR, Prediction, Reason, of, table

__all__ = ["COLUMNS", "HORIZON", "LEAVING", "SOURCES", "YEAR", "Prediction", "Reason", "of", "table"]
