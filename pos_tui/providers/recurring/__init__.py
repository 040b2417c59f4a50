"""Adapters of providers that charge a card every month by a link."""
