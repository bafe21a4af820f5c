import { createServer } from "node:http";

/** What is in the test's image: says its setting, is ready unless told otherwise, ends badly when told to. */
const { HOST, SETTING = "", FAIL } = process.env;
if (FAIL) {
  console.log("migration is missing");
  process.exit(3);
}
createServer((request, response) => {
  response.statusCode = request.url === "/ready" && SETTING === "not ready" ? 503 : 200;
  response.end(SETTING);
}).listen(8080, HOST);
