import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ManagedHost } from "../../sandbox/engines/host/index.ts";

/** nginx.conf of a sandbox's host: everything inside its folder, sites and certificates in files of their own. */
export const NGINX_CONF = `${process.getuid?.() === 0 ? "user root;\n" : ""}worker_processes 1;
pid run/nginx.pid;
error_log var/log/nginx/error.log warn;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path tmp/body; proxy_temp_path tmp/proxy; fastcgi_temp_path tmp/fastcgi;
  uwsgi_temp_path tmp/uwsgi; scgi_temp_path tmp/scgi;
  include sites-enabled/*.conf;
}
`;

export const NGINX_UNIT = `[Service]
ExecStart=nginx -g "daemon off;"
ExecReload=nginx -s reload
`;

/** Puts nginx on a host, without sites. */
export function installNginx(host: ManagedHost): void {
  const write = (file: string, text: string) => writeFileSync(join(host.folder, file), text);
  for (const folder of ["etc/nginx/sites-enabled", "etc/nginx/tls"])
    mkdirSync(join(host.folder, folder), { recursive: true });
  write("etc/nginx/nginx.conf", NGINX_CONF);
  write("etc/systemd/system/nginx.service", NGINX_UNIT);
}
