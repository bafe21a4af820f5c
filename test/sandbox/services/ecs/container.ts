/** What the images of these tests run: a server that says its version, or is sick, or ends at once. */
import { createServer } from "node:http";

const { TASK_ADDRESS, VERSION = "none", MODE = "well" } = process.env;
if (MODE === "crash") process.exit(3);
const server = createServer((request, response) => {
  console.log(`GET ${request.url}`);
  response.writeHead(MODE === "sick" ? 500 : 200).end(VERSION);
});
server.listen(8080, TASK_ADDRESS);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
