"""A real Medusa with goods to sell, and its customers: everything is made through its own API."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

EMAIL, PASSWORD = "a@example.test", "segredo123"
PRICE = 3420
"""Centavos of the one thing it sells."""
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Json = dict[str, Any]


@dataclass
class MedusaShop:
    """Seeds a fresh server; places orders in both ways; plays the gateway."""

    url: str
    token: str = ""
    """The secret key the till uses."""
    _bearer: str = ""
    _ids: dict[str, str] = field(default_factory=dict)

    def open(self) -> None:
        """Everything an order needs: key, region, stock, shipping, product."""
        login = self._call("POST", "/auth/user/emailpass", {"email": EMAIL, "password": PASSWORD}, {})
        self._bearer = login["token"]
        self.token = self.admin("POST", "/api-keys", title="till", type="secret")["api_key"]["token"]
        store = self.admin("GET", "/stores")["stores"][0]
        currencies = [{"currency_code": "brl", "is_default": True}]
        self.admin("POST", f"/stores/{store['id']}", supported_currencies=currencies)
        self._places(store["id"])
        self._goods()

    def place_by_gateway(self, quantity: int = 2) -> str:
        """A customer buys in the store and the gateway authorises; return the order's id."""
        key = {"x-publishable-api-key": self._ids["publishable"]}
        cart = self._call("POST", "/store/carts", self._customer(), key)["cart"]["id"]
        line = {"variant_id": self._ids["variant"], "quantity": quantity}
        self._call("POST", f"/store/carts/{cart}/line-items", line, key)
        option = {"option_id": self._ids["option"]}
        self._call("POST", f"/store/carts/{cart}/shipping-methods", option, key)
        made = self._call("POST", "/store/payment-collections", {"cart_id": cart}, key)
        sessions = f"/store/payment-collections/{made['payment_collection']['id']}/payment-sessions"
        self._call("POST", sessions, {"provider_id": "pp_system_default"}, key)
        order = self._call("POST", f"/store/carts/{cart}/complete", {}, key)["order"]
        return str(order["id"])

    def place_by_deposit(self, quantity: int = 2) -> str:
        """The shop notes an order to be paid by deposit; return its id."""
        draft = self.admin(
            "POST",
            "/draft-orders",
            **self._customer(),
            items=[{"variant_id": self._ids["variant"], "quantity": quantity}],
            shipping_methods=[{"shipping_option_id": self._ids["option"], "name": "PAC", "amount": 0}],
        )["draft_order"]["id"]
        self.admin("POST", f"/draft-orders/{draft}/convert-to-order")
        return str(draft)

    def capture(self, order: str) -> None:
        """Play the gateway: the customer's money came."""
        found = self.admin("GET", f"/orders/{order}?fields=*payment_collections.payments")["order"]
        payment = found["payment_collections"][0]["payments"][0]["id"]
        self.admin("POST", f"/payments/{payment}/capture")

    def admin(self, method: str, path: str, **body: object) -> Json:
        """Call the admin API as the shop's owner."""
        headers = {"Authorization": f"Bearer {self._bearer}"}
        return self._call(method, f"/admin{path}", body if method == "POST" else None, headers)

    def _places(self, store: str) -> None:
        ids = self._ids
        region = self.admin(
            "POST", "/regions", name="Brasil", currency_code="brl", countries=["br"],
            payment_providers=["pp_system_default"],
        )  # fmt: skip
        ids["region"] = region["region"]["id"]
        channel = self.admin("POST", "/sales-channels", name="Loja virtual")["sales_channel"]["id"]
        location = self.admin("POST", "/stock-locations", name="Loja")["stock_location"]["id"]
        ids |= {"channel": channel, "location": location}
        self.admin("POST", f"/stock-locations/{location}/sales-channels", add=[channel])
        self.admin("POST", f"/stock-locations/{location}/fulfillment-providers", add=["manual_manual"])
        self.admin("POST", f"/stores/{store}", default_sales_channel_id=channel)
        made = self.admin(
            "POST", f"/stock-locations/{location}/fulfillment-sets", name="Envio", type="shipping"
        )
        found = self.admin("GET", f"/stock-locations/{location}?fields=*fulfillment_sets")
        sets = found["stock_location"]["fulfillment_sets"][0]["id"]
        zone = self.admin(
            "POST", f"/fulfillment-sets/{sets}/service-zones", name="Brasil",
            geo_zones=[{"type": "country", "country_code": "br"}],
        )  # fmt: skip
        assert made and zone
        ids["zone"] = zone["fulfillment_set"]["service_zones"][0]["id"]
        key = self.admin("POST", "/api-keys", title="loja", type="publishable")["api_key"]
        ids["publishable"] = key["token"]
        self.admin("POST", f"/api-keys/{key['id']}/sales-channels", add=[channel])

    def _goods(self) -> None:
        ids = self._ids
        profile = self.admin("POST", "/shipping-profiles", name="Comum", type="default")
        profile_id = profile["shipping_profile"]["id"]
        option = self.admin(
            "POST", "/shipping-options", name="PAC", service_zone_id=ids["zone"],
            shipping_profile_id=profile_id, provider_id="manual_manual", price_type="flat",
            type={"label": "PAC", "description": "Correios", "code": "pac"},
            prices=[{"currency_code": "brl", "amount": 0}], rules=[],
        )  # fmt: skip
        ids["option"] = option["shipping_option"]["id"]
        product = self.admin(
            "POST", "/products", title="Caneca", status="published", shipping_profile_id=profile_id,
            options=[{"title": "Cor", "values": ["azul"]}],
            sales_channels=[{"id": ids["channel"]}],
            variants=[{
                "title": "azul", "sku": "CAN-AZ", "manage_inventory": True, "options": {"Cor": "azul"},
                "prices": [{"currency_code": "brl", "amount": PRICE / 100}],
            }],
        )  # fmt: skip
        ids["variant"] = product["product"]["variants"][0]["id"]
        item = self.admin("GET", "/inventory-items?sku=CAN-AZ")["inventory_items"][0]["id"]
        self.admin(
            "POST", f"/inventory-items/{item}/location-levels",
            location_id=ids["location"], stocked_quantity=100,
        )  # fmt: skip

    def _customer(self) -> Json:
        address = {"first_name": "Joana", "last_name": "Prado", "address_1": "Rua 14 de Julho 100"}
        address |= {
            "city": "Campo Grande",
            "province": "MS",
            "postal_code": "79002-000",
            "country_code": "br",
        }
        return {
            "region_id": self._ids["region"],
            "sales_channel_id": self._ids["channel"],
            "email": "joana@example.com",
            "shipping_address": address,
            "billing_address": address,
        }

    def _call(self, method: str, path: str, body: object, headers: dict[str, str]) -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            request.add_header(name, value)
        try:
            with _opener.open(request, timeout=60) as answer:
                found: Json = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None
