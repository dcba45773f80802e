"""The machinery every service of the fake stands on: protocol, gateway, authorization, declarations."""
