"""Instances: start, stop, reboot, release; one at a time, or several at once, then all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from alicloud_fakes.pipeline.declare import ActionRequest, OneOf
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ecs import ecs, ecs_targets
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.instances import find
from alicloud_fakes.services.ecs.models import Ecs, Instance
from alicloud_fakes.services.ecs.parameters import InstanceId, InstanceIds

_BATCH = Annotated[str, OneOf("AllTogether", "SuccessFirst")]
_MODE = Annotated[str, OneOf("StopCharging", "KeepCharging")]


class _One(ActionRequest):
    instance_id: InstanceId
    region_id: str = ""
    dry_run: bool = False


class _Several(ActionRequest):
    region_id: str
    instance_id: InstanceIds
    dry_run: bool = False


class StartInstance(_One):
    pass


class StopInstance(_One):
    force_stop: bool = False
    stopped_mode: _MODE = "KeepCharging"


class RebootInstance(_One):
    force_stop: bool = False


class DeleteInstance(_One):
    force: bool = False
    force_stop: bool = False
    terminate_subscription: bool = False


class StartInstances(_Several):
    batch_optimization: _BATCH = "AllTogether"


class StopInstances(_Several):
    force_stop: bool = False
    stopped_mode: _MODE = "KeepCharging"
    batch_optimization: _BATCH = "AllTogether"


class RebootInstances(_Several):
    force_reboot: bool = False
    batch_optimization: _BATCH = "AllTogether"


class DeleteInstances(_Several):
    force: bool = False
    force_stop: bool = False
    terminate_subscription: bool = False
    client_token: str = ""


def _resource(request: _One) -> Any:  # noqa: ANN401 - a target or its name
    return ecs_targets.instance_targets(request, [request.instance_id])


def _resources(request: _Several) -> Any:  # noqa: ANN401 - targets or their names
    return ecs_targets.instance_targets(request, request.instance_id)


def _demand(instances: Iterable[Instance], *statuses: str) -> None:
    if any(instance.status not in statuses for instance in instances):
        raise fail("IncorrectInstanceStatus")


def _start(ecs: Ecs, instances: Iterable[Instance]) -> None:
    for instance in instances:
        instance.status, instance.started, instance.stopped_mode = "Running", ecs.now(), "Not-applicable"


def _stop(mode: str) -> Callable[[Ecs, Iterable[Instance]], None]:
    def stop(_: Ecs, instances: Iterable[Instance]) -> None:
        for instance in instances:
            instance.status, instance.stopped_mode = "Stopped", mode

    return stop


def _several(
    ecs: Ecs,
    request: StartInstances | StopInstances | RebootInstances,
    before: str,
    act: Callable[[Ecs, Iterable[Instance]], None],
) -> Reply:
    instances = [find(ecs, one) for one in dict.fromkeys(request.instance_id)]
    good = [instance for instance in instances if instance.status == before]
    if request.batch_optimization == "AllTogether" and len(good) < len(instances):
        raise fail("IncorrectInstanceStatus")
    if request.dry_run:
        raise fail("DryRunOperation")
    was = {instance.id: instance.status for instance in instances}
    act(ecs, good)
    refusal = fail("IncorrectInstanceStatus")
    done = {instance.id for instance in good}
    rows = [
        {
            "InstanceId": instance.id,
            "PreviousStatus": was[instance.id],
            "CurrentStatus": instance.status,
            "Code": "200" if instance.id in done else refusal.code,
            "Message": "success" if instance.id in done else refusal.message,
        }
        for instance in instances
    ]
    return {"InstanceResponses": {"InstanceResponse": rows}}


@ecs.action(StartInstance, on=_resource)
def start_instance(ecs: Ecs, request: StartInstance) -> Reply:
    """Start a stopped instance. It runs at once."""
    instance = find(ecs, request.instance_id)
    _demand([instance], "Stopped")
    if request.dry_run:
        raise fail("DryRunOperation")
    _start(ecs, [instance])
    return None


@ecs.action(StopInstance, on=_resource)
def stop_instance(ecs: Ecs, request: StopInstance) -> Reply:
    """Stop a running instance. It is stopped at once."""
    instance = find(ecs, request.instance_id)
    _demand([instance], "Running")
    if request.dry_run:
        raise fail("DryRunOperation")
    _stop(request.stopped_mode)(ecs, [instance])
    return None


@ecs.action(RebootInstance, on=_resource)
def reboot_instance(ecs: Ecs, request: RebootInstance) -> Reply:
    """Reboot a running instance."""
    instance = find(ecs, request.instance_id)
    _demand([instance], "Running")
    if request.dry_run:
        raise fail("DryRunOperation")
    _start(ecs, [instance])
    return None


@ecs.action(StartInstances, on=_resources)
def start_instances(ecs: Ecs, request: StartInstances) -> Reply:
    """Start several instances."""
    return _several(ecs, request, "Stopped", _start)


@ecs.action(StopInstances, on=_resources)
def stop_instances(ecs: Ecs, request: StopInstances) -> Reply:
    """Stop several instances."""
    return _several(ecs, request, "Running", _stop(request.stopped_mode))


@ecs.action(RebootInstances, on=_resources)
def reboot_instances(ecs: Ecs, request: RebootInstances) -> Reply:
    """Reboot several instances."""
    return _several(ecs, request, "Running", _start)


def _release(ecs: Ecs, instances: list[Instance], request: DeleteInstance | DeleteInstances) -> Reply:
    if any(instance.deletion_protection for instance in instances):
        raise fail("InvalidOperation.DeletionProtection")
    _demand(instances, "Stopped", *(("Running",) if request.force else ()))
    if request.dry_run:
        raise fail("DryRunOperation")
    ecs.release(instances)
    return None


@ecs.action(DeleteInstance, on=_resource)
def delete_instance(ecs: Ecs, request: DeleteInstance) -> Reply:
    """Release an instance that is stopped, or any with Force."""
    return _release(ecs, [find(ecs, request.instance_id)], request)


@ecs.action(DeleteInstances, on=_resources)
def delete_instances(ecs: Ecs, request: DeleteInstances) -> Reply:
    """Release several instances that are stopped, or any with Force."""
    return _release(ecs, [find(ecs, one) for one in dict.fromkeys(request.instance_id)], request)
