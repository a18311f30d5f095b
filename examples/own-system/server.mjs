// A tiny store without a leader: each key lives on one node, and every node forwards requests to the key's owner.
import { createServer } from "node:http";

const { id, listen, peers } = JSON.parse(process.argv[2]);
const nodes = [id, ...Object.keys(peers)].sort();
const values = new Map();

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  try {
    response.end(JSON.stringify(request.url === "/ping" ? {} : await carryOut(JSON.parse(body))));
  } catch {
    response.writeHead(503).end();
  }
}).listen(listen.port, listen.host);

async function carryOut({ f, key, value }) {
  const owner = nodes[[...key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % nodes.length];
  if (owner !== id) {
    const { host, port } = peers[owner];
    const request = { method: "POST", body: JSON.stringify({ f, key, value }) };
    return (await fetch(`http://${host}:${port}`, request)).json();
  }
  const held = values.get(key) ?? null;
  if (f === "read") return { value: held };
  if (f === "cas" && held !== value[0]) return { refused: true };
  values.set(key, f === "cas" ? value[1] : value);
  return { value };
}
