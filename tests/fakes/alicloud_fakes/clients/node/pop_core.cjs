// The story of ../test_clients.py through @alicloud/pop-core: the older client, signature version 1.
const Core = require("@alicloud/pop-core");

const setting = JSON.parse(process.env.STORY);
const VERSIONS = { ram: "2015-05-01", sts: "2015-04-01" };

function caller(credentials) {
  const clients = {};
  for (const [product, apiVersion] of Object.entries(VERSIONS)) {
    clients[product] = new Core({
      accessKeyId: credentials.id,
      accessKeySecret: credentials.secret,
      securityToken: credentials.token,
      endpoint: `http://${setting.endpoint}`,
      apiVersion,
    });
  }
  return (product, action, parameters = {}) => clients[product].request(action, parameters, { method: "POST" });
}

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return { code: error.code, status: error.entry.response.statusCode, message: error.data.Message };
  }
  throw new Error("was not refused");
}

async function main() {
  const owner = caller(setting.owner);
  const delegate = caller(setting.delegate);
  const role = await owner("ram", "CreateRole", {
    RoleName: "ops",
    AssumeRolePolicyDocument: setting.trust,
    Description: setting.description,
  });
  await owner("ram", "AttachPolicyToRole", { RoleName: "ops", PolicyName: setting.policy, PolicyType: "System" });
  const attached = await owner("ram", "ListPoliciesForRole", { RoleName: "ops" });
  await delegate("ram", "CreateUser", { UserName: "AAA" });
  await delegate("ram", "AttachPolicyToUser", {
    UserName: "AAA",
    PolicyName: "AliyunSTSAssumeRoleAccess",
    PolicyType: "System",
  });
  const key = (await delegate("ram", "CreateAccessKey", { UserName: "AAA" })).AccessKey;
  const operator = caller({ id: key.AccessKeyId, secret: key.AccessKeySecret });
  const assumed = await operator("sts", "AssumeRole", { RoleArn: role.Role.Arn, RoleSessionName: "story" });
  const { AccessKeyId: id, AccessKeySecret: secret, SecurityToken: token } = assumed.Credentials;
  const session = caller({ id, secret, token });
  for (let number = 0; number < 5; number++) {
    await owner("ram", "CreateUser", { UserName: `u${number}` });
  }
  const pages = [];
  let page = {};
  do {
    const more = page.Marker ? { Marker: page.Marker } : {};
    page = await owner("ram", "ListUsers", { MaxItems: 2, ...more });
    pages.push(page.Users.User.map((user) => user.UserName));
  } while (page.IsTruncated);
  return {
    arn: role.Role.Arn,
    description: role.Role.Description,
    attached: attached.Policies.Policy.map((policy) => policy.PolicyName),
    identity: (await session("sts", "GetCallerIdentity")).Arn,
    allowed: (await session("ram", "GetRole", { RoleName: "ops" })).Role.RoleName,
    denied: await refusal(session("ram", "CreateUser", { UserName: "BBB" })),
    missing: await refusal(owner("ram", "GetRole", { RoleName: "nobody" })),
    pages,
  };
}

main().then((told) => console.log(JSON.stringify(told)));
