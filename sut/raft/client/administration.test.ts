import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { RaftNode } from "../ports.ts";
import { administration } from "./administration.ts";

type Reply = readonly [status: number, body: unknown];

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A node whose HTTP port answers from a table; what it was asked besides its status is kept. */
async function nodeThat(id: string, answers: (request: string) => Reply, asked: string[] = []): Promise<RaftNode> {
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    const text = `${request.method} ${request.url}${body === "" ? "" : ` ${body}`}`;
    if (request.url !== "/status") asked.push(text);
    const [status, answer] = answers(text);
    response.writeHead(status).end(JSON.stringify(answer));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    id,
    secret: "0123456789abcdef0123456789abcdef",
    addresses: { reach: { http: { host: "127.0.0.1", port } } },
  } as unknown as RaftNode;
}

const membership = { incoming: ["n1", "n2"], outgoing: [], learners: ["n3"] };
const status = (id: string, role: string, term: number): Reply => [
  200,
  { id, role, term, leader: null, commitIndex: 1, lastApplied: 1, lastLogIndex: 1, snapshotIndex: 0, membership },
];

test("of two that claim to lead, the one of the newest term is asked", async () => {
  const [old, current]: [string[], string[]] = [[], []];
  const cluster = [
    await nodeThat("n1", () => status("n1", "leader", 3), old),
    await nodeThat(
      "n2",
      (request) => (request === "GET /status" ? status("n2", "leader", 4) : [200, membership]),
      current,
    ),
  ];
  const answer = await administration.changeMembers(cluster, { type: "remove", node: "n4" }, 1000);
  expect(answer).toMatchObject({
    done: true,
    observation: expect.stringMatching(/^removed: voters n1 n2, learners n3, after/),
  });
  expect([old, current]).toEqual([[], ["DELETE /members/n4"]]);
});

test("a reason that passes by itself is waited for, another one is the answer", async () => {
  const replies: Reply[] = [
    [409, { error: { code: "learner-behind", message: "wait" } }],
    [200, membership],
    [409, { error: { code: "last-voter", message: "it cannot leave" } }],
  ];
  const leader = await nodeThat("n1", (request) =>
    request === "GET /status" ? status("n1", "leader", 1) : replies.shift()!,
  );
  expect(await administration.changeMembers([leader], { type: "promote", node: "n3" }, 1000)).toMatchObject({
    done: true,
  });
  expect(await administration.changeMembers([leader], { type: "remove", node: "n1" }, 1000)).toEqual({
    done: false,
    observation: "n1 answered last-voter: it cannot leave",
  });
});

test("a transfer is done when the node that was to lead says that it does", async () => {
  let term = 1;
  const asked: string[] = [];
  const answers =
    (id: string) =>
    (request: string): Reply => {
      if (request === "GET /status") return status(id, (id === "n2") === term > 1 ? "leader" : "follower", term);
      term = 2;
      return [200, {}];
    };
  const cluster = [await nodeThat("n1", answers("n1"), asked), await nodeThat("n2", answers("n2"), asked)];
  expect(await administration.transferLeadership(cluster, "n2", 1000)).toMatchObject({
    done: true,
    observation: expect.stringMatching(/^n2 leads term 2, after \d+ ms$/),
  });
  expect(asked).toEqual(['POST /transfer {"to":"n2"}']);
});

test("while nobody leads there is nobody to ask", async () => {
  const follower = await nodeThat("n1", () => status("n1", "follower", 1));
  await expect(administration.members([follower], 500)).rejects.toThrow("no node says that it leads");
});
