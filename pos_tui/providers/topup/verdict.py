"""From a provider's error code to an outcome, the same way for all of them."""

from msgspec import Struct

from pos_tui.domain.outcome import RefusalClass, Refused, Uncertain
from pos_tui.domain.text import clean
from pos_tui.providers.topup.codes import Codes

NOT_UNDERSTOOD = Uncertain("A resposta do provedor não pôde ser entendida.")
SERVER_FAILED = Uncertain("O servidor do provedor falhou antes de dizer o resultado.")


def wrong_echo(what: str) -> Uncertain:
    """The answer speaks of something else than what was asked."""
    return Uncertain(f"A resposta do provedor traz {what} diferente do que foi pedido.")


def unknown_word(word: str) -> Uncertain:
    """The answer says a state that no table lists."""
    return Uncertain(f"O provedor respondeu uma situação desconhecida ({clean(word, 40) or 'vazia'}).")


class Rejection(Struct, frozen=True):
    """A provider answered with an error code."""

    code: str
    text: str

    def of_effect(self, codes: Codes) -> Refused | Uncertain:
        """The outcome of a request that changes something: only a code that a table lists proves a no."""
        known = codes.get(self.code)
        if known is None or known.reason is None:
            words = f"O provedor respondeu o código {self.code}: {self.text or 'sem explicação'}."
            return Uncertain(words, self.code)
        return Refused(known.reason, self.code, self.text or known.words)

    def of_question(self, codes: Codes) -> Refused | Uncertain:
        """The outcome of a question, which cannot have changed anything."""
        if self.code not in codes:
            return Refused(RefusalClass.UNKNOWN, self.code, self.text)
        return self.of_effect(codes)


def rejection(code: str, text: str) -> Rejection:
    """Build a rejection from words of outside."""
    return Rejection(clean(code, 40), clean(text, 200))
