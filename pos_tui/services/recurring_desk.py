"""Everything of *Crédito recorrente* that a till holds, built together when it is first needed."""

from msgspec import Struct

from pos_tui.services.recurring import Recurring
from pos_tui.services.recurring_hand import RecurringByHand
from pos_tui.services.recurring_news import RecurringNews
from pos_tui.services.recurring_papers import RecurringPapers
from pos_tui.services.recurring_refunds import RecurringRefunds
from pos_tui.services.recurring_watch import Watch


class RecurringDesk(Struct, frozen=True):
    """What screens, commands and the receiver work with."""

    attempts: Recurring
    by_hand: RecurringByHand
    refunds: RecurringRefunds
    watch: Watch
    papers: RecurringPapers
    news: RecurringNews
