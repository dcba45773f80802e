// The story of ../test_clients.py through Go's official SDK.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ram"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/sts"
)

type credentials struct{ ID, Secret, Token string }

type setting struct {
	Endpoint, Trust, Policy, Description string
	Owner, Delegate                      credentials
}

type refusal struct {
	Code    string `json:"code"`
	Status  int    `json:"status"`
	Message string `json:"message"`
}

type story struct {
	Arn         string     `json:"arn"`
	Description string     `json:"description"`
	Attached    []string   `json:"attached"`
	Identity    string     `json:"identity"`
	Allowed     string     `json:"allowed"`
	Denied      refusal    `json:"denied"`
	Missing     refusal    `json:"missing"`
	Pages       [][]string `json:"pages"`
}

var given setting

func main() {
	must(json.Unmarshal([]byte(os.Getenv("STORY")), &given))
	must(json.NewEncoder(os.Stdout).Encode(tell()))
}

func tell() (told story) {
	owner, delegate := ramClient(given.Owner), ramClient(given.Delegate)

	create := to(ram.CreateCreateRoleRequest())
	create.RoleName, create.AssumeRolePolicyDocument, create.Description = "ops", given.Trust, given.Description
	role := got(owner.CreateRole(create)).Role
	told.Arn, told.Description = role.Arn, role.Description

	attach := to(ram.CreateAttachPolicyToRoleRequest())
	attach.RoleName, attach.PolicyName, attach.PolicyType = "ops", given.Policy, "System"
	got(owner.AttachPolicyToRole(attach))
	list := to(ram.CreateListPoliciesForRoleRequest())
	list.RoleName = "ops"
	for _, policy := range got(owner.ListPoliciesForRole(list)).Policies.Policy {
		told.Attached = append(told.Attached, policy.PolicyName)
	}

	createUser(delegate, "AAA")
	permit := to(ram.CreateAttachPolicyToUserRequest())
	permit.UserName, permit.PolicyName, permit.PolicyType = "AAA", "AliyunSTSAssumeRoleAccess", "System"
	got(delegate.AttachPolicyToUser(permit))
	makeKey := to(ram.CreateCreateAccessKeyRequest())
	makeKey.UserName = "AAA"
	key := got(delegate.CreateAccessKey(makeKey)).AccessKey

	assume := to(sts.CreateAssumeRoleRequest())
	assume.RoleArn, assume.RoleSessionName = role.Arn, "story"
	assumed := got(stsClient(credentials{ID: key.AccessKeyId, Secret: key.AccessKeySecret}).AssumeRole(assume)).Credentials
	session := credentials{assumed.AccessKeyId, assumed.AccessKeySecret, assumed.SecurityToken}
	told.Identity = got(stsClient(session).GetCallerIdentity(to(sts.CreateGetCallerIdentityRequest()))).Arn
	told.Allowed = got(getRole(ramClient(session), "ops")).Role.RoleName
	_, err := ramClient(session).CreateUser(userRequest("BBB"))
	told.Denied = refused(err)
	_, err = getRole(owner, "nobody")
	told.Missing = refused(err)

	for number := range 5 {
		createUser(owner, fmt.Sprintf("u%d", number))
	}
	for marker, more := "", true; more; {
		next := to(ram.CreateListUsersRequest())
		next.MaxItems, next.Marker = "2", marker
		page := got(owner.ListUsers(next))
		var names []string
		for _, user := range page.Users.User {
			names = append(names, user.UserName)
		}
		told.Pages = append(told.Pages, names)
		marker, more = page.Marker, page.IsTruncated
	}
	return told
}

// to sends a request to the fake.
func to[R requests.AcsRequest](request R) R {
	request.SetDomain(given.Endpoint)
	request.SetScheme("http")
	return request
}

func ramClient(by credentials) *ram.Client {
	if by.Token != "" {
		return got(ram.NewClientWithStsToken("cn-hangzhou", by.ID, by.Secret, by.Token))
	}
	return got(ram.NewClientWithAccessKey("cn-hangzhou", by.ID, by.Secret))
}

func stsClient(by credentials) *sts.Client {
	if by.Token != "" {
		return got(sts.NewClientWithStsToken("cn-hangzhou", by.ID, by.Secret, by.Token))
	}
	return got(sts.NewClientWithAccessKey("cn-hangzhou", by.ID, by.Secret))
}

func userRequest(name string) *ram.CreateUserRequest {
	request := to(ram.CreateCreateUserRequest())
	request.UserName = name
	return request
}

func createUser(client *ram.Client, name string) { got(client.CreateUser(userRequest(name))) }

func getRole(client *ram.Client, name string) (*ram.GetRoleResponse, error) {
	request := to(ram.CreateGetRoleRequest())
	request.RoleName = name
	return client.GetRole(request)
}

func refused(err error) refusal {
	var answer *sdkerrors.ServerError
	if !errors.As(err, &answer) {
		panic(fmt.Sprintf("expected a refusal, got %v", err))
	}
	return refusal{answer.ErrorCode(), answer.HttpStatus(), answer.Message()}
}

func got[T any](value T, err error) T {
	must(err)
	return value
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
