import { underContract } from "./under-contract.ts";

underContract("llm-research-lab");
