import type { Application, CreateApplicationCommandInput } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { appConfigState, newId } from "./state.ts";

export const CreateApplication = operation<CreateApplicationCommandInput, Application>({
  authorize: () => [{ action: "appconfig:CreateApplication", resources: ["*"] }],
  run: ({ Name = "", Description }, { world }) => {
    const id = newId();
    appConfigState(world).applications.set(id, {
      id,
      name: Name,
      description: Description,
      environments: new Map(),
      profiles: new Map(),
    });
    return { Id: id, Name, Description };
  },
});
