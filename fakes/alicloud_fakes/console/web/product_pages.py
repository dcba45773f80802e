"""Pages of ECS, RDS, SLB and OSS, and the overview."""

from __future__ import annotations

import re
from urllib.parse import unquote

from starlette.responses import Response
from starlette.routing import Route

from alicloud_fakes.console.apis import URL_ENCODING, ApiCall
from alicloud_fakes.console.web.context import Page, page_route
from alicloud_fakes.core.region_names import REGIONS

_HOME_REGION = "cn-hangzhou"
_NO_ANSWER = 502
_MOST = "100"
_REGION = re.compile(r"[a-z0-9-]{2,40}\Z")


def overview(found: Page) -> Response:
    """Overview: who is signed in, and what there is."""
    who = found.apis.call("sts", "GetCallerIdentity")
    return found.show("overview.html", who=who)


def _region(found: Page) -> str:
    region = found.query("region") or found.field("region")
    return region if _REGION.match(region) else _HOME_REGION


def instances(found: Page) -> Response:
    """ECS instances of a region."""
    return _instances(found)


def _instances(found: Page, failed: ApiCall | None = None, done: str = "") -> Response:
    region = _region(found)
    listed = found.apis.call("ecs", "DescribeInstances", RegionId=region, PageSize=_MOST, PageNumber=found.number)
    template = "ecs_table.html" if found.wants_fragment else "ecs.html"
    return found.show(
        template,
        status=_status(failed or listed),
        listed=listed,
        instances=listed.items("Instances", "Instance"),
        failed=failed,
        done=done,
        region=region,
        regions=REGIONS,
    )


def start(found: Page) -> Response:
    """Start an instance, and show what became of it."""
    return _power(found, "StartInstance", "started")


def stop(found: Page) -> Response:
    """Stop an instance, and show what became of it."""
    return _power(found, "StopInstance", "stopped")


def _power(found: Page, action: str, did: str) -> Response:
    name = found.path("instance")
    call = found.apis.call("ecs", action, InstanceId=name)
    done = f"{name} was {did}." if call.ok else ""
    if found.wants_fragment or not call.ok:
        return _instances(found, None if call.ok else call, done)
    found.notice("good", done)
    return found.go(f"/ecs?region={_region(found)}" + (f"&page={found.number}" if found.number else ""))


def databases(found: Page) -> Response:
    """RDS instances of a region."""
    region = _region(found)
    listed = found.apis.call("rds", "DescribeDBInstances", RegionId=region, PageSize=_MOST, PageNumber=found.number)
    return found.show(
        "rds.html", status=_status(listed), listed=listed, databases=listed.items("Items", "DBInstance"),
        region=region, regions=REGIONS,
    )  # fmt: skip


def balancers(found: Page) -> Response:
    """Load balancers of a region."""
    region = _region(found)
    listed = found.apis.call("slb", "DescribeLoadBalancers", RegionId=region, PageSize=_MOST, PageNumber=found.number)
    return found.show(
        "slb.html", status=_status(listed), listed=listed, balancers=listed.items("LoadBalancers", "LoadBalancer"),
        region=region, regions=REGIONS,
    )  # fmt: skip


def buckets(found: Page) -> Response:
    """All buckets of the account."""
    listed = found.apis.oss("ListBuckets", max_keys=_MOST, marker=found.query("marker"))
    return found.show("oss.html", status=_status(listed), listed=listed, buckets=listed.items("Buckets", "Bucket"))


def objects(found: Page) -> Response:
    """Objects of a bucket."""
    bucket = found.path("bucket")
    # Keys may hold letters that XML cannot.
    listed = found.apis.oss(
        "ListObjects", bucket, max_keys=_MOST, marker=found.query("marker"), encoding_type=URL_ENCODING
    )
    kept = [one | {"Key": unquote(str(one["Key"]))} for one in listed.items("Contents")]
    return found.show("oss_bucket.html", status=_status(listed), listed=listed, bucket=bucket, objects=kept)


def _status(listed: ApiCall) -> int:
    return listed.status or _NO_ANSWER


def routes() -> list[Route]:
    """Paths of these pages."""
    return [
        page_route("/", overview),
        page_route("/ecs", instances),
        page_route("/ecs/{instance}/start", start, method="POST"),
        page_route("/ecs/{instance}/stop", stop, method="POST"),
        page_route("/rds", databases),
        page_route("/slb", balancers),
        page_route("/oss", buckets),
        page_route("/oss/{bucket}", objects),
    ]
