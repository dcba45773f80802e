"""Environment variables from which the alicloud provider takes what a program leaves open.

Source: the "Configuration" section of the alicloud provider's documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "accessKey": ("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"),
    "secretKey": ("ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"),
    "securityToken": ("ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"),
    "region": ("ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"),
    "accountId": ("ALICLOUD_ACCOUNT_ID", "ALIBABA_CLOUD_ACCOUNT_ID"),
    "accountType": ("ALIBABA_CLOUD_ACCOUNT_TYPE",),
    "profile": ("ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"),
    "sharedCredentialsFile": ("ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"),
    "ecsRoleName": ("ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"),
    "credentialsUri": ("ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"),
    # Those of `assumeRole`, where it is given.
    "roleArn": ("ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"),
    "sessionName": ("ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"),
    "sessionExpiration": ("ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION",),
}


def provider_variable(key: str, environment: Mapping[str, str]) -> str:
    """An input of the provider out of the environment: the first of its variables that is set; empty for none."""
    return _first_set(_VARIABLES.get(key, ()), environment)


def endpoint_variable(product: str, environment: Mapping[str, str]) -> str:
    """Host and port of a product (``ram``, ``sts``) out of the environment; empty for none."""
    return _first_set((f"ALIBABA_CLOUD_ENDPOINT_{product.upper()}", f"{product.upper()}_ENDPOINT"), environment)


def _first_set(names: tuple[str, ...], environment: Mapping[str, str]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")
