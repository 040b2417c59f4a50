"""What the sandbox sells. Invented for training; loosely after the values of facts/topup.md §2.3."""

from msgspec import Struct

from pos_tui.domain.phone import DDDS, uf_of

UFS = tuple(sorted({uf_of(ddd) for ddd in DDDS}))


class Product(Struct, frozen=True):
    """One value. Amounts in centavos; validity in days, 0 when not told."""

    code: str
    name: str
    face: int
    validity: int
    pin: bool = False
    minimum: int = 0
    maximum: int = 0
    step: int = 0
    ufs: tuple[str, ...] = ()

    @property
    def variable(self) -> bool:
        """The buyer chooses the value between minimum and maximum."""
        return self.maximum > 0

    def takes(self, face: int) -> bool:
        """Tell whether the product can be bought for this value."""
        if not self.variable:
            return face == self.face
        return self.minimum <= face <= self.maximum and (face - self.minimum) % self.step == 0


class Operator(Struct, frozen=True):
    """A company, with the states it works in."""

    code: str
    name: str
    ufs: tuple[str, ...]
    products: tuple[Product, ...]


def cost_of(face: int) -> int:
    """What the store pays for a value: 3.5 % less, in centavos."""
    return face - face * 35 // 1000


def _fixed(prefix: str, name: str, values: dict[int, int]) -> tuple[Product, ...]:
    return tuple(
        Product(f"{prefix}{face}", f"{name} R${face // 100},{face % 100:02d}", face, validity)
        for face, validity in values.items()
    )


OPERATORS = (
    Operator(
        "2088",
        "Vivo",
        UFS,
        (
            *_fixed("V", "VIVO", {400: 7, 499: 7, 1500: 30, 2000: 45, 2500: 45, 3500: 90}),
            *_fixed("V", "VIVO", {5000: 120, 6000: 120, 10000: 180}),
            Product("1180", "VIVO VALOR LIVRE", 0, 30, minimum=1000, maximum=30000, step=500),
        ),
    ),
    Operator(
        "2087",
        "Claro",
        UFS,
        (
            *_fixed("C", "CLARO", {1000: 30, 1500: 30, 2000: 60, 3000: 90, 5000: 120, 10000: 150}),
            Product("C1300", "CLARO R$13,00", 1300, 30, ufs=("SP",)),
            Product("C7", "CLARO PIN R$30,00", 3000, 90, pin=True),
        ),
    ),
    Operator("2086", "TIM", UFS, _fixed("T", "TIM", {949: 0, 1500: 0, 2000: 0, 3000: 0, 5000: 0})),
    Operator("2092", "Algar", ("GO", "MG", "MS", "SP"), _fixed("A", "ALGAR", {1500: 30, 3000: 60})),
    Operator("2102", "Sercomtel", ("PR",), _fixed("S", "SERCOMTEL", {1000: 30})),
)


def find_product(code: str) -> tuple[Operator, Product] | None:
    """Return a product and who sells it."""
    for operator in OPERATORS:
        for product in operator.products:
            if product.code == code:
                return operator, product
    return None


def sold_in(operator: Operator, product: Product, uf: str) -> bool:
    """Tell whether a value can be bought in a state."""
    return uf in (product.ufs or operator.ufs)


def error_number(line: str) -> int | None:
    """Return NN of a line 99 99999-00NN: the number of the RV error it provokes (facts/topup.md §3.4)."""
    number = int(line[-2:]) if line.startswith("999999900") and len(line) == 11 else 0
    return number or None
