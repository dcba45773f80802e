"""Virtual MFA devices: one-time codes, and who has which device."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.identity import totp
from alicloud_fakes.identity.models import Ram, User, VirtualMfa
from alicloud_fakes.pipeline.declare import ActionRequest, NoParameters
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.lookup import user_of
from alicloud_fakes.services.ram.parameters import DeviceName, MfaCode, Serial, UserName
from ram_policies import arn, limits

_SEED_LENGTH = 64


class CreateVirtualMFADevice(ActionRequest):
    virtual_mfa_device_name: DeviceName


class DeleteVirtualMFADevice(ActionRequest):
    serial_number: Serial


class ListVirtualMFADevices(NoParameters):
    pass


class BindMFADevice(ActionRequest):
    user_name: UserName
    serial_number: Serial
    authentication_code1: MfaCode
    authentication_code2: MfaCode


class UnbindMFADevice(ActionRequest):
    user_name: UserName


class GetUserMFAInfo(ActionRequest):
    user_name: UserName


def _device(request: DeleteVirtualMFADevice) -> str:
    serial = request.serial_number
    return serial if serial.startswith("acs:ram:") else f"mfa/{serial}"


def device_of(ram: Ram, serial: str) -> VirtualMfa:
    """The device of a serial number, or EntityNotExist.VirtualMFADevice."""
    device = ram.devices.get(serial.rpartition("/")[2])
    if device is None or device.serial.lower() != serial.lower():
        raise fail("EntityNotExist.VirtualMFADevice")
    return device


@ram.action(CreateVirtualMFADevice, on=lambda _: "mfa/*")
def create_virtual_mfa_device(ram: Ram, request: CreateVirtualMFADevice) -> Reply:
    """Create a device. Its seed is shown only now."""
    device = new_device(ram, request.virtual_mfa_device_name)
    return {"VirtualMFADevice": shown_once(ram, device)}


def new_device(ram: Ram, name: str) -> VirtualMfa:
    """Create a device."""
    if name in ram.devices:
        raise fail("EntityAlreadyExists.VirtualMFADevice")
    if len(ram.devices) >= limits.MFA_DEVICES_PER_ACCOUNT:
        raise fail("LimitExceeded.VirtualMFADevice")
    seed = ram.account.cloud.entropy.base32(_SEED_LENGTH)
    device = VirtualMfa(name, arn.mfa_arn(ram.account.id, name), seed)
    ram.devices.add(name, device)
    return device


def shown_once(ram: Ram, device: VirtualMfa) -> dict[str, Any]:
    """A device with its seed, as text and as picture."""
    uri = f"otpauth://totp/{device.name}@{ram.account.id}?secret={device.seed}&issuer=AlibabaCloud"
    return {"SerialNumber": device.serial, "Base32StringSeed": device.seed, "QRCodePNG": totp.blank_png(uri)}


@ram.action(DeleteVirtualMFADevice, on=_device)
def delete_virtual_mfa_device(ram: Ram, request: DeleteVirtualMFADevice) -> Reply:
    """Delete a device that no user has."""
    device = device_of(ram, request.serial_number)
    if device.user is not None:
        raise fail("DeleteConflict.VirtualMFADevice.User")
    ram.devices.remove(device.name)
    return None


@ram.action(ListVirtualMFADevices, on=lambda _: "mfa/*")
def list_virtual_mfa_devices(ram: Ram, _: ListVirtualMFADevices) -> Reply:
    """List devices, with their users where they have one."""
    return {"VirtualMFADevices": {"VirtualMFADevice": [_listed(device) for device in ram.devices]}}


def _listed(device: VirtualMfa) -> dict[str, Any]:
    out: dict[str, Any] = {"SerialNumber": device.serial, "ActivateDate": device.activated}
    user = device.user
    if user is not None:
        out["User"] = {"UserId": user.id, "UserName": user.name, "DisplayName": user.display_name}
    return out


@ram.action(BindMFADevice, on=lambda r: f"user/{r.user_name}")
def bind_mfa_device(ram: Ram, request: BindMFADevice) -> Reply:
    """Give a user a device, proved by two codes in a row."""
    bind(ram, user_of(ram, request.user_name), request)
    return None


def bind(ram: Ram, user: User, request: Any) -> None:  # noqa: ANN401 - RAM's request or IMS's, with the same fields
    """Give a user a device, proved by two codes in a row."""
    device = device_of(ram, request.serial_number)
    if user.mfa is not None:
        raise fail("EntityAlreadyExists.User.MFADevice")
    if device.user is not None:
        raise fail("EntityAlreadyExists.VirtualMFADevice.User")
    now = ram.account.cloud.clock.time()
    counter = totp.in_a_row(device.seed, request.authentication_code1, request.authentication_code2, now)
    if counter is None:
        raise fail("CheckAuthenticationCodeFail")
    give(ram, user, device, counter)


def give(ram: Ram, user: User, device: VirtualMfa, counter: int) -> None:
    """Bind a device whose codes up to the step `counter` are used."""
    device.last_counter = counter
    device.user, user.mfa = user, device
    device.activated = ram.now()


@ram.action(UnbindMFADevice, on=lambda r: f"user/{r.user_name}")
def unbind_mfa_device(ram: Ram, request: UnbindMFADevice) -> Reply:
    """Take its device from a user."""
    return {"MFADevice": {"SerialNumber": unbind(user_of(ram, request.user_name)).serial}}


def unbind(user: User) -> VirtualMfa:
    """Take its device from a user."""
    device = mfa_of(user)
    device.user, device.activated = None, ""
    user.mfa = None
    return device


def mfa_of(user: User) -> VirtualMfa:
    """The device of a user, or EntityNotExist.User.MFADevice."""
    if user.mfa is None:
        raise fail("EntityNotExist.User.MFADevice")
    return user.mfa


@ram.action(GetUserMFAInfo, on=lambda r: f"user/{r.user_name}")
def get_user_mfa_info(ram: Ram, request: GetUserMFAInfo) -> Reply:
    """Show the device of a user."""
    device = mfa_of(user_of(ram, request.user_name))
    return {"MFADevice": {"SerialNumber": device.serial, "Type": "VMFA"}}
