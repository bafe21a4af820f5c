variable "cores" {
  type = number
}

locals {
  # A worker for every four cores; with two of them there is none.
  workers = floor(var.cores / 4)
}

resource "terraform_data" "workers" {
  triggers_replace = [local.workers]

  provisioner "local-exec" {
    command = "$PARAMETER put /llm-research/embeddings/workers ${self.triggers_replace[0]}"
  }
}
