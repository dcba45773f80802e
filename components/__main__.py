#!/usr/bin/env python3
"""The component plugin, as a folder: what the Python language host runs.

`pulumi-resource-alicloud-delegation`, which `pip install` puts on PATH, is the same plugin and needs no language host.
"""

from pulumi_alicloud_delegation.plugin import main

main()
