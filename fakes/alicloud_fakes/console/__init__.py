"""The web console, without its pages: sign in as a RAM user, switch roles, act with what that gives.

Source: Alibaba Cloud, RAM, "Log on to the console as a RAM user", "Assume a RAM role", "Manage security settings".
"""

from __future__ import annotations

from alicloud_fakes.console.session import Console as Console
from alicloud_fakes.console.session import ConsoleSession as ConsoleSession
from alicloud_fakes.console.signin import Refused as Refused
from alicloud_fakes.console.signin import SignIn as SignIn
from alicloud_fakes.console.signin import SignInError as SignInError
from alicloud_fakes.console.signin import SignInStep as SignInStep
