import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Docker from "dockerode";
import { afterEach, expect, test } from "vitest";
import { removeRun } from "./remove.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Reply = readonly [status: number, body: unknown];
const done: Reply = [204, null];
const gone: Reply = [200, { StatusCode: 0 }];
const volumeInUse: Reply = [409, { message: "remove v1: volume is in use - [c1]" }];
const networkInUse: Reply = [403, { message: "error while removing network: network w1 has active endpoints" }];

/** An engine with a container, a volume and a network of run r1. Each request takes the next of its replies, the last for ever. */
async function engine(replies: Record<string, Reply[]>) {
  const asked: string[] = [];
  const things: Record<string, unknown> = {
    "/containers/json": [{ Id: "c1", Names: ["/keelhaul-r1-n1"] }],
    "/volumes": { Volumes: [{ Name: "v1" }] },
    "/networks": [{ Id: "w1", Name: "keelhaul-r1" }],
  };
  server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0]!;
    const name = `${request.method} ${path}`;
    asked.push(name);
    const left = replies[name] ?? [name.endsWith("/wait") ? gone : done];
    const [status, body] = path in things ? [200, things[path]] : left.length > 1 ? left.shift()! : left[0]!;
    response.writeHead(status, { "content-type": "application/json" }).end(body === null ? "" : JSON.stringify(body));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { docker: new Docker({ protocol: "http", host: "127.0.0.1", port }), asked };
}

const soon = { againMs: 1, attempts: 5 };
const count = (asked: readonly string[], name: string) => asked.filter((each) => each === name).length;

test("what is still in use after its container went is removed a moment later", async () => {
  const { docker, asked } = await engine({
    "DELETE /volumes/v1": [volumeInUse, volumeInUse, done],
    "DELETE /networks/w1": [networkInUse, done],
  });
  expect(await removeRun(docker, "r1", soon)).toEqual([
    "removed container keelhaul-r1-n1 of run r1",
    "removed volume v1 of run r1",
    "removed network keelhaul-r1 of run r1",
  ]);
  expect(count(asked, "DELETE /volumes/v1")).toBe(3);
  expect(count(asked, "DELETE /networks/w1")).toBe(2);
});

test("a removal that another process has begun is waited for before the volume is removed", async () => {
  const { docker, asked } = await engine({
    "DELETE /containers/c1": [[409, { message: "removal of container c1 is already in progress" }]],
    "POST /containers/c1/wait": [[404, { message: "No such container: c1" }]],
  });
  await removeRun(docker, "r1", soon);
  const order = asked.filter((name) => !name.startsWith("GET"));
  expect(order.slice(0, 3)).toEqual(["DELETE /containers/c1", "POST /containers/c1/wait", "DELETE /volumes/v1"]);
});

test("what stays in use is an error, after a bounded number of attempts", async () => {
  const { docker, asked } = await engine({ "DELETE /volumes/v1": [volumeInUse] });
  await expect(removeRun(docker, "r1", soon)).rejects.toThrow("volume is in use");
  expect(count(asked, "DELETE /volumes/v1")).toBe(5);
});

test("what cannot be removed for another reason is an error at once", async () => {
  const { docker, asked } = await engine({ "DELETE /volumes/v1": [[500, { message: "no space left on device" }]] });
  await expect(removeRun(docker, "r1", soon)).rejects.toThrow("no space left");
  expect(count(asked, "DELETE /volumes/v1")).toBe(1);
});
