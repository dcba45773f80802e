"""Errors of OSS.

Source: Alibaba Cloud, OSS, "OSS error responses", and the pages on HTTP 400, 403, 404, 405, 409 and 412 errors.
"""

from __future__ import annotations

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import Problem, Wrong

_CODES: dict[str, tuple[int, str]] = {
    "AccessDenied": (403, "You have no right to access this object because of bucket acl."),
    "BucketAlreadyExists": (
        409,
        (
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
            "Please select a different name and try again."
        ),
    ),
    "BucketNotEmpty": (409, "The bucket you tried to delete is not empty."),
    "EntityTooLarge": (400, "Your proposed upload exceeds the maximum allowed object size."),
    "FileImmutable": (409, "The object you specified is immutable."),
    "FileAlreadyExists": (409, "The object you specified already exists and can not be overwritten."),
    "InternalError": (500, "We encountered an internal error. Please try again."),
    "InvalidAccessKeyId": (403, "The OSS Access Key Id you provided does not exist in our records."),
    "InvalidArgument": (400, "An argument of the request is not valid."),
    "InvalidBucketName": (400, "The specified bucket is not valid."),
    "InvalidDigest": (400, "The Content-MD5 you specified was invalid."),
    "InvalidEncryptionAlgorithmError": (
        400,
        "The Encryption request you specified is not valid. Supported value: AES256/KMS.",
    ),
    "InvalidObjectName": (400, "The specified object is not valid."),
    "InvalidObjectState": (403, "The operation is not valid for the state of the object."),
    "InvalidPart": (
        400,
        "One or more of the specified parts could not be found or the specified entity tag might not have matched.",
    ),
    "InvalidPartOrder": (
        400,
        "The list of parts was not in ascending order. Parts list must specified in order by part number.",
    ),
    "InvalidPolicyDocument": (400, "The content of the policy does not meet the requirements."),
    "InvalidRequest": (400, "The request is not valid."),
    "InvalidTag": (400, "The tag you provided is not valid."),
    "InvalidWORMConfiguration": (400, "The WORM configuration is not valid."),
    "InvalidSecurityToken": (403, "The security token you provided is invalid."),
    "MalformedXML": (400, "The XML you provided was not well-formed or did not validate against our published schema."),
    "MethodNotAllowed": (405, "The specified method is not allowed against this resource."),
    "MissingArgument": (400, "Missing Some Required Arguments."),
    "NoSuchBucket": (404, "The specified bucket does not exist."),
    "NoSuchBucketOverwriteConfig": (404, "The overwrite configuration does not exist."),
    "NoSuchBucketPolicy": (404, "The bucket policy does not exist."),
    "NoSuchCORSConfiguration": (404, "The CORS Configuration does not exist."),
    "NoSuchHttpsConfig": (404, "The HTTPS configuration does not exist."),
    "NoSuchInventory": (404, "The bucket inventory does not exist."),
    "NoSuchKey": (404, "The specified key does not exist."),
    "NoSuchLifecycle": (404, "No Row found in Lifecycle Table."),
    "NoSuchRegion": (404, "The region does not exist."),
    "NoSuchResponseHeaderConfiguration": (404, "The response header configuration does not exist."),
    "NoSuchServerSideEncryptionRule": (404, "The server side encryption configuration was not found."),
    "NoSuchStyle": (404, "The style does not exist."),
    "NoSuchTransferAccelerationConfiguration": (404, "The transfer acceleration configuration does not exist."),
    "NoSuchUpload": (
        404,
        (
            "The specified upload does not exist. "
            "The upload ID may be invalid, or the upload may have been aborted or completed."
        ),
    ),
    "NoSuchUserDefinedLogFieldsConfig": (404, "The user-defined log fields do not exist."),
    "NoSuchVersion": (404, "The specified version does not exist."),
    "NoSuchWORMConfiguration": (404, "The WORM Configuration does not exist."),
    "NoSuchWebsiteConfiguration": (404, "The specified bucket does not have a website configuration."),
    "NotModified": (304, "Not Modified"),
    "NotSymlink": (400, "The object is not a symbolic link."),
    "ObjectNotAppendable": (409, "The object is not appendable"),
    "OperationNotSupported": (400, "The operation is not supported for this resource."),
    "PartNotSequential": (400, "For sequential multipart upload, the part number must follow the last one."),
    "PositionNotEqualToLength": (409, "Position is not equal to file length"),
    "PreconditionFailed": (412, "At least one of the pre-conditions you specified did not hold."),
    "RestoreAlreadyInProgress": (409, "The restore operation is in progress."),
    "RequestTimeTooSkewed": (403, "The difference between the request time and the current time is too large."),
    "SecurityTokenExpired": (403, "The security token you provided has expired."),
    "SignatureDoesNotMatch": (
        403,
        (
            "The request signature we calculated does not match the signature you provided. "
            "Check your key and signing method."
        ),
    ),
    "SymlinkTargetNotExist": (404, "The target of the symbolic link does not exist."),
    "TooManyBuckets": (400, "You have attempted to create more buckets than allowed."),
    "WORMConfigurationLocked": (403, "The WORM Configuration is locked."),
}

# Published numbers of errors with the text above. Those with a text of their own say theirs where they are raised.
_NUMBERS = {
    "AccessDenied": "0003-00000001",
    "InvalidSecurityToken": "0002-00000006",
    "NoSuchBucket": "0015-00000101",
    "NoSuchKey": "0026-00000001",
    "SecurityTokenExpired": "0002-00000007",
}

# the gateway's words for credentials that are refused, and OSS's
_OF_GATEWAY = {
    "InvalidAccessKeyId.NotFound": ("InvalidAccessKeyId", ""),
    "InvalidAccessKeyId.Inactive": ("InvalidAccessKeyId", "The OSS Access Key Id you provided is disabled."),
    "InvalidSecurityToken.Expired": ("SecurityTokenExpired", ""),
    "InvalidSecurityToken.Malformed": ("InvalidSecurityToken", ""),
    "InvalidSecurityToken.MismatchWithAccessKey": ("InvalidSecurityToken", ""),
    "MissingSecurityToken": ("InvalidAccessKeyId", ""),
    "InternalError": ("InternalError", ""),
}


class OssError(ApiError):
    """An answer of OSS that is an error.

    Attributes:
        fields: what the answer says besides code and message: the bucket, the key, the string to sign, the number
            of the error (``EC``).
        headers: further headers of the answer.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        detail: dict[str, object] | None = None,
        **fields: str,
    ) -> None:
        status, text = _CODES[code]
        super().__init__(status, code, message or text, detail)
        number = "" if message else _NUMBERS.get(code)
        self.fields = {**({"EC": number} if number else {}), **fields}
        self.headers: dict[str, str] = {}


def of_gateway(error: ApiError) -> ApiError:
    """OSS's words for an error of the gateway or the pipeline; its own errors stay as they are."""
    if isinstance(error, OssError):
        return error
    if error.code in _OF_GATEWAY:
        return OssError(*_OF_GATEWAY[error.code])
    return OssError("MissingArgument") if error.code.startswith("Missing") else error


def oss_refusal(wrong: Wrong) -> ApiError:
    """Refuse an argument in the words of OSS."""
    if wrong.parameter == "Key":
        return OssError("InvalidObjectName")
    if wrong.parameter == "Bucket":
        return OssError("InvalidBucketName")
    if wrong.problem is Problem.RANGE:
        low, high = wrong.bounds
        return OssError("InvalidArgument", f"Argument {wrong.parameter} must be an integer between {low} and {high}.")
    return OssError("InvalidArgument", f"Argument {wrong.parameter} is not valid.")
