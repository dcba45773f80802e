"""Errors as the API answers them.

Source: Alibaba Cloud, "Common client error codes" of the API gateway, and the error code pages of RAM and STS.
"""

from __future__ import annotations


class ApiError(Exception):
    """An answer that is an error.

    Attributes:
        status: HTTP status.
        code: for programs: ``EntityNotExist.Role``.
        message: for people.
        detail: the AccessDeniedDetail of a denial.
    """

    def __init__(self, status: int, code: str, message: str, detail: dict[str, object] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail


# situation: (HTTP status, code, message)
_GATEWAY: dict[str, tuple[int, str, str]] = {
    "key unknown": (404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
    "key inactive": (400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."),
    "time malformed": (
        400,
        "InvalidTimeStamp.Format",
        "Specified time stamp or date value is not well formatted.",
    ),
    "time expired": (400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
    "nonce used": (400, "SignatureNonceUsed", "Specified signature nonce was used already."),
    "signature method": (400, "InvalidSignatureMethod", "Specified signature method is not valid."),
    "signature version": (400, "InvalidSignatureVersion", "Specified signature version is not valid."),
    "signature wrong": (
        400,
        "SignatureDoesNotMatch",
        "Specified signature is not matched with our calculation.",
    ),
    "signature malformed": (
        400,
        "IncompleteSignature",
        "The request signature does not conform to Aliyun standards.",
    ),
    "token expired": (400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."),
    "token malformed": (400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed."),
    "token of another key": (
        400,
        "InvalidSecurityToken.MismatchWithAccessKey",
        "Specified SecurityToken mismatch with the AccessKey.",
    ),
    "version unknown": (400, "InvalidVersion", "Specified parameter Version is not valid."),
    "format unknown": (400, "InvalidParameter.Format", "Specified parameter Format is not valid."),
    "method": (400, "UnsupportedHTTPMethod", "This http method is not supported."),
    "needs TLS": (400, "InvalidProtocol.NeedSsl", "Your request is denied as lack of ssl protect."),
    "throttled user": (400, "Throttling.User", "Request was denied due to user flow control."),
    "throttled api": (400, "Throttling.Api", "Request was denied due to api flow control."),
    "throttled": (400, "Throttling", "Request was denied due to flow control."),
    "internal": (500, "InternalError", "An internal error occurred."),
    "unavailable": (503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."),
    "too large": (413, "RequestEntityTooLarge", "The request is larger than 10 MB."),
    "parameter twice": (400, "InvalidParameter.Duplicated", "A parameter is given more than once."),
    "body malformed": (400, "InvalidParameter.Body", "The body of the request is not well formatted."),
}


def gateway_error(situation: str, extra: str = "") -> ApiError:
    """The error the gateway answers in a situation, from the table above."""
    status, code, message = _GATEWAY[situation]
    return ApiError(status, code, f"{message} {extra}" if extra else message)


def missing(parameter: str) -> ApiError:
    """A mandatory parameter is not there."""
    return ApiError(400, f"Missing{parameter}", f"{parameter} is mandatory for this action.")


def malformed_policy(why: str) -> ApiError:
    """A policy document that is refused, with the reason."""
    return ApiError(400, "MalformedPolicyDocument", why)


def not_implemented(what: str) -> ApiError:
    """Error for something that the fake does not have, with its name. Every client reports a 400 at once.

    A 404 would not do, which providers read as "the resource is gone", nor a 5xx or a throttling, which they repeat for
    minutes.
    """
    return ApiError(
        400, "NotImplemented", f"The fake does not implement {what}; docs/coverage.md lists what it implements."
    )


def unavailable(problem: str) -> ApiError:
    """Error for something that this installation of the fake cannot do, reported as `not_implemented` is."""
    return ApiError(400, "NotImplemented", f"The fake cannot do this: {problem}.")
