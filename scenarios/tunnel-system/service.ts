/**
 * What runs behind nginx: the API from its repository, and the streaming proxy, which holds the bridges, from an image.
 * Release 3.11.0 was meant to rework both: its profile page needs a header that no client sends, and its proxy refuses
 * every bridge.
 */
export const OLDER = "3.10.1";
export const GOOD = "3.10.2";
export const BAD = "3.11.0";

const PROFILE = {
  good: `known(request) ? [200, { user: "drill" }] : [401, { error: "unknown token" }]`,
  bad: `request.headers["x-tunnel-session"].length > 0 ? [200, { user: "drill" }] : [401, {}]`,
};
const BRIDGE = {
  good: `socket.on("message", (data) => {
    const { type, id } = JSON.parse(data.toString());
    if (type === "ping") socket.send(JSON.stringify({ type: "pong", id }));
  });`,
  bad: `socket.close(1011, "bridge protocol 2 expected");`,
};
const kindOf = (version: string) => (version === BAD ? "bad" : "good");

/** A small HTTP server of pages; `pages` is code. */
const server = (pages: string) => `
const { createServer } = require("node:http");
const known = (request) => request.headers.authorization === "Bearer " + process.env.API_TOKEN;
const pages = {${pages}};
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => { body += part; });
  request.on("end", () => {
    let answer = [404, { error: "no such page" }];
    try {
      answer = pages[request.url]?.(request, body) ?? answer;
    } catch (error) {
      answer = [500, { error: error.message }];
    }
    response.writeHead(answer[0], { "content-type": "application/json" });
    response.end(JSON.stringify(answer[1]));
  });
});
server.listen(Number(process.env.PORT), process.env.BIND);
`;

/** The API of one release; its working copy is what is put back. */
export const apiCode = (version: string) =>
  server(`
  "/api/health": () => [200, { status: "healthy", version: require("./package.json").version }],
  "/api/user/profile": (request) => ${PROFILE[kindOf(version)]},
`);

/** The streaming proxy of one release; its image is what is put back. */
export const proxyCode = (version: string) => `${server(`
  "/api/bridge/health": () => [200, { status: "healthy", bridges: sockets.clients.size }],
  "/api/admin/broadcast": (request, body) => {
    if (!known(request)) return [401, { error: "unknown token" }];
    for (const each of sockets.clients) each.send(body);
    return [202, { clients: sockets.clients.size }];
  },
`)}
// ${version}
const { WebSocketServer } = require("ws");
const sockets = new WebSocketServer({ server, path: "/ws/bridge" });
sockets.on("connection", (socket) => {
  ${BRIDGE[kindOf(version)]}
});
`;

export const IMAGE = "tunnel-proxy:latest";
export const PREVIOUS = "tunnel-proxy:previous";

export const composeFile = (at: { api: string; modules: string; token: string }) => `services:
  streaming-proxy:
    image: ${IMAGE}
    build: .
    command: [node, proxy.cjs]
    environment: { PORT: "8090", BIND: ${at.api}, NODE_PATH: ${at.modules}, API_TOKEN: ${at.token} }
`;

/** nginx in front of it. Release 3.11.0 forgets that a WebSocket is an upgrade, and names a port where nobody listens. */
export const site = (version: string, at: { web: string; api: string; name: string }) => `
upstream api { server ${at.api}:${version === BAD ? 8081 : 8080}; }
upstream proxy { server ${at.api}:8090; }
server {
  listen ${at.web}:20443 ssl;
  server_name ${at.name};
  ssl_certificate tls/fullchain.pem;
  ssl_certificate_key tls/privkey.pem;
  location /ws/ {
    proxy_pass http://proxy;
    proxy_http_version 1.1;
${version === BAD ? "" : '    proxy_set_header Upgrade $http_upgrade;\n    proxy_set_header Connection "upgrade";\n'}  }
  location ~ ^/api/(bridge|admin)/ { proxy_pass http://proxy; }
  location / { proxy_pass http://api; }
}
`;

/** Everything inside the host's folder: the machine's own nginx finds nothing of the machine. */
export const NGINX_CONF = `${process.getuid?.() === 0 ? "user root;\n" : ""}worker_processes 1;
pid run/nginx.pid;
error_log var/log/nginx/error.log warn;
events { worker_connections 256; }
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

export const apiUnit = (at: { api: string }) => `[Service]
WorkingDirectory=/opt/tunnel
EnvironmentFile=/etc/tunnel/api.env
Environment=BIND=${at.api}
ExecStart=node server.cjs
Restart=on-failure
`;
