"""What is off as an OS stands, and why."""

from collections.abc import Iterable

from msgspec import Struct

from pos_tui.domain.instalments import Instalment
from pos_tui.domain.recurring import ALARMING, LIVE, OVER, Attempt, AttemptState, Mode
from pos_tui.domain.recurring_choices import why_not_cancel, why_not_give_back, why_not_stop
from pos_tui.domain.sale import Sale, SaleState

S = AttemptState


class Standing(Struct, frozen=True):
    """An OS as the panel last read it."""

    sale: Sale
    attempt: Attempt
    instalments: Iterable[Instalment]
    marked: Instalment | None
    training: bool

    def why_not(self, command_id: str) -> str | None:
        """Say why a command is off, or None."""
        attempt, state = self.attempt, self.attempt.state
        integrated = attempt.mode is Mode.INTEGRATED
        match command_id:
            case "os_ask" | "os_print" if not integrated:
                return "No modo manual não há plataforma: marque a parcela com Enter."
            case "os_cancel":
                paid = state is S.PAID
                return why_not_stop(attempt, self.instalments) if paid else why_not_cancel(attempt)
            case "os_refund" if state is S.PAID:
                return why_not_give_back(attempt, self.marked)
            case "os_accept" | "os_refund" if state not in ALARMING:
                return "Só há o que aceitar ou devolver depois que o cliente paga."
            case "os_practise" if not (self.training and integrated):
                return "Só em treinamento se simula o pagamento."
            case "os_move":
                return self._why_not_move(integrated)
            case _:
                return self._why_not_send(command_id)

    def _why_not_move(self, integrated: bool) -> str | None:
        if integrated:
            return "No modo integrado quem muda a parcela é a plataforma: recarregue com F5."
        return None if self.marked else "Nenhuma parcela está marcada."

    def _why_not_send(self, command_id: str) -> str | None:
        attempt, state = self.attempt, self.attempt.state
        match command_id:
            case "os_print" if not attempt.link:
                return "Ainda não há link: recarregue com F5."
            case "os_print" if state not in (S.WAITING, S.ANALYSIS):
                return f"A tentativa está {attempt.words.lower()}: o link não vale mais."
            case "os_send" if state is not S.DRAFT and state not in OVER:
                return f"A tentativa está {attempt.words.lower()}: não há o que enviar."
            case "os_send" | "os_reopen" | "os_abandon" if self.sale.state is not SaleState.AWAITING:
                return "Esta OS não espera mais pagamento."
            case "os_reopen" | "os_abandon" if state in LIVE:
                return "Há uma tentativa em andamento: cancele-a antes (F8)."
            case _:
                return None
