"""A stand-in for the alicloud provider, where the real one is not available.

It serves the resource types that a delegation uses, with the inputs, outputs, identifiers, replacements and reads of
`pulumi-resource-alicloud` 4.0, through the official SDK. Two doors lead to the same resource handlers: a plugin that
the Pulumi engine starts (`python -m alicloud_fakes.provider`; `plugin_folder` makes the folder for PATH), and `Mocks`
for `pulumi.runtime.set_mocks`.
"""
