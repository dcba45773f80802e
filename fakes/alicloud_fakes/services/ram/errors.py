"""Errors of RAM: codes and messages to the letter, odd spellings included.

Source: Alibaba Cloud, RAM, "Error codes" and the error tables of its actions.
"""

from __future__ import annotations

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import Problem, Wrong

_ENTITIES: dict[str, tuple[int, str]] = {
    "EntityNotExist.Role": (404, "The role does not exist."),
    "EntityNotExist.User": (404, "The user does not exist."),
    "EntityNotExist.Group": (404, "The group does not exist."),
    "EntityNotExist.Policy": (404, "The policy does not exist."),
    "EntityNotExist.Policy.Version": (404, "The policy version does not exist."),
    "EntityNotExist.User.AccessKey": (404, "The user access key does not exist."),
    "EntityNotExist.User.LoginProfile": (404, "The user login profile does not exist."),
    "EntityNotExist.User.MFADevice": (404, "The user has not bound any MFA device."),
    "EntityNotExist.User.Group": (404, "The user has not joined the group."),
    "EntityNotExist.User.Policy": (404, "The indicate policy of the user does not exist."),
    "EntityNotExist.Group.Policy": (404, "The indicate policy attached to the group does not exist."),
    "EntityNotExist.Role.Policy": (404, "The indicate policy attached to the role does not exist."),
    "EntityNotExist.VirtualMFADevice": (404, "The virtual mfa device does not exist."),
    "EntityNotExist.ServiceLinkedRoleTemplate": (404, "The service linked role template does not exist."),
    "EntityAlreadyExists.Role": (409, "The role does already EXIST."),
    "EntityAlreadyExists.User": (409, "The user does already EXIST."),
    "EntityAlreadyExists.Group": (409, "The group does already EXIST."),
    "EntityAlreadyExists.Policy": (409, "The group does already EXIST."),
    "EntityAlreadyExists.User.Group": (409, "The user has already joined the group."),
    "EntityAlreadyExists.User.Policy": (409, "The user has already been attached this policy."),
    "EntityAlreadyExists.Group.Policy": (409, "The group has already been attached this policy."),
    "EntityAlreadyExists.Role.Policy": (409, "The role has already been attached this policy."),
    "EntityAlreadyExists.User.LoginProfile": (409, "The user login profile does already EXIST."),
    "EntityAlreadyExists.User.MFADevice": (409, "The user has already bound a MFA device."),
    "EntityAlreadyExists.AccountAlias": (409, "The account alias does already exist."),
    "EntityAlreadyExists.VirtualMFADevice": (409, "The virtual mfa device does already EXIST."),
    "EntityAlreadyExists.VirtualMFADevice.User": (409, "The virtual mfa device does already been bound to a user."),
    "DeleteConflict.User.AccessKey": (409, "The user CAN NOT has any access key while deleting the user."),
    "DeleteConflict.User.Group": (409, "The user CAN NOT be in any group while deleting the user."),
    "DeleteConflict.User.LoginProfile": (409, "The user CAN NOT has any login profile while deleting the user."),
    "DeleteConflict.User.MFADevice": (409, "The user CAN NOT has any MFA device while deleting the user."),
    "DeleteConflict.User.Policy": (409, "The user CAN NOT has any attached policy while deleting the user."),
    "DeleteConflict.Group.User": (409, "The group CAN NOT has any user member while deleting the group."),
    "DeleteConflict.Group.Policy": (409, "The entity CAN NOT has any attached policy while deleting the group."),
    "DeleteConflict.Role.Policy": (409, "The role CAN NOT has any attached policy while deleting the role."),
    "DeleteConflict.Policy.User": (409, "The policy CAN NOT been attached to any user while deleting the policy."),
    "DeleteConflict.Policy.Group": (409, "The policy CAN NOT been attached to any group while deleting the policy."),
    # unconfirmed.POLICY_OF_ROLE
    "DeleteConflict.Policy.Role": (409, "The policy CAN NOT been attached to any role while deleting the policy."),
    "DeleteConflict.Policy.Version": (409, "The policy CAN NOT has any version except the default version."),
    "DeleteConflict.Policy.Version.Default": (409, "The default policy version CAN NOT been deleted directly."),
    "DeleteConflict.VirtualMFADevice.User": (409, "The virtual mfa device CAN NOT been bound to any user."),
    "LimitExceeded.User": (409, "The count of users beyond the current limits."),
    "LimitExceeded.Group": (409, "The count of groups beyond the current limits."),
    "LimitExceeded.Role": (409, "The count of roles beyond the current limits."),
    "LimitExceeded.Policy": (409, "The count of policy beyond the current limits."),
    "LimitExceeded.Policy.Version": (409, "The count of policy version beyond the current limits."),
    "LimitExceeded.VirtualMFADevice": (409, "The count of virtual mfa devices beyond the current limits."),
    "LimitExceeded.User.AccessKey": (409, "The access key count of the user access keys beyond the current limits."),
    "LimitExceeded.User.Group": (409, "The count of groups the target user joined beyond the current limits."),
    "LimitExceeded.User.Policy": (409, "The policy count of the user attached policies beyond the current limits."),
    "LimitExceeded.Group.Policy": (409, "The policy count of the group beyond the current limits."),
    "LimitExceeded.Role.Policy": (409, "The count of policies attached to the role beyond the current limits."),
    "LimitExceeded.Tag": (409, "The count of tags beyond the current limits."),
    "CheckAuthenticationCodeFail": (403, "The authentication code is incorrect."),
    "NotSupport.Account": (400, "This method can be only invoked by sub user."),
    "NotSupport.ServiceLinkedRole": (400, "This method can not be invoked on a service linked role."),
    "InvalidParameter.NewPassword.ReusePrevention": (
        400,
        'The parameter - "NewPassword" is not compliant with the password reuse prevention.',
    ),
    "InvalidParameter.NewPassword.TooWeak": (
        400,
        'The parameter - "NewPassword" is not compliant with the password policy.',
    ),
    "InvalidParameter.OldPassword.Incorrect": (400, 'The parameter - "OldPassword" is incorrect.'),
    "InvalidParameter.Password.TooWeak": (
        400,
        'The parameter - "Password" is not compliant with the password policy.',
    ),
    "InvalidParameter.EncodedDiagnosticMessage": (400, 'The parameter - "EncodedDiagnosticMessage" is incorrect.'),
}

_AUTHENTICATION_CODES = ("AuthenticationCode1", "AuthenticationCode2")


def fail(code: str) -> ApiError:
    """The error of a code in the table above."""
    status, message = _ENTITIES[code]
    return ApiError(status, code, message)


def refuse(wrong: Wrong) -> ApiError:
    """Refuse a parameter in the words of RAM."""
    name = wrong.parameter
    if name in _AUTHENTICATION_CODES:
        code = "InvalidParameter.AuthenticationCode.Format"
        return ApiError(400, code, 'The parameter - "AuthenticationCode" MUST be 6 numbers.')
    match wrong.problem:
        case Problem.CHARS:
            return ApiError(
                400, f"InvalidParameter.{name}.InvalidChars", f'The parameter - "{name}" contains invalid chars.'
            )
        case Problem.LENGTH:
            return ApiError(
                400, f"InvalidParameter.{name}.Length", f'The parameter - "{name}" beyond the length limit.'
            )
        case Problem.FORMAT:
            text = f'The format of the parameter - "{name}" is incorrect.'
            return ApiError(400, f"InvalidParameter.{name}.Format", text)
        case Problem.RANGE if name in {"MaxSessionDuration", "NewMaxSessionDuration"}:
            # unconfirmed.MAX_SESSION_DURATION_CODE
            return ApiError(400, f"InvalidParameter.{name}", _range(name, wrong.bounds))
        case Problem.RANGE:
            return ApiError(400, f"InvalidParameter.{name}.Range", _range(name, wrong.bounds))
        case Problem.CHOICE | Problem.TYPE:
            return ApiError(400, f"InvalidParameter.{name}", f'The parameter - "{name}" is incorrect.')


def _range(name: str, bounds: tuple[int, int]) -> str:
    return f'The parameter - "{name}" MUST be in the range of {bounds[0]} and {bounds[1]}.'
