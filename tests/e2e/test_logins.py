"""A person's password is the person's own: no operation of ours gives the first one back."""

import pytest

from alicloud_fakes.console import Console

pytestmark = [pytest.mark.e2e, pytest.mark.life]

OWN_PASSWORD = "Chosen-by-AAA-1"
STRICTEST = {
    "MinimumPasswordLength": 32,
    "RequireLowercaseCharacters": True,
    "RequireUppercaseCharacters": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
}


@pytest.fixture
def sign_in(house):
    def try_with(password, **more):
        return Console(house.cloud).sign_in("AAA", "company-b", password, **more)

    return try_with


def _with(house, **operator):
    return house.delegation(house.config(operators=[{"name": "AAA", "teams": ["operators"], "mfa": False} | operator]))


def test_neither_a_refresh_nor_a_change_of_the_operator_sets_the_password_again(house, sign_in, changes):
    stack = house.delegation()
    first = stack.up().outputs["firstPasswords"].value["AAA"]
    sign_in(first, new_password=OWN_PASSWORD)
    stack.refresh()
    assert changes(stack.up()) == {}
    assert sign_in(OWN_PASSWORD)
    assert changes(_with(house, mfa=True, displayName="Anna").up()) == {"update": 1}  # of the user, not of the login
    assert sign_in(OWN_PASSWORD)
    login = house.root(house.b).call("GetLoginProfile", {"UserName": "AAA"})["LoginProfile"]
    assert (login["PasswordResetRequired"], login["MFABindRequired"]) == (False, False)


def test_a_login_that_is_taken_away_and_given_back_has_a_new_password_for_the_strictest_policy(
    house, sign_in, api_error
):
    house.root(house.b).call("SetPasswordPolicy", STRICTEST)
    first = house.delegation().up().outputs["firstPasswords"].value["AAA"]
    without = _with(house, login=False).up()
    assert without.outputs["firstPasswords"].value == without.outputs["signInUrls"].value == {}
    with pytest.raises(api_error, match=r"EntityNotExist\.User\.LoginProfile"):
        house.root(house.b).call("GetLoginProfile", {"UserName": "AAA"})
    second = _with(house, login=True).up().outputs["firstPasswords"].value["AAA"]
    assert second != first
    assert sign_in(second, new_password=OWN_PASSWORD * 4)
