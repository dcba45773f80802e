// The story of ../test_clients.py through @alicloud/ram20150501 and @alicloud/sts20150401: signature version 3.
const { $OpenApiUtil } = require("@alicloud/openapi-core");
const ram = require("@alicloud/ram20150501");
const sts = require("@alicloud/sts20150401");

const setting = JSON.parse(process.env.STORY);

function config(credentials) {
  return new $OpenApiUtil.Config({
    accessKeyId: credentials.id,
    accessKeySecret: credentials.secret,
    securityToken: credentials.token,
    endpoint: setting.endpoint,
    protocol: "HTTP",
  });
}

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return { code: error.code, status: error.statusCode ?? error.data.statusCode, message: error.message };
  }
  throw new Error("was not refused");
}

async function main() {
  const owner = new ram.default(config(setting.owner));
  const delegate = new ram.default(config(setting.delegate));
  const { role } = (
    await owner.createRole(
      new ram.CreateRoleRequest({
        roleName: "ops",
        assumeRolePolicyDocument: setting.trust,
        description: setting.description,
      }),
    )
  ).body;
  await owner.attachPolicyToRole(
    new ram.AttachPolicyToRoleRequest({ roleName: "ops", policyName: setting.policy, policyType: "System" }),
  );
  const attached = await owner.listPoliciesForRole(new ram.ListPoliciesForRoleRequest({ roleName: "ops" }));
  await delegate.createUser(new ram.CreateUserRequest({ userName: "AAA" }));
  await delegate.attachPolicyToUser(
    new ram.AttachPolicyToUserRequest({
      userName: "AAA",
      policyName: "AliyunSTSAssumeRoleAccess",
      policyType: "System",
    }),
  );
  const key = (await delegate.createAccessKey(new ram.CreateAccessKeyRequest({ userName: "AAA" }))).body.accessKey;
  const operator = new sts.default(config({ id: key.accessKeyId, secret: key.accessKeySecret }));
  const assumed = await operator.assumeRole(
    new sts.AssumeRoleRequest({ roleArn: role.arn, roleSessionName: "story" }),
  );
  const { accessKeyId: id, accessKeySecret: secret, securityToken: token } = assumed.body.credentials;
  const session = new ram.default(config({ id, secret, token }));
  for (let number = 0; number < 5; number++) {
    await owner.createUser(new ram.CreateUserRequest({ userName: `u${number}` }));
  }
  const pages = [];
  let page = {};
  do {
    page = (await owner.listUsers(new ram.ListUsersRequest({ maxItems: 2, marker: page.marker }))).body;
    pages.push(page.users.user.map((user) => user.userName));
  } while (page.isTruncated);
  return {
    arn: role.arn,
    description: role.description,
    attached: attached.body.policies.policy.map((policy) => policy.policyName),
    identity: (await new sts.default(config({ id, secret, token })).getCallerIdentity()).body.arn,
    allowed: (await session.getRole(new ram.GetRoleRequest({ roleName: "ops" }))).body.role.roleName,
    denied: await refusal(session.createUser(new ram.CreateUserRequest({ userName: "BBB" }))),
    missing: await refusal(owner.getRole(new ram.GetRoleRequest({ roleName: "nobody" }))),
    pages,
  };
}

main().then((told) => console.log(JSON.stringify(told)));
