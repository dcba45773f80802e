"""`python -m alicloud_fakes.provider ENGINE`: started by the Pulumi engine as `pulumi-resource-alicloud`."""

import contextlib

from alicloud_fakes.provider.provider_service import serve_provider

if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        serve_provider()
