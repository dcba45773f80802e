"""Errors of STS, to the letter.

Source: Alibaba Cloud, STS, AssumeRole, AssumeRoleWithSAML, AssumeRoleWithOIDC.
"""

from __future__ import annotations

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import Problem, Wrong

ROOT = "Roles may not be assumed by root accounts."


def sts_refusal(wrong: Wrong) -> ApiError:
    """Refuse a parameter in the words of STS."""
    if wrong.parameter == "Policy":
        if wrong.problem is Problem.LENGTH:
            return ApiError(400, "InvalidParameter.PolicySize", "The size of Policy must be smaller than 2048 bytes.")
        return ApiError(400, "InvalidParameter.PolicyGrammar", "The parameter Policy has not passed grammar check.")
    text = f"The parameter {wrong.parameter} is wrongly formed."
    return ApiError(400, f"InvalidParameter.{wrong.parameter}", text)


def bad_duration(longest: int) -> ApiError:
    """A session that is too short, or longer than the role lets it be."""
    return ApiError(
        400,
        "InvalidParameter.DurationSeconds",
        f"The Min/Max value of DurationSeconds is 15min/{_hours(longest)}.",
    )


def _hours(seconds: int) -> str:
    return f"{seconds // 3600}hr" if seconds % 3600 == 0 else f"{seconds / 60:g}min"


def no_role(arn: str) -> ApiError:
    """No such role."""
    return ApiError(404, "EntityNotExist.Role", f"The role not exists: {arn}")
