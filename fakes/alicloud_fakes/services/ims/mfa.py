"""Virtual MFA devices, and who has which."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.identity.models import VirtualMfa
from alicloud_fakes.pipeline.declare import ActionRequest, NoParameters
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.models import Ims
from alicloud_fakes.services.ims.parameters import OfUser, find_user, user_resource
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.mfa import bind, device_of, mfa_of, new_device, shown_once, unbind
from alicloud_fakes.services.ram.parameters import DeviceName, MaxItems, MfaCode, Serial
from alicloud_fakes.services.ram.users import list_page


class CreateVirtualMFADevice(ActionRequest):
    virtual_mfa_device_name: DeviceName


class DeleteVirtualMFADevice(ActionRequest):
    serial_number: Serial


class ListVirtualMFADevices(ActionRequest):
    marker: str = ""
    max_items: MaxItems = 100


class BindMFADevice(OfUser):
    serial_number: Serial
    authentication_code1: MfaCode
    authentication_code2: MfaCode


class UnbindMFADevice(OfUser):
    pass


class DisableVirtualMFA(OfUser):
    pass


class GetUserMFAInfo(OfUser):
    pass


class GetAccountMFAInfo(NoParameters):
    pass


def _device(request: DeleteVirtualMFADevice) -> str:
    serial = request.serial_number
    return serial if serial.startswith("acs:ram:") else f"mfa/{serial}"


@ims.action(CreateVirtualMFADevice, on=lambda _: "mfa/*")
def create_virtual_mfa_device(ims: Ims, request: CreateVirtualMFADevice) -> Reply:
    """Create a device. Its seed is shown only now."""
    device = new_device(ims.ram, request.virtual_mfa_device_name)
    return {"VirtualMFADevice": shown_once(ims.ram, device)}


@ims.action(DeleteVirtualMFADevice, on=_device)
def delete_virtual_mfa_device(ims: Ims, request: DeleteVirtualMFADevice) -> Reply:
    """Delete a device that no user has."""
    device = device_of(ims.ram, request.serial_number)
    if device.user is not None:
        raise fail("DeleteConflict.VirtualMFADevice.User")
    ims.ram.devices.remove(device.name)
    return None


@ims.action(ListVirtualMFADevices, on=lambda _: "mfa/*")
def list_virtual_mfa_devices(ims: Ims, request: ListVirtualMFADevices) -> Reply:
    """List devices, with their users where they have one."""
    devices, marker = ims.ram.devices.page(request.marker, request.max_items)
    return list_page("VirtualMFADevices", "VirtualMFADevice", [_listed(ims, device) for device in devices], marker)


def _listed(ims: Ims, device: VirtualMfa) -> dict[str, Any]:
    out: dict[str, Any] = {"SerialNumber": device.serial, "ActivateDate": device.activated}
    user = device.user
    if user is not None:
        out["User"] = {
            "UserId": user.id,
            "UserPrincipalName": ims.principal_name(user.name),
            "DisplayName": user.display_name,
        }
    return out


@ims.action(BindMFADevice, on=user_resource)
def bind_mfa_device(ims: Ims, request: BindMFADevice) -> Reply:
    """Give a user a device, proved by two codes in a row."""
    bind(ims.ram, find_user(ims, request), request)
    return None


@ims.action(UnbindMFADevice, on=user_resource)
def unbind_mfa_device(ims: Ims, request: UnbindMFADevice) -> Reply:
    """Take its device from a user."""
    return {"MFADevice": {"SerialNumber": unbind(find_user(ims, request)).serial}}


@ims.action(DisableVirtualMFA, on=user_resource)
def disable_virtual_mfa(ims: Ims, request: DisableVirtualMFA) -> Reply:
    """Take its virtual device from a user, and delete it."""
    ims.ram.devices.remove(unbind(find_user(ims, request)).name)
    return None


@ims.action(GetUserMFAInfo, on=user_resource)
def get_user_mfa_info(ims: Ims, request: GetUserMFAInfo) -> Reply:
    """Show the device of a user; for one without it is an error (unconfirmed.IMS_NO_MFA_DEVICE)."""
    device = mfa_of(find_user(ims, request))
    return {"IsMFAEnable": True, "MFADevice": {"SerialNumber": device.serial, "Type": "VMFA"}}


@ims.action(GetAccountMFAInfo, on=lambda _: "*")
def get_account_mfa_info(_: Ims, __: GetAccountMFAInfo) -> Reply:
    """MFA device of root. In the fake root does not sign in, and has none."""
    return {"IsMFAEnable": False}
