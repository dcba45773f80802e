// Enterprise A lets the operators of enterprise B work in its account.
import com.pulumi.Context;
import com.pulumi.Pulumi;
import io.github.alicloud_delegation.aliclouddelegation.CrossAccountDelegation;
import io.github.alicloud_delegation.aliclouddelegation.CrossAccountDelegationArgs;
import io.github.alicloud_delegation.aliclouddelegation.enums.OperatorKind;
import io.github.alicloud_delegation.aliclouddelegation.enums.PresetName;
import io.github.alicloud_delegation.aliclouddelegation.inputs.AccountArgs;
import io.github.alicloud_delegation.aliclouddelegation.inputs.OperatorArgs;
import io.github.alicloud_delegation.aliclouddelegation.inputs.PresetArgs;
import io.github.alicloud_delegation.aliclouddelegation.inputs.RoleArgs;
import io.github.alicloud_delegation.aliclouddelegation.inputs.TeamArgs;

public class App {
    public static void main(String[] args) {
        Pulumi.run(App::program);
    }

    static void program(Context context) {
        var settings = context.config();
        var contract = new CrossAccountDelegation("contract", CrossAccountDelegationArgs.builder()
            .owner(account("11223344", "company-a", settings.require("ownerAccessKey")))
            .ownerSecretKey(settings.requireSecret("ownerSecretKey"))
            .delegate(account("12345678", "company-b", settings.require("delegateAccessKey")))
            .delegateSecretKey(settings.requireSecret("delegateSecretKey"))
            .roles(RoleArgs.builder()
                .name("ecs-admin")
                .systemPolicies("AliyunECSFullAccess")
                .presets(PresetArgs.builder().name(PresetName.MonitoringWatch).build())
                .maxSessionDuration(7200)
                .build())
            .teams(TeamArgs.builder().name("operators").roles("ecs-admin").build())
            .operators(
                OperatorArgs.builder().name("AAA").teams("operators").build(),
                OperatorArgs.builder().name("agent").kind(OperatorKind.Application).teams("operators").build())
            .build());
        context.export("roleArns", contract.roleArns());
        context.export("switchRoleUrls", contract.switchRoleUrls());
        context.export("firstPasswords", contract.firstPasswords());
        context.export("accessKeys", contract.accessKeys());
    }

    static AccountArgs account(String id, String alias, String accessKey) {
        return AccountArgs.builder().id(id).alias(alias).accessKey(accessKey).build();
    }
}
