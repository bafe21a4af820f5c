import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ManagedHost } from "../../sandbox/engines/host/index.ts";
import { NGINX_CONF, NGINX_UNIT } from "../../scenarios/tunnel-system/service.ts";

/** Puts nginx on a host, without sites. */
export function installNginx(host: ManagedHost): void {
  const write = (file: string, text: string) => writeFileSync(join(host.folder, file), text);
  for (const folder of ["etc/nginx/sites-enabled", "etc/nginx/tls"])
    mkdirSync(join(host.folder, folder), { recursive: true });
  write("etc/nginx/nginx.conf", NGINX_CONF);
  write("etc/systemd/system/nginx.service", NGINX_UNIT);
}
