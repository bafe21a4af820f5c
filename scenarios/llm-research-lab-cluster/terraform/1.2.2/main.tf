# Infrastructure of the embeddings service as release 1.2.2 has it.
terraform {
  backend "s3" {
    bucket       = "llm-research-terraform"
    key          = "llm-research/production/terraform.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}

module "api" {
  source  = "./api"
  workers = 4
}
