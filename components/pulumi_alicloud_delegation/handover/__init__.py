"""Files that pass between two enterprises that share no state: B's offer and A's acceptance."""

from __future__ import annotations

from pulumi_alicloud_delegation.handover.digest import digest_of as digest_of
from pulumi_alicloud_delegation.handover.file_schema import json_schema as json_schema
from pulumi_alicloud_delegation.handover.files import handover_text as handover_text
from pulumi_alicloud_delegation.handover.files import read_acceptance as read_acceptance
from pulumi_alicloud_delegation.handover.files import read_offer as read_offer
from pulumi_alicloud_delegation.handover.files import to_plain as to_plain
from pulumi_alicloud_delegation.handover.files import write_handover as write_handover
from pulumi_alicloud_delegation.handover.formats import Acceptance as Acceptance
from pulumi_alicloud_delegation.handover.formats import AcceptedRole as AcceptedRole
from pulumi_alicloud_delegation.handover.formats import Offer as Offer
from pulumi_alicloud_delegation.handover.formats import Party as Party
from pulumi_alicloud_delegation.handover.making import Agreement as Agreement
from pulumi_alicloud_delegation.handover.making import acceptance_of as acceptance_of
from pulumi_alicloud_delegation.handover.making import offer_of as offer_of
from pulumi_alicloud_delegation.handover.making import party_of as party_of
from pulumi_alicloud_delegation.handover.making import relinquished as relinquished
from pulumi_alicloud_delegation.handover.using import roles_from_offer as roles_from_offer
from pulumi_alicloud_delegation.handover.using import team_from_acceptance as team_from_acceptance
