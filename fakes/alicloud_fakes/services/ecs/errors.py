"""Errors of ECS.

Source: Alibaba Cloud, ECS, the error tables of its actions.
"""

from __future__ import annotations

from alicloud_fakes.core.errors import ApiError

_CODES: dict[str, tuple[int, str]] = {
    "DependencyViolation": (
        403,
        "There is still instance(s) in the specified security group.",
    ),
    "DryRunOperation": (400, "Request validation has been passed with DryRun flag set."),
    "IncorrectInstanceStatus": (403, "The current status of the resource does not support this operation."),
    "InvalidHostName.Malformed": (400, "The specified parameter HostName is not valid."),
    "InvalidInstanceId.NotFound": (404, "The specified InstanceId does not exist."),
    "InvalidInstanceType.ValueNotSupported": (403, "The specified InstanceType is not supported."),
    "InvalidOperation.DeletionProtection": (
        403,
        "The operation is not allowed because deletion protection is enabled for the instance.",
    ),
    "InvalidParameter.Conflict": (400, "The specified parameters conflict with each other."),
    "InvalidPermission.Duplicate": (400, "The specified authorization already exists."),
    "InvalidInstance.RamRoleExist": (403, "The instance has a RAM role already."),
    "InvalidRamRole.NotEcsRole": (403, "The specified RAM role may not be assumed by ECS."),
    "InvalidRamRole.NotFound": (404, "The specified RamRoleName does not exist."),
    "InvalidRegionId.NotFound": (404, "The specified RegionId does not exist."),
    "InvalidResourceId.NotFound": (404, "The specified ResourceIds are not found in our records."),
    "InvalidResourceType.NotFound": (404, "The ResourceType provided does not exist in our records."),
    "InvalidSecurityGroupId.NotFound": (404, "The specified SecurityGroupId does not exist."),
    "InvalidSystemDiskCategory.ValueNotSupported": (
        403,
        "The specified parameter SystemDisk.Category is not valid.",
    ),
    "InvalidSystemDiskSize.ValueNotSupported": (400, "The specified parameter SystemDisk.Size is not valid."),
    "InvalidTagKey.Malformed": (400, "The specified Tag.n.Key is not valid."),
    "InvalidTagValue.Malformed": (400, "The specified Tag.n.Value is not valid."),
    "InvalidUserData.Base64FormatInvalid": (400, "The specified parameter UserData must be base64 encoded."),
    "LimitExceeded.Tag": (403, "The maximum number of tags per resource is exceeded."),
}


def fail(code: str) -> ApiError:
    """The error of a code in the table above."""
    status, message = _CODES[code]
    return ApiError(status, code, message)
