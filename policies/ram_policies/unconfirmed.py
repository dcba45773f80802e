"""Choices that Alibaba Cloud's documentation leaves open, each written down once.

Code that rests on one of them names it, ``unconfirmed.NEGATED_MISSING_KEY``, and a test holds that each is named. When
the truth becomes known, the choice goes, and the code that names it says where the truth is found.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One open question and how this project reads it.

    Attributes:
        id: stable name, used in messages and tests.
        item: what the documentation leaves open.
        reading: what this project does.
    """

    id: str
    item: str
    reading: str


DOCUMENT_LENGTH = Choice(
    "document-length",
    "whether whitespace counts in the 6144 characters of a policy",
    "it counts where documents are written: ours are written without any, and the fake refuses a longer string; a "
    "document of somebody else that is within the limit without it is read, with a general warning",
)
TRUST_LENGTH = Choice(
    "trust-length",
    "the maximum length of a trust policy",
    "a general warning above 2048 characters, an error above 6144",
)
NEGATED_MISSING_KEY = Choice(
    "negated-missing-key",
    "a negated operator on a key the request does not carry",
    "it matches, as in AWS; an Allow that rests on it gets a security warning",
)
SET_OPERATORS = Choice(
    "set-operators",
    "the exact meaning of ForAllValues and ForAnyValue",
    "as in AWS: ForAllValues also matches an absent or empty key, ForAnyValue does not",
)
MULTIVALUED_PLAIN = Choice(
    "multivalued-plain-operator",
    "a plain operator on a key with several values",
    "a positive operator matches when any value matches, a negated one when none does",
)
UNPARSABLE_VALUE = Choice(
    "unparsable-value",
    "a request value that is not of the operator's type",
    "it matches nothing, so a positive operator fails and a negated one holds",
)
CONDITION_KEY_CASE = Choice(
    "condition-key-case",
    "whether condition keys are compared without regard to case",
    "exactly; a key that differs from a known one only in case gets a general warning",
)
RESOURCE_CASE = Choice(
    "resource-case",
    "whether resources are compared without regard to case",
    "RAM's own names without, everything else with regard to case",
)
IGNORED_CASE = Choice(
    "ignored-case",
    "which letters count as the same where case is ignored, beyond ASCII",
    "those with the same simple case folding of Unicode, character by character",
)
ARN_SEGMENTS = Choice(
    "arn-segments",
    "whether a wildcard in one ARN segment may run over the colon into the next",
    "it may not; only the relative id, the last segment, may hold colons",
)
EMPTY_ARN_SEGMENT = Choice(
    "empty-arn-segment",
    "an empty region or account in a policy's resource",
    "the same as *",
)
EMPTY_OPERATOR = Choice(
    "empty-operator",
    "an operator of a Condition with nothing inside (an empty Condition is taken: official tutorials have it)",
    "an error, as it would always hold",
)
VERSION_AS_NUMBER = Choice(
    "version-as-number",
    "Version as a number, as in ROS templates and the authorization page of BSS",
    "read with a general warning, always written as a string",
)
UNDOCUMENTED_ELEMENTS = Choice(
    "undocumented-elements",
    "NotResource, NotPrincipal and Id (Sid is taken: policies that Alibaba Cloud publishes have it)",
    "errors",
)
WILDCARD_PRINCIPAL = Choice(
    "wildcard-principal",
    "wildcards in a trust policy's Principal",
    "errors, and they match nobody",
)
INCLUDE_BORDER = Choice(
    "ip-include-border",
    "IpAddressIncludeBorder outside OSS",
    "the same as IpAddress",
)
PRINCIPAL_ARN = Choice(
    "principal-arn",
    "the value of acs:PrincipalARN for a role session",
    "the ARN of the role, lower-cased, without the session name",
)
ROLE_ARN_CASE = Choice(
    "role-arn-case",
    "whether the ARN of a custom role is lower-cased",
    "it is, as it is for system roles",
)
USER_NAME_CASE = Choice(
    "user-name-case",
    "whether user names in principals are compared without regard to case",
    "without",
)
LISTS_OF_REGIONS = Choice(
    "lists-of-regions",
    "whether a list of regions or zones needs a permission where the page of the operation discloses no authorization "
    "information (RDS, ALB and NLB say that there is none)",
    "it needs none in ECS, SLB and VPC either; policies that name these actions are taken, and change nothing",
)
BUCKET_DENIAL_TYPE = Choice(
    "bucket-denial-type",
    "the policy type of a denial by a bucket policy; the published list has five others",
    "ResourceBasedPolicy",
)
IMPLICIT_DENIAL_TYPE = Choice(
    "implicit-denial-type",
    "the policy type of an implicit denial; examples of most services name the account's policies, real answers of ACK "
    "and OSS those of resource groups, which are looked at last",
    "AccountLevelIdentityBasedPolicy; ResourceGroupLevelIdentityBasedPolicy in oss and cs",
)
DENIAL_ORDER = Choice(
    "denial-order",
    "which side of a role assumption is named when neither allows it",
    "the identity policies of the caller",
)
BUCKET_PRINCIPAL = Choice(
    "bucket-principal",
    "an account ID as principal of a bucket policy",
    "the root identity, every user and every role session of the account",
)
BUCKET_POLICY_FIELD = Choice(
    "bucket-policy-field",
    "what a field of a bucket policy is, which may have 4,095 bytes: the page of error 0030-00000003 speaks of a value "
    "in a statement, and in Chinese of an item of one, or of a statement",
    "an element of a statement with all its values, written without white space",
)
TAG_KEYS = Choice(
    "tag-keys",
    "whether a service names tags by its own key (ecs:tag), by acs:ResourceTag, or by both",
    "presets write one statement for each way, so that either is enough and a request with neither is denied",
)
RESOURCE_GROUP_KEY = Choice(
    "resource-group-key",
    "whether every service fills acs:ResourceGroupId",
    "presets demand it, so that a request without it is denied",
)
SYSTEM_POLICY_TEXT = Choice(
    "system-policy-text",
    "the exact text of system policies whose document is not published",
    "the catalogue marks them as assumed",
)
VALIDATE_POLICY_ANSWER = Choice(
    "validate-policy-answer",
    "the names of the fields in the answer of Access Analyzer's ValidatePolicy",
    "Findings with FindingType, IssueCode, Message, Solution, Path, Line and Column",
)

ALIAS_UNSET = Choice("alias-unset", "what GetAccountAlias answers where no alias was set", "the account ID")
DELETED_ROLE_TOKEN = Choice(
    "deleted-role-token",
    "the error for a token whose role or user was deleted",
    "InvalidSecurityToken.Expired, status 400; never a 404, which providers read as the resource being gone",
)
LIVE_SESSIONS = Choice(
    "live-sessions",
    "what a live session notices",
    "its role's policies at the next request; neither edits of the trust policy nor the end of the key that began it",
)
MAX_SESSION_DURATION_CODE = Choice(
    "max-session-duration-code",
    "the code for a MaxSessionDuration out of range",
    "InvalidParameter.MaxSessionDuration, InvalidParameter.NewMaxSessionDuration",
)
PASSWORD_POLICY_RESET = Choice(
    "password-policy-reset", "fields that SetPasswordPolicy is not given", "they go back to their defaults"
)
ROOT_KEYS = Choice("root-keys", "how many access keys root may have", "5")
ROOT_ACCESS_KEY = Choice(
    "root-access-key", "CreateAccessKey by root without UserName", "a key of root itself, as for a RAM user"
)
TOO_MANY_TAGS = Choice("too-many-tags", "the error for more than 20 tags", "LimitExceeded.Tag, status 409")
TRUST_PRINCIPAL_MISSING = Choice(
    "trust-principal-missing",
    "the error for a trust policy that names a user or role that does not exist",
    "MalformedPolicyDocument; other accounts are looked into only where the fake has them",
)
POLICY_OF_ROLE = Choice(
    "policy-of-role",
    "RAM's error for deleting a policy that a role still has; only Resource Management lists one",
    "DeleteConflict.Policy.Role",
)
LAST_USED_NEVER = Choice("last-used-never", "LastUsedDate of a key that was never used", "an empty text")
VERSION_NUMBERS = Choice("version-numbers", "whether the number of a deleted policy version comes back", "it does not")
PRINCIPAL_TYPES = Choice(
    "principal-types",
    "AuthPrincipalType of root, which the published list of types does not have",
    "RootUser",
)
GATEWAY_ORDER = Choice(
    "gateway-order",
    "the order in which the gateway checks",
    "action, common parameters, time, access key, token, signature, nonce, throttling, parameters, permission",
)
SELF_SERVICE = Choice(
    "self-service",
    "whether the security preference lets users manage their own keys and devices through the API",
    "it does not; it does let them change their password",
)
INTERNATIONAL_SWITCH_ROLE = Choice(
    "international-switch-role",
    "the address of the switch-role page on the international site",
    "that of the Chinese site with signin.alibabacloud.com as the host",
)
CONSOLE_EXTERNAL_ID = Choice(
    "console-external-id",
    "whether a role that asks for an external ID can be taken on in the console",
    "it cannot: the documented form has two fields, the account and the role",
)
CONSOLE_SOURCE_IDENTITY = Choice(
    "console-source-identity",
    "whether the console sends a source identity when somebody switches to a role there",
    "it does not: source identities are documented for AssumeRole and its variants alone, and the documented form has "
    "two fields, the account and the role",
)
SET_SOURCE_IDENTITY = Choice(
    "set-source-identity",
    "whether AssumeRole with a source identity needs sts:SetSourceIdentity, and on which side (the action stands in a "
    "trust policy of the Terraform provider's acceptance tests; STS's authorization page lists sts:AssumeRole with the "
    "condition key sts:SourceIdentity, and no further action)",
    "the trust policy has to allow it, for one that a chain of roles inherits as well, the caller's policies need not; "
    "documents of ours allow it on both sides, so that either reading works",
)
IMS_FOREIGN_DOMAIN = Choice(
    "ims-foreign-domain",
    "the code when IMS is given a UserPrincipalName with a domain of another account",
    "EntityNotExist.User for a user that is looked for, InvalidParameter.<name>.Format for one that is created",
)
IMS_NO_MFA_DEVICE = Choice(
    "ims-no-mfa-device",
    "what GetUserMFAInfo of IMS answers for a user without a device",
    "404 EntityNotExist.User.MFADevice, as in RAM",
)
IMS_PROVIDER_ERRORS = Choice(
    "ims-provider-errors",
    "the texts of IMS's errors about identity providers, and the codes about client IDs and fingerprints",
    "texts made after those of RAM; codes EntityNotExist.OIDCProvider.<what> and LimitExceeded.OIDCProvider.<what>",
)
OSS_ANONYMOUS_LIST = Choice(
    "oss-anonymous-list",
    "whether a public-read bucket lets anybody list its objects",
    "it does not: only its objects can be read",
)
OSS_POLICY_ON_DELETE_MULTIPLE = Choice(
    "oss-delete-multiple-in-part",
    "what OSS does when some of the keys of DeleteMultipleObjects may not be deleted",
    "none of them is deleted",
)
INSTANCE_TAGS_WITHOUT_IDS = Choice(
    "tags-without-ids",
    "which tags a list that names no resource is checked for",
    "those that the request filters by, as tag-based policies of ECS demand",
)
PAGE_TOO_LONG = Choice(
    "page-too-long",
    "the answer of a list to MaxItems beyond its range, other than ListGroups, which cuts it",
    "all of them cut it: the page is as long as it may be",
)

CHOICES: tuple[Choice, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Choice))
"""Every open question, in the order of this file."""
