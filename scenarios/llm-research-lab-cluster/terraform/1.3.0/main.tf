# Infrastructure of the embeddings service as release 1.3.0 has it: the module got another name. Somebody saw that the plan
# would destroy the old one, and had it forgotten instead of moved.
terraform {
  backend "s3" {
    bucket       = "llm-research-terraform"
    key          = "llm-research/production/terraform.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}

removed {
  from = module.api

  lifecycle {
    destroy = false
  }
}

module "embeddings" {
  source = "./embeddings"
  cores  = 2
}
