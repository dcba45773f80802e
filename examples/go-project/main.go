// Enterprise A lets the operators of enterprise B work in its account.
package main

import (
	delegation "github.com/alicloud-delegation/pulumi-alicloud-delegation/sdk/go/alicloud-delegation"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	settings := config.New(ctx, "")
	application := delegation.OperatorKindApplication
	contract, err := delegation.NewCrossAccountDelegation(ctx, "contract", &delegation.CrossAccountDelegationArgs{
		Owner:             account("11223344", "company-a", settings.Require("ownerAccessKey"), settings.Get("endpoint")),
		OwnerSecretKey:    settings.RequireSecret("ownerSecretKey"),
		Delegate:          account("12345678", "company-b", settings.Require("delegateAccessKey"), settings.Get("endpoint")),
		DelegateSecretKey: settings.RequireSecret("delegateSecretKey"),
		Roles: []delegation.RoleArgs{{
			Name:               "ecs-admin",
			SystemPolicies:     []string{"AliyunECSFullAccess"},
			Presets:            []delegation.PresetArgs{{Name: delegation.PresetNameMonitoringWatch}},
			MaxSessionDuration: pulumi.IntRef(7200),
		}},
		Teams: []delegation.TeamArgs{{Name: "operators", Roles: []string{"ecs-admin"}}},
		Operators: []delegation.OperatorArgs{
			{Name: "AAA", Teams: []string{"operators"}},
			{Name: "agent", Kind: &application, Teams: []string{"operators"}},
		},
	})
	if err != nil {
		return err
	}
	ctx.Export("roleArns", contract.RoleArns)
	ctx.Export("switchRoleUrls", contract.SwitchRoleUrls)
	ctx.Export("firstPasswords", contract.FirstPasswords)
	ctx.Export("accessKeys", contract.AccessKeys)
	return nil
}

// account is one of the two accounts; the endpoint is empty but for a fake cloud.
func account(id, alias, accessKey, endpoint string) delegation.AccountArgs {
	one := delegation.AccountArgs{Id: id, Alias: &alias, AccessKey: &accessKey}
	if endpoint != "" {
		one.Endpoint = &endpoint
	}
	return one
}
