import { underContract } from "./under-contract.ts";

underContract("code");
