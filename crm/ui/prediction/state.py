"""What the box of the prediction remembers, and the key of its button."""

from dataclasses import dataclass, field

from crm.customers.prediction import Prediction
from crm.segments.counting import Counting
from crm.ui import session


class Key(session.Keys):
    LEAVING = "prediction_leaving"


@dataclass
class PredictionState:
    working: Counting[Prediction] = field(default_factory=Counting)  # the models are worked out beside the page
