import { createHmac } from "node:crypto";
import { once } from "node:events";
import { get, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { json as readJson } from "node:stream/consumers";
import { Registry } from "prom-client";
import { afterEach, describe, expect, test } from "vitest";
import { patienceMs } from "../../../tests/test-support/patience.ts";
import type { ChangeRefusal, MembershipChange } from "../core/change-plan.ts";
import type { TransferOutcome, TransferRefusal } from "../core/events.ts";
import type { ReadMode } from "../core/types.ts";
import type { Json, LogCommand } from "../kv/commands.ts";
import { type ClientAnswer, maxRequestBytes, type Question } from "../protocol/client-messages.ts";
import { decodeCommand } from "../protocol/command-codec.ts";
import { httpToken } from "../protocol/http-token.ts";
import type { ChangeAnswer } from "./driver.ts";
import type { NodeStatus } from "./http/status.ts";
import { createHttpPort, type HttpLimits } from "./http-port.ts";
import { testSecret } from "./test-cluster.ts";

type Asked = { readonly question: Question<LogCommand>; readonly readMode: ReadMode | undefined };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Resolves however the connection ends: the server may reset one that still sends. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** A port whose node answers everything alike, or never; returns its URL and what it was asked. */
async function portThatAnswers(
  answer: ClientAnswer | null,
  outcome: ChangeAnswer = { type: "outcome-unknown" },
  end: TransferOutcome = { type: "timed-out" },
  limits?: HttpLimits,
) {
  const refused: string[] = [];
  const transfers: (string | null)[] = [];
  const asked: Asked[] = [];
  const changes: MembershipChange[] = [];
  server = createHttpPort(
    {
      submit: (question, reply, readMode) => {
        const decoded = "read" in question ? question : { command: decodeCommand(question.command) };
        asked.push({ question: decoded, readMode });
        if (answer !== null) reply(answer);
      },
      reconfigure: (change, reply) => {
        changes.push(change);
        reply(outcome);
      },
      transfer: (to, reply) => {
        transfers.push(to);
        reply(end);
      },
      timeoutMs: 50,
      leaderAddress: (node) => (node === "n2" ? "127.0.0.1:7002" : undefined),
      status: () => ({ id: "n1" }) as NodeStatus,
      metrics: new Registry(),
      ownNames: new Set(["n1.example"]),
      secret: testSecret,
      onRefused: (reason) => refused.push(reason),
    },
    limits,
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked, changes, transfers, refused };
}

const bearer = { authorization: `Bearer ${httpToken(testSecret)}` };
const json = { ...bearer, "content-type": "application/json" };

async function call(url: string, method = "GET", body?: string): Promise<[status: number, body: unknown]> {
  const content = body === undefined ? { headers: bearer } : { body, headers: json };
  const response = await fetch(url, { method, redirect: "manual", ...content });
  return [response.status, await response.json()];
}

const refusal = (status: number, code: string, message: RegExp | string) => [
  status,
  { error: { code, message: message instanceof RegExp ? expect.stringMatching(message) : message } },
];

/** What a write is answered with: the store does not repeat it. */
function written(question: Question): Json | undefined {
  if ("read" in question) return undefined;
  const { command } = question;
  if (command.type === "append") return command.element;
  return "value" in command ? command.value : undefined;
}

describe("what a request asks of the store", () => {
  test.each<[method: string, path: string, body: string | undefined, question: Question]>([
    ["GET", "/kv/a%2Fb", undefined, { read: "a/b" }],
    ["PUT", "/kv/k", '{"deep":[1,null]}', { command: { type: "put", key: "k", value: { deep: [1, null] } } }],
    ["DELETE", "/kv/k", undefined, { command: { type: "delete", key: "k" } }],
    [
      "POST",
      "/kv/k/cas",
      '{"expected":null,"value":2}',
      { command: { type: "cas", key: "k", expected: null, value: 2 } },
    ],
    ["POST", "/kv/k/incr", '{"by":-3}', { command: { type: "incr", key: "k", by: -3 } }],
    ["POST", "/kv/k/incr", "", { command: { type: "incr", key: "k", by: 1 } }],
    ["POST", "/kv/k/append", '"x"', { command: { type: "append", key: "k", element: "x" } }],
    [
      "POST",
      "/txn",
      '[["r","k"],["r","k",null],["w","k",1],["append","l",2],["cas","k",[1,2]]]',
      {
        command: {
          type: "txn",
          steps: [
            ["r", "k", null],
            ["r", "k", null],
            ["w", "k", 1],
            ["append", "l", 2],
            ["cas", "k", [1, 2]],
          ],
        },
      },
    ],
  ])("%s %s %s", async (method, path, body, question) => {
    const { url, asked } = await portThatAnswers({ type: "ok", value: 7 });
    expect(await call(url + path, method, body)).toEqual([200, written(question) ?? 7]);
    expect(asked).toEqual([{ question, readMode: undefined }]);
  });

  test("a read chooses its mode", async () => {
    const { url, asked } = await portThatAnswers({ type: "ok", value: 7 });
    expect(await call(`${url}/kv/k?read=local`)).toEqual([200, 7]);
    expect(asked[0]?.readMode).toBe("local");
    expect(await call(`${url}/kv/k?read=psychic`)).toEqual(
      refusal(400, "bad-read-mode", /^\?read=psychic: expected one of local, leader, log, read-index/),
    );
  });
});

describe("what the node answers, as a status and a code", () => {
  test.each<[ClientAnswer, number, string, RegExp]>([
    [{ type: "cas-mismatch" }, 409, "cas-mismatch", /another value/],
    [{ type: "wrong-type" }, 409, "wrong-type", /append needs a list, incr a number/],
    [{ type: "too-large", limitBytes: 9 }, 413, "too-large", /larger than 9 bytes/],
    [{ type: "outcome-unknown" }, 504, "outcome-unknown", /may or may not have happened/],
    [{ type: "not-leader", leader: null }, 503, "no-leader", /no leader is known/],
    [{ type: "not-leader", leader: "n9" }, 421, "not-leader", /n9 leads; its address is not known here/],
  ])("%j", async (answer, status, code, message) => {
    const { url } = await portThatAnswers(answer);
    expect(await call(`${url}/kv/k`, "PUT", "1")).toEqual(refusal(status, code, message));
  });

  test("a key that is absent", async () => {
    const { url } = await portThatAnswers({ type: "ok", value: null });
    expect(await call(`${url}/kv/k`)).toEqual(refusal(404, "not-found", 'there is no key "k"'));
  });

  test("a leader whose address is known is where the same request goes next", async () => {
    const { url } = await portThatAnswers({ type: "not-leader", leader: "n2" });
    const response = await fetch(`${url}/kv/k/incr?x=1`, {
      method: "POST",
      body: "{}",
      headers: json,
      redirect: "manual",
    });
    expect(response.status).toBe(307);
    expect(response.headers.get("location")).toBe("http://127.0.0.1:7002/kv/k/incr?x=1");
  });

  test("a cluster that is silent", async () => {
    const { url } = await portThatAnswers(null);
    expect(await call(`${url}/kv/k`, "PUT", "1")).toEqual(
      refusal(504, "timeout", "no answer within 50 ms; it may still happen"),
    );
  });
});

describe("members", () => {
  const membership = { incoming: ["n1"], outgoing: [], learners: [], learnersNext: [], autoLeave: false };

  test.each([
    ["POST", "/members", '{"id":"n4","role":"learner"}', { type: "add-learner", node: "n4" }],
    ["POST", "/members", '{"id":"n4","role":"voter"}', { type: "add-voter", node: "n4" }],
    ["POST", "/members", '{"voters":["n1","n5"]}', { type: "replace", voters: ["n1", "n5"] }],
    ["POST", "/members/n4/promote", undefined, { type: "promote", node: "n4" }],
    ["POST", "/members/n4/demote", undefined, { type: "demote", node: "n4" }],
    ["DELETE", "/members/n4", undefined, { type: "remove", node: "n4" }],
  ])("%s %s %s", async (method, path, body, change) => {
    const { url, changes } = await portThatAnswers(null, { type: "reconfigured", membership });
    expect(await call(url + path, method, body)).toEqual([200, membership]);
    expect(changes).toEqual([change]);
  });

  test.each<[ChangeRefusal, number, RegExp]>([
    ["change-in-flight", 409, /another membership change/],
    ["not-ready", 503, /committed nothing in its term yet/],
    ["unknown-member", 404, /no such member, or a node whose address/],
    ["already-member", 409, /already/],
    ["learner-behind", 409, /has not caught up/],
    ["last-voter", 409, /the last voter cannot leave/],
  ])("refused: %s", async (reason, status, message) => {
    const { url } = await portThatAnswers(null, { type: "refused", reason });
    expect(await call(`${url}/members/n1`, "DELETE")).toEqual(refusal(status, reason, message));
  });

  test("a node that does not lead sends on, and a lost leadership is told of", async () => {
    const { url } = await portThatAnswers(null, { type: "not-leader", leader: "n9" });
    expect(await call(`${url}/members/n1`, "DELETE")).toEqual(refusal(421, "not-leader", /n9 leads/));
    server?.close();
    const other = await portThatAnswers(null, { type: "outcome-unknown" });
    expect(await call(`${other.url}/members/n1`, "DELETE")).toEqual(refusal(504, "outcome-unknown", /may or may not/));
  });
});

describe("transfer of leadership", () => {
  const withEnd = (end: TransferOutcome) => portThatAnswers(null, { type: "outcome-unknown" }, end);

  test.each([
    ['{"to":"n2"}', "n2"],
    ['{"to":null}', null],
    ["", null],
  ])("%s", async (body, to) => {
    const { url, transfers } = await withEnd({ type: "done", leader: "n2", term: 4 });
    expect(await call(`${url}/transfer`, "POST", body)).toEqual([200, { leader: "n2", term: 4 }]);
    expect(transfers).toEqual([to]);
  });

  test.each<[TransferRefusal, number, string, RegExp]>([
    ["not-leader", 307, "not-leader", /n2 leads/],
    ["already-leader", 409, "already-leader", /it leads already/],
    ["unknown-member", 404, "unknown-member", /no such member/],
    ["not-a-voter", 409, "not-a-voter", /a learner cannot lead/],
    ["no-other-voter", 409, "no-other-voter", /no other voter/],
    ["transfer-in-flight", 409, "transfer-in-flight", /being handed over/],
  ])("refused: %s", async (reason, status, code, message) => {
    const { url } = await withEnd({ type: "refused", reason, leader: "n2" });
    expect(await call(`${url}/transfer`, "POST", '{"to":"n3"}')).toEqual(refusal(status, code, message));
  });

  test("one that came to nothing", async () => {
    const { url } = await withEnd({ type: "timed-out" });
    expect(await call(`${url}/transfer`, "POST")).toEqual(refusal(504, "timed-out", /did not take over in time/));
    server?.close();
    const other = await withEnd({ type: "superseded", leader: "n3", term: 9 });
    expect(await call(`${other.url}/transfer`, "POST")).toEqual(refusal(409, "superseded", "n3 was elected instead"));
    expect(await call(`${other.url}/transfer`, "POST", '{"to":3}')).toEqual(
      refusal(400, "bad-body", 'the body: to: expected the id of a voter, such as "n2"'),
    );
    expect(await call(`${other.url}/transfer`, "POST", "[]")).toEqual(refusal(400, "bad-body", /expected an object/));
  });
});

describe("what cannot be read is refused in one sentence, and never reaches the store", () => {
  test.each([
    ["PUT", "/kv/k", "{", /^the body: not JSON: /],
    ["PUT", "/kv/k", "", /^the body: expected a JSON value$/],
    ["PUT", "/kv/k", "[1e999]", /^the body: expected a JSON value$/],
    ["PUT", "/kv/k", "[".repeat(200) + "]".repeat(200), /^the body: nested more than 128 levels deep$/],
    ["POST", "/kv/k/cas", '{"expected":1}', /^the body: value: expected a JSON value$/],
    ["POST", "/kv/k/cas", "3", /^the body: expected an object with expected, value$/],
    ["POST", "/kv/k/incr", '{"by":"3"}', /^the body: by: .*expected number/],
    ["POST", "/kv/k/incr", "[]", /^the body: expected an object with by$/],
    ["POST", "/txn", "{}", /^the body: expected a list of steps$/],
    ["POST", "/txn", '[["dance"]]', /^the body: 0: expected \["r", key\], \["w", key, value\]/],
  ])("%s %s %s", async (method, path, body, message) => {
    const { url, asked } = await portThatAnswers({ type: "ok", value: 7 });
    expect(await call(url + path, method, body)).toEqual(refusal(400, "bad-body", message));
    expect(asked).toEqual([]);
  });

  test("a body that is too large", async () => {
    const { url, asked } = await portThatAnswers({ type: "ok", value: 7 });
    const body = JSON.stringify("x".repeat(maxRequestBytes));
    expect(await call(`${url}/kv/k`, "PUT", body)).toEqual(
      refusal(413, "too-large", "the body is larger than 1048576 bytes"),
    );
    expect(asked).toEqual([]);
  });

  test("bytes that are not UTF-8", async () => {
    const { url } = await portThatAnswers({ type: "ok", value: 7 });
    const response = await fetch(`${url}/kv/k`, { method: "PUT", body: Buffer.of(0x22, 0xff, 0x22), headers: json });
    expect([response.status, await response.json()]).toEqual(refusal(400, "bad-body", "the body: not UTF-8"));
  });

  test.each(['{"id":"n4"}', '{"id":"n4","role":"king"}', '{"voters":[]}', "[]", ""])("members %s", async (body) => {
    const { url, changes } = await portThatAnswers(null);
    const answer = await call(`${url}/members`, "POST", body);
    expect(answer).toEqual(
      refusal(400, "bad-body", /^the body: expected {"id": "n4", "role": "learner"}, .* or {"voters"/),
    );
    expect(changes).toEqual([]);
  });

  test("paths and methods that are not there", async () => {
    const { url, port } = await portThatAnswers({ type: "ok", value: 7 });
    for (const target of ["//", "//x:y", "/constructor", "/kv/", "/kv/k/dance"]) {
      expect(await getTarget(port, target), target).toMatchObject(refusal(404, "no-route", /there is GET \/kv\/KEY, /));
    }
    expect(await getTarget(port, "/kv/%ff")).toEqual(refusal(400, "bad-path", "%ff is not percent-encoded UTF-8"));
    expect(await call(`${url}/kv/k`, "POST", "1")).toEqual(
      refusal(405, "method-not-allowed", "/kv/k answers GET, PUT, DELETE"),
    );
    expect((await fetch(`${url}/status?verbose`, { headers: bearer })).status).toBe(200);
  });
});

/** GET with a target as it stands: `fetch` would tidy it up. */
async function getTarget(port: number, target: string): Promise<[number | undefined, unknown]> {
  const [response] = (await once(get({ host: "127.0.0.1", port, path: target, headers: bearer }), "response")) as [
    IncomingMessage,
  ];
  return [response.statusCode, await readJson(response)];
}

describe("who may ask", () => {
  const hmac = (label: string) => createHmac("sha256", testSecret).update(label).digest("hex");
  const paths = ["/kv/k", "/status", "/metrics", "/members", "/no-such-path"];
  const tokens: [what: string, authorization: string | undefined, message: RegExp][] = [
    ["no token", undefined, /^Authorization is missing; expected "Bearer TOKEN", .*http-token file .*docs\/http\.md/],
    ["another cluster's token", `Bearer ${httpToken("f".repeat(32))}`, /^Authorization has another token; /],
    ["what another port of the cluster would take", `Bearer ${hmac("keelhaul client")}`, /another token/],
    ["the secret itself", `Bearer ${testSecret}`, /another token/],
    ["the token as another scheme", `Basic ${httpToken(testSecret)}`, /another token/],
    ["the token and one character more", `Bearer ${httpToken(testSecret)}0`, /another token/],
  ];

  test.each(tokens)(
    "with %s nothing is answered, the store is not asked, and a line is logged",
    async (...[, authorization, message]) => {
      const { url, asked, refused } = await portThatAnswers({ type: "ok", value: 7 });
      const headers = authorization === undefined ? {} : { authorization };
      for (const path of paths) {
        const response = await fetch(url + path, { headers });
        expect([response.status, await response.json()]).toEqual(refusal(401, "unauthorized", message));
        expect(response.headers.get("www-authenticate")).toBe("Bearer");
      }
      expect(asked).toEqual([]);
      expect(refused).toHaveLength(paths.length);
      expect(JSON.stringify(refused)).not.toContain(testSecret);
    },
  );

  test("the token of the cluster lets in", async () => {
    const { url, refused } = await portThatAnswers({ type: "ok", value: 7 });
    expect(await call(`${url}/kv/k`)).toEqual([200, 7]);
    expect((await fetch(`${url}/metrics`, { headers: bearer })).status).toBe(200);
    expect(refused).toEqual([]);
  });

  test("a stranger that sends a body without end loses its connection", async () => {
    const { port } = await portThatAnswers({ type: "ok", value: 7 });
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("PUT /kv/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const more = () => void (socket.writable && socket.write(chunk));
    socket.on("drain", more);
    more();
    await closed(socket.resume());
  });
});

describe("what other sites may have sent", () => {
  const put = async (port: number, headers: Record<string, string>, body = "1") => {
    const sent = httpRequest({ host: "127.0.0.1", port, method: "PUT", path: "/kv/k", headers });
    sent.end(body);
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return [response.statusCode, await readJson(response)];
  };

  test.each<[what: string, headers: Record<string, string>, status: number, code: string]>([
    ["a form", { ...bearer, "content-type": "text/plain" }, 415, "not-json"],
    ["a body of no type", bearer, 415, "not-json"],
    ["a page of another site", { ...json, origin: "https://elsewhere.example" }, 403, "foreign-origin"],
    ["a page without a site", { ...json, origin: "null" }, 403, "foreign-origin"],
    ["a page whose name was made to point here", { ...json, host: "elsewhere.example" }, 403, "foreign-host"],
  ])("%s is refused, and nothing is asked of the store", async (_, headers, status, code) => {
    const { port, asked } = await portThatAnswers({ type: "ok", value: null });
    expect(await put(port, headers)).toEqual([status, { error: { code, message: expect.any(String) } }]);
    expect(asked).toEqual([]);
  });

  test.each(["127.0.0.1", "localhost:7001", "[::1]:7001", "10.1.2.3:80", "n1.example:7001"])(
    "a request for %s is answered, also from a page of its own",
    async (host) => {
      const { port } = await portThatAnswers({ type: "ok", value: null });
      expect(await put(port, { ...json, host })).toEqual([200, 1]);
      expect(
        await put(port, {
          ...bearer,
          "content-type": "Application/JSON; charset=utf-8",
          host,
          origin: `http://${host}`,
        }),
      ).toEqual([200, 1]);
    },
  );
});

describe("a connection that holds up others ends", () => {
  const shortLimits = { headersMs: 20, requestMs: 40, unreadMs: 50, checkEveryMs: 10 };
  const head = (path: string, more = "") =>
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer.authorization}\r\n${more}\r\n`;
  const connected = (port: number) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    return socket;
  };

  test.each([
    ["headers that do not end", "PUT /kv/k HTTP/1.1\r\nHost: localhost\r\nX-Long: "],
    ["a body that does not end", head("/kv/k", "Content-Type: application/json\r\nContent-Length: 1000000\r\n")],
  ])("%s, a byte now and then", async (_, text) => {
    const limits = { ...shortLimits, unreadMs: patienceMs };
    const { port, url } = await portThatAnswers({ type: "ok", value: 7 }, undefined, undefined, limits);
    const socket = connected(port);
    socket.write(text.replace("GET", "PUT"));
    const trickle = setInterval(() => socket.write("1"), 5);
    await closed(socket.resume());
    clearInterval(trickle);
    expect(await call(`${url}/kv/k`)).toEqual([200, 7]);
  });

  test("requests without end, of which no answer is read", async () => {
    const value = "x".repeat(1024 * 1024);
    const { port, url, refused } = await portThatAnswers({ type: "ok", value });
    const socket = connected(port).pause();
    const more = () => void (socket.writable && socket.write(head("/kv/k").repeat(2000)));
    socket.on("drain", more);
    more();
    await expect
      .poll(() => refused, { timeout: patienceMs })
      .toEqual([expect.stringMatching(/^over HTTP: more than (64 MiB of answers wait to be read|100 requests wait)/)]);
    socket.destroy();
    expect(await call(`${url}/kv/k`)).toEqual([200, value]);
  });

  test("one answer that is not read", async () => {
    const value = "x".repeat(8 * 1024 * 1024);
    const { port, refused } = await portThatAnswers({ type: "ok", value }, undefined, undefined, shortLimits);
    const socket = connected(port).pause();
    socket.write(head("/kv/k"));
    await expect
      .poll(() => refused, { timeout: patienceMs })
      .toEqual(["over HTTP: no byte of an answer was read for 50 ms"]);
    socket.destroy();
  });

  test("a connection that is kept open and asks nothing more is closed, and nobody is blamed", async () => {
    const { port, refused } = await portThatAnswers({ type: "ok", value: 7 }, undefined, undefined, shortLimits);
    server!.keepAliveTimeout = 20;
    const socket = connected(port);
    socket.write(head("/kv/k"));
    await closed(socket.resume());
    expect(refused).toEqual([]);
  });

  test("many requests at once are answered as long as their answers are read", async () => {
    const { port, refused } = await portThatAnswers({ type: "ok", value: 7 });
    const socket = connected(port);
    socket.end(head("/kv/k").repeat(100));
    const answers = (await socket.toArray()).join("").match(/HTTP\/1.1 200 OK/g);
    expect([answers?.length, refused]).toEqual([100, []]);
  });
});

test("a key __proto__ is passed on in values, as in names", async () => {
  const { url, asked } = await portThatAnswers({ type: "ok", value: null });
  await call(`${url}/kv/__proto__`, "PUT", '{"__proto__":{"a":1}}');
  await call(`${url}/txn`, "POST", '[["w","__proto__",{"__proto__":2}]]');
  expect(JSON.stringify(asked.map(({ question }) => question))).toBe(
    '[{"command":{"type":"put","key":"__proto__","value":{"__proto__":{"a":1}}}},' +
      '{"command":{"type":"txn","steps":[["w","__proto__",{"__proto__":2}]]}}]',
  );
});
