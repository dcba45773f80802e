"""IMS through its official client: the same users and groups as RAM, under other names."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from alibabacloud_ims20190815 import models as ims
from alibabacloud_ims20190815.client import Client
from alibabacloud_ram20150501 import models as ram

from alicloud_fakes.console import Console, SignInError
from alicloud_fakes.identity import totp

ALICE = "alice@company-a.onaliyun.com"
PASSWORD = "Correct-Horse-1"


@pytest.fixture
def root(door: Any) -> Any:
    return door.cloud.account("company-a").root_key


@pytest.fixture
def client(door: Any, root: Any) -> Client:
    return Client(door.config(root, "ims"))


@pytest.fixture
def alice(client: Client) -> Any:
    request = ims.CreateUserRequest(user_principal_name=ALICE, display_name="Alice", comments="of A")
    return client.create_user(request).body.user


def test_a_user_is_the_same_in_ram_and_ims(door: Any, client: Client, alice: Any, root: Any) -> None:
    seen = door.ram(root).get_user(ram.GetUserRequest(user_name="alice")).body.user
    assert (seen.user_id, seen.display_name, seen.comments) == (alice.user_id, "Alice", "of A")
    door.ram(root).update_user(ram.UpdateUserRequest(user_name="alice", new_comments="changed"))
    assert client.get_user(ims.GetUserRequest(user_id=alice.user_id)).body.user.comments == "changed"
    key = client.create_access_key(ims.CreateAccessKeyRequest(user_principal_name=ALICE)).body.access_key
    by_key = client.get_user(ims.GetUserRequest(user_access_key_id=key.access_key_id)).body.user
    assert (by_key.user_principal_name, by_key.user_name) == (ALICE, "alice")


@pytest.mark.parametrize(
    "name",
    [
        "alice@company-a",
        "ALICE@company-a.onaliyun.com",
        "alice@11223344.onaliyun.com",
        "alice@11223344",
    ],
)
def test_every_domain_of_the_account_names_its_users(client: Client, alice: Any, name: str) -> None:
    assert client.get_user(ims.GetUserRequest(user_principal_name=name)).body.user.user_id == alice.user_id


def test_users_are_changed_listed_and_deleted(client: Client, alice: Any, refused: Any) -> None:
    renamed = client.update_user(
        ims.UpdateUserRequest(user_principal_name=ALICE, new_user_principal_name="ally@company-a.onaliyun.com")
    ).body.user
    assert (renamed.user_id, renamed.user_principal_name) == (alice.user_id, "ally@company-a.onaliyun.com")
    for number in range(3):
        name = f"user{number}@company-a.onaliyun.com"
        client.create_user(ims.CreateUserRequest(user_principal_name=name, display_name=name[:5]))
    first = client.list_users(ims.ListUsersRequest(max_items=2)).body
    rest = client.list_users(ims.ListUsersRequest(marker=first.marker)).body
    names = [user.user_principal_name.partition("@")[0] for page in (first, rest) for user in page.users.user]
    assert (names, first.is_truncated, rest.is_truncated) == (["ally", "user0", "user1", "user2"], True, False)
    assert len(client.list_user_basic_infos(ims.ListUserBasicInfosRequest()).body.user_basic_infos.user_basic_info) == 4
    assert client.list_users(ims.ListUsersRequest(status="freeze")).body.users.user == []
    client.delete_user(ims.DeleteUserRequest(user_id=alice.user_id))
    with refused("EntityNotExist.User", 404):
        client.get_user(ims.GetUserRequest(user_id=alice.user_id))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"user_principal_name": "bob"}, "InvalidParameter.UserPrincipalName.Format"),
        ({"user_principal_name": "bob@company-b.onaliyun.com"}, "InvalidParameter.UserPrincipalName.Format"),
        ({"user_principal_name": "b b@company-a"}, "InvalidParameter.UserPrincipalName.InvalidChars"),
        ({"user_principal_name": f"{'b' * 65}@company-a"}, "InvalidParameter.UserPrincipalName.Length"),
        ({"display_name": "n" * 25}, "InvalidParameter.DisplayName.Length"),
        ({"display_name": None}, "MissingDisplayName"),
        ({"comments": "n" * 129}, "InvalidParameter.Comments.Length"),
        ({"user_principal_name": "alice@company-a"}, "EntityAlreadyExists.User"),
    ],
)
def test_users_that_cannot_be(client: Client, alice: Any, refused: Any, change: dict[str, Any], code: str) -> None:
    fields = {"user_principal_name": "bob@company-a.onaliyun.com", "display_name": "Bob", **change}
    with refused(code):
        client.create_user(ims.CreateUserRequest(**fields))


def test_groups_and_members(door: Any, client: Client, alice: Any, root: Any, refused: Any) -> None:
    group = client.create_group(ims.CreateGroupRequest(group_name="ops", display_name="Ops")).body.group
    assert (group.group_name, group.display_name) == ("ops", "Ops")
    client.add_user_to_group(ims.AddUserToGroupRequest(user_principal_name=ALICE, group_name="ops"))
    with refused("EntityAlreadyExists.User.Group", 409):
        client.add_user_to_group(ims.AddUserToGroupRequest(user_principal_name=ALICE, group_name="ops"))
    members = door.ram(root).list_users_for_group(ram.ListUsersForGroupRequest(group_name="ops")).body.users.user
    assert [user.user_name for user in members] == ["alice"]
    groups = client.list_groups_for_user(ims.ListGroupsForUserRequest(user_principal_name=ALICE)).body.groups.group
    assert [group.display_name for group in groups] == ["Ops"]
    client.update_group(ims.UpdateGroupRequest(group_name="ops", new_group_name="it", new_display_name="IT"))
    with refused("DeleteConflict.Group.User", 409):
        client.delete_group(ims.DeleteGroupRequest(group_name="it"))
    client.remove_user_from_group(ims.RemoveUserFromGroupRequest(user_principal_name=ALICE, group_name="it"))
    client.delete_group(ims.DeleteGroupRequest(group_name="it"))
    assert client.list_groups(ims.ListGroupsRequest()).body.groups.group == []


def test_access_keys_are_made_listed_disabled_and_deleted(client: Client, alice: Any, door: Any, refused: Any) -> None:
    key = client.create_access_key(ims.CreateAccessKeyRequest(user_principal_name=ALICE)).body.access_key
    own = Client(door.config(type("Key", (), {"id": key.access_key_id, "secret": key.access_key_secret}), "ims"))
    with refused("NoPermission", 403):
        own.list_access_keys(ims.ListAccessKeysRequest())
    last = client.get_access_key_last_used(
        ims.GetAccessKeyLastUsedRequest(user_principal_name=ALICE, user_access_key_id=key.access_key_id)
    ).body.access_key_last_used
    assert (last.service_name, last.last_used_date[:2]) == ("Ims", "20")
    client.update_access_key(
        ims.UpdateAccessKeyRequest(user_principal_name=ALICE, user_access_key_id=key.access_key_id, status="Inactive")
    )
    with refused("InvalidAccessKeyId.Inactive", 400):
        own.list_access_keys(ims.ListAccessKeysRequest())
    client.delete_access_key(
        ims.DeleteAccessKeyRequest(user_principal_name=ALICE, user_access_key_id=key.access_key_id)
    )
    keys = client.list_access_keys(ims.ListAccessKeysRequest(user_principal_name=ALICE)).body.access_keys
    assert keys.access_key == []


def test_a_login_profile_lets_its_user_into_the_console(client: Client, alice: Any, door: Any, refused: Any) -> None:
    profile = client.create_login_profile(
        ims.CreateLoginProfileRequest(user_principal_name=ALICE, password=PASSWORD, password_reset_required=False)
    ).body.login_profile
    assert (profile.status, profile.user_principal_name) == ("Active", ALICE)
    assert Console(door.cloud).sign_in("alice", "company-a", PASSWORD).arn == "acs:ram::11223344:user/alice"
    client.update_login_profile(ims.UpdateLoginProfileRequest(user_principal_name=ALICE, status="Inactive"))
    with pytest.raises(SignInError, match="disabled"):
        Console(door.cloud).sign_in("alice", "company-a", PASSWORD)
    assert client.get_login_profile(
        ims.GetLoginProfileRequest(user_principal_name=ALICE)
    ).body.login_profile.status == ("Inactive")
    client.delete_login_profile(ims.DeleteLoginProfileRequest(user_principal_name=ALICE))
    with refused("EntityNotExist.User.LoginProfile", 404):
        client.get_login_profile(ims.GetLoginProfileRequest(user_principal_name=ALICE))


def test_a_second_factor_whose_library_is_missing_is_named(
    client: Client, alice: Any, refused: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client.create_virtual_mfadevice(ims.CreateVirtualMFADeviceRequest(virtual_mfadevice_name="phone")).body
    monkeypatch.setitem(sys.modules, "pyotp", None)
    bind = ims.BindMFADeviceRequest(
        user_principal_name=ALICE,
        serial_number=made.virtual_mfadevice.serial_number,
        authentication_code_1="123456",
        authentication_code_2="654321",
    )
    with refused("NotImplemented", 400, "pip install 'pulumi-alicloud-delegation[fakes]'"):
        client.bind_mfadevice(bind)


def test_an_mfa_device_is_bound_and_unbound(client: Client, alice: Any, door: Any, refused: Any) -> None:
    made = client.create_virtual_mfadevice(ims.CreateVirtualMFADeviceRequest(virtual_mfadevice_name="phone")).body
    device = made.virtual_mfadevice
    with refused("EntityNotExist.User.MFADevice", 404):
        client.get_user_mfainfo(ims.GetUserMFAInfoRequest(user_principal_name=ALICE))
    now = door.cloud.clock.time()
    codes = [totp.code(device.base_32string_seed, int(now // 30) + step) for step in (-1, 0)]
    client.bind_mfadevice(
        ims.BindMFADeviceRequest(
            user_principal_name=ALICE,
            serial_number=device.serial_number,
            authentication_code_1=codes[0],
            authentication_code_2=codes[1],
        )
    )
    info = client.get_user_mfainfo(ims.GetUserMFAInfoRequest(user_principal_name=ALICE)).body
    assert (info.is_mfaenable, info.mfadevice.serial_number) == (True, device.serial_number)
    listed = client.list_virtual_mfadevices(ims.ListVirtualMFADevicesRequest()).body.virtual_mfadevices
    assert listed.virtual_mfadevice[0].user.user_principal_name == ALICE
    client.unbind_mfadevice(ims.UnbindMFADeviceRequest(user_principal_name=ALICE))
    client.delete_virtual_mfadevice(ims.DeleteVirtualMFADeviceRequest(serial_number=device.serial_number))
    with refused("EntityNotExist.VirtualMFADevice", 404):
        client.delete_virtual_mfadevice(ims.DeleteVirtualMFADeviceRequest(serial_number=device.serial_number))


def test_the_password_policy_holds_for_both_apis(
    client: Client, alice: Any, door: Any, root: Any, refused: Any
) -> None:
    request = ims.SetPasswordPolicyRequest(minimum_password_length=20, hard_expire=True, require_symbols=True)
    policy = client.set_password_policy(request).body.password_policy
    assert (policy.minimum_password_length, policy.hard_expire, policy.require_numbers) == (20, True, False)
    seen = door.ram(root).get_password_policy().body.password_policy
    assert (seen.minimum_password_length, seen.hard_expiry) == (20, True)
    with refused("InvalidParameter.Password.TooWeak", 400):
        client.create_login_profile(ims.CreateLoginProfileRequest(user_principal_name=ALICE, password=PASSWORD))
    with refused("InvalidParameter.MinimumPasswordLength.Range", 400):
        client.set_password_policy(ims.SetPasswordPolicyRequest(minimum_password_length=7))


def test_the_security_preference_holds_for_both_apis(client: Client, door: Any, root: Any, refused: Any) -> None:
    request = ims.SetSecurityPreferenceRequest(
        login_session_duration=8,
        verification_types=["sms", "email", "mfa"],
        mfaoperation_for_login="mandatory",
        max_idle_days_for_users=90,
    )
    set_to = client.set_security_preference(request).body.security_preference
    assert set_to.verification_preference.verification_types == ["sms", "email", "mfa"]
    assert set_to.max_idle_days.max_idle_days_for_users == 90
    seen = door.ram(root).get_security_preference().body.security_preference
    assert seen.login_profile_preference.login_session_duration == 8
    with refused("InvalidParameter.MaxIdleDaysForUsers", 400):
        client.set_security_preference(ims.SetSecurityPreferenceRequest(max_idle_days_for_users=91))


def test_the_default_domain_is_the_alias(client: Client, alice: Any, door: Any, refused: Any) -> None:
    assert client.get_default_domain().body.default_domain_name == "company-a.onaliyun.com"
    client.set_default_domain(ims.SetDefaultDomainRequest(default_domain_name="a-inc.onaliyun.com"))
    assert door.cloud.account("a-inc").id == "11223344"
    user = client.get_user(ims.GetUserRequest(user_id=alice.user_id)).body.user
    assert user.user_principal_name == "alice@a-inc.onaliyun.com"
    with refused("EntityAlreadyExists.AccountAlias", 409):
        client.set_default_domain(ims.SetDefaultDomainRequest(default_domain_name="company-b.onaliyun.com"))
    with refused("InvalidParameter.DefaultDomainName.Format", 400):
        client.set_default_domain(ims.SetDefaultDomainRequest(default_domain_name="a-inc.example.com"))


def test_users_are_tagged_and_untagged(client: Client, alice: Any, refused: Any) -> None:
    tag = ims.TagResourcesRequestTag
    client.tag_resources(
        ims.TagResourcesRequest(
            resource_type="user",
            resource_principal_name=[ALICE],
            tag=[tag(key="team", value="ops"), tag(key="x", value="")],
        )
    )
    shown = client.list_tag_resources(
        ims.ListTagResourcesRequest(resource_type="user", resource_id=[alice.user_id], page_size=1)
    ).body
    assert (shown.tag_resources.tag_resource[0].tag_key, shown.is_truncated) == ("team", True)
    wanted = ims.ListUsersRequest(tag=[ims.ListUsersRequestTag(key="team", value="ops")])
    assert [user.user_id for user in client.list_users(wanted).body.users.user] == [alice.user_id]
    client.untag_resources(
        ims.UntagResourcesRequest(resource_type="user", resource_id=[alice.user_id], tag_key=["team"])
    )
    assert client.list_users(wanted).body.users.user == []
    with refused("EntityNotExist.User", 404):
        client.untag_resources(ims.UntagResourcesRequest(resource_type="user", resource_id=["1"], all=True))


def test_the_summary_counts(client: Client, alice: Any) -> None:
    summary = client.get_account_summary().body.summary_map
    assert (summary.users, summary.users_quota, summary.policy_size_quota) == (1, 5000, 6144)
    report = client.get_account_security_practice_report().body.account_security_practice_info
    assert report.account_security_practice_user_info.sub_user == 1


def test_permissions_are_those_of_ram(client: Client, alice: Any, door: Any, root: Any, refused: Any) -> None:
    statement = {"Effect": "Allow", "Action": "ram:Get*", "Resource": "acs:ram:*:*:user/alice"}
    document = json.dumps({"Version": "1", "Statement": [statement]})
    a = door.ram(root)
    a.create_policy(ram.CreatePolicyRequest(policy_name="self", policy_document=document))
    a.attach_policy_to_user(ram.AttachPolicyToUserRequest(user_name="alice", policy_name="self", policy_type="Custom"))
    key = client.create_access_key(ims.CreateAccessKeyRequest(user_principal_name=ALICE)).body.access_key
    own = Client(door.config(type("Key", (), {"id": key.access_key_id, "secret": key.access_key_secret}), "ims"))
    assert own.get_user(ims.GetUserRequest(user_principal_name=ALICE)).body.user.user_id == alice.user_id
    assert own.get_user(ims.GetUserRequest(user_id=alice.user_id)).body.user.user_id == alice.user_id
    with refused("NoPermission", 403) as error:
        own.delete_user(ims.DeleteUserRequest(user_id=alice.user_id))
    assert error.error.data["AccessDeniedDetail"]["AuthAction"] == "ram:DeleteUser"
    client.create_user(ims.CreateUserRequest(user_principal_name="bob@company-a", display_name="Bob"))
    with refused("NoPermission", 403):
        own.get_user(ims.GetUserRequest(user_principal_name="bob@company-a"))


def test_identity_providers(client: Client, refused: Any) -> None:
    client.create_samlprovider(
        ims.CreateSAMLProviderRequest(samlprovider_name="idp", encoded_samlmetadata_document="PHhtbC8+")
    )
    client.update_samlprovider(ims.UpdateSAMLProviderRequest(samlprovider_name="idp", new_description="ours"))
    saml = client.get_samlprovider(ims.GetSAMLProviderRequest(samlprovider_name="idp")).body.samlprovider
    assert (saml.arn, saml.description, saml.encoded_samlmetadata_document) == (
        "acs:ram::11223344:saml-provider/idp",
        "ours",
        "PHhtbC8+",
    )
    with refused("InvalidParameter.EncodedSAMLMetadataDocument.Format", 400):
        client.create_samlprovider(
            ims.CreateSAMLProviderRequest(samlprovider_name="bad", encoded_samlmetadata_document="<xml/>")
        )
    client.create_oidcprovider(
        ims.CreateOIDCProviderRequest(oidcprovider_name="ci", issuer_url="https://ci.example.com", client_ids="one,two")
    )
    client.add_fingerprint_to_oidcprovider(
        ims.AddFingerprintToOIDCProviderRequest(oidcprovider_name="ci", fingerprint="AB12")
    )
    oidc = client.get_oidcprovider(ims.GetOIDCProviderRequest(oidcprovider_name="ci")).body.oidcprovider
    assert (oidc.client_ids, oidc.fingerprints, oidc.issuance_limit_time) == ("one,two", "AB12", 12)
    client.delete_oidcprovider(ims.DeleteOIDCProviderRequest(oidcprovider_name="ci"))
    with refused("EntityNotExist.OIDCProvider", 404):
        client.get_oidcprovider(ims.GetOIDCProviderRequest(oidcprovider_name="ci"))
