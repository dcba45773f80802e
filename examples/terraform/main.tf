# Terraform's alicloud provider, pointed at the fake. `alicloud-fakes serve` prints the port and the key.
terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

variable "endpoint" {
  type        = string
  description = "host:port of the fake, without a scheme: 127.0.0.1:8765"
}

variable "access_key" {
  type = string
}

variable "secret_key" {
  type      = string
  sensitive = true
}

provider "alicloud" {
  access_key             = var.access_key
  secret_key             = var.secret_key
  region                 = "cn-hangzhou"
  protocol               = "HTTP"
  account_type           = "International"
  skip_region_validation = true
  endpoints {
    ram = var.endpoint
    sts = var.endpoint
    ims = var.endpoint
  }
}

resource "alicloud_ram_role" "ecs_admin" {
  role_name = "ecs-admin"
  assume_role_policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { RAM = ["acs:ram::12345678:root"] }
      Condition = { Bool = { "acs:MFAPresent" = "true" } }
    }]
  })
}

resource "alicloud_ram_role_policy_attachment" "ecs_admin" {
  role_name   = alicloud_ram_role.ecs_admin.role_name
  policy_name = "AliyunECSFullAccess"
  policy_type = "System"
}

output "arn" {
  value = alicloud_ram_role.ecs_admin.arn
}
