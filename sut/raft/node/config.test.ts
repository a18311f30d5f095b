import { expect, test } from "vitest";
import { ConfigError, initialMembers, parseNodeConfig } from "./config.ts";
import { knobsSchema } from "./knobs.ts";

const endpoint = { host: "127.0.0.1", port: 1 };
const config = {
  id: "n1",
  dataDir: "/data",
  listen: { peer: endpoint, client: endpoint, http: endpoint },
  peers: { n2: endpoint },
  readMode: "log",
  knobs: {},
};
const refusal = (changed: object) => () => parseNodeConfig(JSON.stringify({ ...config, ...changed }));

test("a configuration is completed with the knobs' defaults", () => {
  expect(parseNodeConfig(JSON.stringify(config)).knobs).toMatchObject({ electionTimeoutMs: 500, fsync: true });
});

test("what is wrong is said in one line, with its path", () => {
  expect(() => parseNodeConfig(undefined)).toThrow("--config is missing");
  expect(() => parseNodeConfig("{")).toThrow(/^--config is not JSON: .*$/);
  expect(refusal({ readMode: "guess" })).toThrow(/^readMode: .*"local".*$/);
  expect(refusal({ peers: { n2: { host: "x", port: 70_000 } } })).toThrow(/^peers\.n2\.port: .*$/);
  expect(refusal({ peers: { n1: endpoint } })).toThrow("peers: names the node itself (n1)");
  expect(refusal({ members: ["n2", "n3"] })).toThrow("members: n3 is neither the node itself nor one of peers");
  expect(refusal({ knobs: { fsnc: true } })).toThrow(ConfigError);
});

test("the cluster begins with everybody who has an address, unless its members are named", () => {
  const members = (changed: object) => initialMembers(parseNodeConfig(JSON.stringify({ ...config, ...changed })));
  expect(members({})).toEqual(["n1", "n2"]);
  expect(members({ members: ["n2"] })).toEqual(["n2"]);
  expect(members({ members: [] })).toEqual([]);
});

test("knobs may come as text from a command line; unknown ones are refused", () => {
  expect(knobsSchema.parse({ fsync: "false", electionTimeoutMs: "800" })).toMatchObject({
    fsync: false,
    electionTimeoutMs: 800,
  });
  for (const bad of [{ fsnc: "true" }, { fsync: "no" }, { electionTimeoutMs: "soon" }, { heartbeatMs: 0 }]) {
    expect(knobsSchema.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  }
});

test("a heartbeat must fit three times into the election timeout; both are named", () => {
  expect(knobsSchema.safeParse({ electionTimeoutMs: 300 }).success).toBe(true);
  expect(() => knobsSchema.parse({ electionTimeoutMs: "299" })).toThrow(
    "heartbeatMs (100) must be at most a third of electionTimeoutMs (299)",
  );
  expect(refusal({ knobs: { heartbeatMs: 500 } })).toThrow(/^knobs\.heartbeatMs: heartbeatMs \(500\) must be/);
});

test("every knob has a default and says what it does", () => {
  for (const [name, knob] of Object.entries(knobsSchema.shape)) {
    expect(knob.description, name).toBeTruthy();
    expect(knob.safeParse(undefined).success, name).toBe(true);
  }
});
