"""Habilitação provisória: a suspended plan is enabled once, and never asked for again blindly."""

from dataclasses import dataclass

from pos_tui.domain.errors import RuleError
from pos_tui.domain.subscriber import Bill, Contract, ContractState
from pos_tui.domain.subscriber_action import ActionKind, ActionState, SubscriberAction
from pos_tui.domain.values import replace
from pos_tui.services.subscriber_steps import ActionSteps, access_of
from pos_tui.services.subscribers import Visit, unwrap
from pos_tui.store import subscriber_actions as actions

S = ActionState
STILL_SUSPENDED = "O provedor ainda mostra o plano suspenso."
NEVER_LEFT = "O pedido não saiu daqui: peça de novo."


@dataclass
class PlanEnabling:
    """One till's."""

    steps: ActionSteps

    def enable(self, visit: Visit, contract: Contract, bill: Bill | None, who: str) -> SubscriberAction:
        """Enable a suspended plan provisionally, once. Returns how it stands.

        Raises:
            RuleError: the plan is not suspended; Conflict: an earlier one is still open.
        """
        if contract.state is not ContractState.SUSPENDED:
            raise RuleError("Só um plano suspenso pode ser habilitado provisoriamente.")
        provider, steps = self.steps.connect(), self.steps
        draft = steps.draft(ActionKind.ENABLE, visit, contract.id, contract.plan, who, bill)
        action = replace(draft, holds=f"{provider.name}/{contract.id}")
        steps.context.store.write(lambda tx: actions.insert(tx, action))
        today = steps.today()
        steps.ask(action, who, lambda: provider.enable(visit.access, contract, bill, today))
        return steps.get(action.id)

    def find_out(self, action: SubscriberAction, who: str, visit: Visit | None) -> None:
        """Ask the ERP how the plan stands. No effect there. Raises RuleError where it does not tell."""
        contract = Contract(action.target, action.about, ContractState.SUSPENDED)
        state = unwrap(self.steps.connect().state_of(access_of(action, visit), contract))
        if state is ContractState.ACTIVE:
            self.steps.found(action, S.DONE, "", who)
        else:
            self.steps.found(action, S.UNCERTAIN, STILL_SUSPENDED, who)

    def let_go(self, action: SubscriberAction, who: str) -> None:
        """A crash came before the first byte: it holds its plan no longer."""
        self.steps.found(action, S.UNDONE, NEVER_LEFT, who)
