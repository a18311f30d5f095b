import { expect, test } from "vitest";
import { peerAddresses } from "./machines.ts";

const machine = (name: string, address: string, peer?: string) => ({ target: { name, peer }, found: { address } });

test("peers reach a machine where its sshd was reached, or at the address that is given", () => {
  expect(peerAddresses([machine("a", "10.0.0.1"), machine("b", "10.0.0.2", "192.168.0.2")])).toEqual([
    "10.0.0.1",
    "192.168.0.2",
  ]);
  expect(peerAddresses([machine("a", "127.0.0.1")])).toEqual(["127.0.0.1"]);
});

test.each([
  [machine("b", "10.0.0.1"), "a and b have the same address for peers, 10.0.0.1"],
  [machine("b", "127.0.0.1"), "peers cannot reach b at 127.0.0.1"],
  [machine("b", "fd00::2"), "b was reached at fd00::2, and peers need an IPv4 address"],
])("an address that peers cannot use is refused: %j", (other, problem) => {
  const remedy = "give each machine an IPv4 address of its own as +peer=ADDRESS";
  expect(() => peerAddresses([machine("a", "10.0.0.1"), other])).toThrow(`${problem}; ${remedy}`);
});
