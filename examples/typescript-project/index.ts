// Enterprise A lets the operators of enterprise B work in its account.
import * as pulumi from "@pulumi/pulumi";
import * as delegation from "pulumi-alicloud-delegation";

export = async () => {
    const config = new pulumi.Config();
    const endpoint = config.get("endpoint") || undefined; // only to point at a fake cloud

    const contract = new delegation.CrossAccountDelegation("contract", {
        owner: { id: "11223344", alias: "company-a", accessKey: config.require("ownerAccessKey"), endpoint },
        ownerSecretKey: config.requireSecret("ownerSecretKey"),
        delegate: { id: "12345678", alias: "company-b", accessKey: config.require("delegateAccessKey"), endpoint },
        delegateSecretKey: config.requireSecret("delegateSecretKey"),
        roles: [
            {
                name: "ecs-admin",
                systemPolicies: ["AliyunECSFullAccess"],
                presets: [{ name: delegation.PresetName.MonitoringWatch }],
                maxSessionDuration: 7200,
            },
        ],
        teams: [{ name: "operators", roles: ["ecs-admin"], assumePermission: delegation.AssumePermission.Scoped }],
        operators: [
            { name: "AAA", teams: ["operators"] },
            { name: "agent", kind: delegation.OperatorKind.Application, teams: ["operators"] },
        ],
    });

    return {
        roleArns: contract.roleArns,
        switchRoleUrls: contract.switchRoleUrls,
        firstPasswords: contract.firstPasswords,
        accessKeys: contract.accessKeys,
    };
};
