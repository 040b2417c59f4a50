"""What we send, and what the sandbox answers, agree with the Central Bank's own description of the API."""

import json
import re
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from pos_tui.providers.pix.bcb import ChargeRequest
from pos_tui.providers.sandbox import PIX_PATH
from tests.providers.canned import CannedServer
from tests.providers.pix.conftest import AMOUNT, TXID, psp
from tests.sandbox import SandboxControl

ROOT = Path(__file__).parents[3]
_PLACES = [folder / "shared" / "facts" / "bacen-pix-openapi.yaml" for folder in ROOT.parents]
OPENAPI = next((place for place in _PLACES if place.exists()), None)
pytestmark = pytest.mark.skipif(
    OPENAPI is None, reason="the Central Bank's openapi.yaml is not distributed with the program"
)
_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
END_TO_END = "E00000000202611231015000000000a1"


@pytest.fixture(scope="module")
def api() -> dict[str, Any]:
    import yaml  # type: ignore[import-untyped]

    assert OPENAPI is not None
    loaded: dict[str, Any] = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
    return loaded


def follow(api: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = api
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def faults(api: dict[str, Any], schema: dict[str, Any], value: object, at: str = "") -> Iterator[str]:
    """Say what of a value the schema forbids; the part of JSON Schema that this description uses."""
    schema = follow(api, schema)
    for part in schema.get("allOf", ()):
        yield from faults(api, part, value, at)
    if "oneOf" in schema and not any(not list(faults(api, one, value, at)) for one in schema["oneOf"]):
        yield f"{at}: none of oneOf"
    kind = schema.get("type")
    if kind in _TYPES and not isinstance(value, _TYPES[kind]):
        yield f"{at}: not {kind}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: not in enum"
    if isinstance(value, str):
        if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
            yield f"{at}: pattern"
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**6):
            yield f"{at}: length"
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from faults(api, schema.get("items", {}), item, f"{at}[{place}]")
    if isinstance(value, dict):
        yield from (f"{at}.{name}: missing" for name in schema.get("required", ()) if name not in value)
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from faults(api, inner, value[name], f"{at}.{name}")


def known_names(api: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    schema = follow(api, schema)
    parts = (known_names(api, part) for part in schema.get("allOf", ()))
    return set(schema.get("properties", {})).union(*parts)


def operation(api: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    """The description of a call that we made."""
    for template, described in api["paths"].items():
        shape = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template))
        if method in described and re.fullmatch(shape, path):
            found: dict[str, Any] = described[method]
            return found
    raise AssertionError(f"{method} {path} is not in the description")


def check_request(api: dict[str, Any], head: bytes, body: bytes) -> None:
    method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
    headers = BytesParser().parsebytes(head.partition(b"\r\n")[2])
    described = operation(api, method.lower(), target.removeprefix(PIX_PATH))
    assert headers["Authorization"].startswith("Bearer ")
    if not body:
        assert "requestBody" not in described
        return
    assert headers["Content-Type"] == "application/json"
    wanted = follow(api, described["requestBody"])["content"]["application/json"]["schema"]
    sent = json.loads(body)
    assert list(faults(api, wanted, sent)) == []
    assert set(sent) <= known_names(api, wanted)


def test_every_request_is_as_described(api: dict[str, Any], canned: CannedServer) -> None:
    canned.will_say(b'{"access_token": "abc", "expires_in": 300}')
    canned.will_say(b"{}")
    bank = psp(canned.url)
    bank.create(ChargeRequest(TXID, AMOUNT, 600, "Venda 17 – São João " + "x" * 200))
    bank.create(ChargeRequest(TXID, 1))
    bank.find(TXID, AMOUNT)
    bank.remove(TXID, AMOUNT)
    bank.refund(END_TO_END, "dev1", AMOUNT, "defeito")
    bank.find_refund(END_TO_END, "dev1", AMOUNT)
    assert len(canned.heads) == 7
    for head, body in list(zip(canned.heads, canned.bodies, strict=True))[1:]:
        check_request(api, head, body)


def test_every_answer_of_the_sandbox_is_as_described(
    api: dict[str, Any], sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos_tui.providers.http import Response
    from pos_tui.providers.pix import bcb

    answers: list[Response] = []
    read = bcb._read

    def keep(response: Response) -> bcb.Answer:
        answers.append(response)
        return read(response)

    monkeypatch.setattr(bcb, "_read", keep)
    bank = psp(sandbox.url)
    bank.create(ChargeRequest(TXID, AMOUNT))
    bank.find(TXID, AMOUNT)
    sandbox.pay(TXID)
    bank.find(TXID, AMOUNT)
    end_to_end = json.loads(answers[-1].body)["pix"][0]["endToEndId"]
    bank.refund(end_to_end, "dev1", AMOUNT)
    bank.remove(TXID, AMOUNT)
    schemas = ["CobGerada", "CobCompleta", "CobCompleta", "Devolucao", "Problema"]
    assert [answer.status for answer in answers] == [201, 200, 200, 201, 400]
    for answer, name in zip(answers, schemas, strict=True):
        assert list(faults(api, api["components"]["schemas"][name], json.loads(answer.body), name)) == []


def test_the_judge_itself_finds_faults(api: dict[str, Any]) -> None:
    schema = api["components"]["schemas"]["CobSolicitada"]
    wrong = {"calendario": {"expiracao": "600"}, "valor": {"original": "1,00"}, "chave": "x" * 78}
    found = " ".join(faults(api, schema, wrong))
    assert all(part in found for part in ("expiracao: not integer", "original: pattern", "chave: length"))
    assert ".chave: missing" in " ".join(faults(api, schema, {}))
