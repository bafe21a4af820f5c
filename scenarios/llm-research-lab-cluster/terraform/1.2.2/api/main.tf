variable "workers" {
  type = number
}

# The parameter itself. As with every resource of AWS, making it a second time is an error.
resource "terraform_data" "parameter" {
  input = "/llm-research/embeddings/workers"

  provisioner "local-exec" {
    command = "$PARAMETER create ${self.input} 1"
  }
}

resource "terraform_data" "workers" {
  triggers_replace = [var.workers]

  provisioner "local-exec" {
    command = "$PARAMETER put ${terraform_data.parameter.output} ${self.triggers_replace[0]}"
  }
}
