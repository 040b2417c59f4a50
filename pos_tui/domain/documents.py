"""CPF and CNPJ: check digits by python-stdnum, which knows CNPJ with letters (in force since 2026-07)."""

from pos_tui.domain.text import clean


def parse_document(text: str) -> str:
    """Read a CPF (11 digits) or CNPJ (14 characters), punctuation allowed; return it bare.

    Raises:
        ValueError: with a Portuguese reason.
    """
    # Late: the start needs no check digits.
    from stdnum.br import cnpj, cpf
    from stdnum.exceptions import ValidationError

    bare = "".join(char for char in clean(text).upper() if char.isalnum())
    kind, rule = ("CPF", cpf) if len(bare) == 11 else ("CNPJ", cnpj)
    if len(bare) not in (11, 14):
        raise ValueError("Informe CPF (11 dígitos) ou CNPJ (14 caracteres).")
    try:
        return str(rule.validate(bare))
    except ValidationError:
        raise ValueError(f"{kind} inválido: os dígitos verificadores não conferem.") from None


def mask_document(bare: str) -> str:
    """Show a document with a CPF's ends hidden (LGPD): `***.456.789-**`; a CNPJ is public."""
    if len(bare) == 11:
        return f"***.{bare[3:6]}.{bare[6:9]}-**"
    return format_document(bare)


def format_document(bare: str) -> str:
    """Write a CNPJ or CPF with its punctuation: `12.345.678/0001-95`, `123.456.789-09`."""
    if len(bare) == 14:
        return f"{bare[:2]}.{bare[2:5]}.{bare[5:8]}/{bare[8:12]}-{bare[12:]}"
    return f"{bare[:3]}.{bare[3:6]}.{bare[6:9]}-{bare[9:]}" if len(bare) == 11 else bare
