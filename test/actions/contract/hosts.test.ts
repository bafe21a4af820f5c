import { underContract } from "./under-contract.ts";

underContract("hosts");
