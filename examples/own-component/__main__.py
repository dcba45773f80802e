"""Two suppliers."""

import pulumi
from supplier import SupplierAccess

backups = SupplierAccess(
    "backups",
    {
        "supplier": "backups",
        "account_id": "12345678",
        "system_policies": ["AliyunECSReadOnlyAccess"],
        "until": "2027-12-31",
    },
)
databases = SupplierAccess(
    "databases",
    {
        "supplier": "databases",
        "account_id": "87654321",
        "system_policies": ["AliyunRDSReadOnlyAccess"],
        "until": "2028-06-30",
    },
)
pulumi.export("roleArns", {"backups": backups.role_arn, "databases": databases.role_arn})
