"""An application of enterprise B that works in enterprise A: it assumes A's role and counts A's running instances."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportArgumentType=false
# The official SDKs ship no stubs, and their own annotations say `str = None` for what may be left out.

import os
import sys

from alibabacloud_ecs20140526.client import Client as Ecs
from alibabacloud_ecs20140526.models import DescribeInstancesRequest
from alibabacloud_sts20150401.client import Client as Sts
from alibabacloud_sts20150401.models import AssumeRoleRequest
from alibabacloud_tea_openapi.models import Config

REGION = "cn-hangzhou"


def running_instances(key_id: str, key_secret: str, role_arn: str, external_id: str) -> int:
    """Count the instances that run in A's region.

    Args:
        key_id: access key of B's application, from the output `accessKeys`.
        key_secret: its secret.
        role_arn: A's role, from the output `roleArns`.
        external_id: what the contract with A agreed on.
    """
    sts = Sts(Config(access_key_id=key_id, access_key_secret=key_secret, endpoint="sts.aliyuncs.com"))
    request = AssumeRoleRequest(role_arn=role_arn, role_session_name="report", external_id=external_id)
    session = sts.assume_role(request).body.credentials
    ecs = Ecs(
        Config(
            access_key_id=session.access_key_id,
            access_key_secret=session.access_key_secret,
            security_token=session.security_token,
            endpoint=f"ecs.{REGION}.aliyuncs.com",
        )
    )
    answer = ecs.describe_instances(DescribeInstancesRequest(region_id=REGION, status="Running"))
    return int(answer.body.total_count)


if __name__ == "__main__":
    key = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
    print(running_instances(*key, role_arn=sys.argv[1], external_id=sys.argv[2]))
