import { expect, test } from "vitest";
import { asRoot, freeMiBOf, suitableNode } from "./survey.ts";

test("free space is read from df", () => {
  const listing =
    "Filesystem     1024-blocks     Used Available Capacity Mounted on\noverlay 100000 4096 2097152 5% /\n";
  expect(freeMiBOf(listing.trim())).toBe(2048);
  expect(freeMiBOf("")).toBe(0);
});

test.each([
  ["v24.1.0 /usr/local/bin/node", "/usr/local/bin/node"],
  ["v26.0.0-nightly /opt/my node/bin/node", "/opt/my node/bin/node"],
  ["v20.19.2 /usr/bin/node", null],
  ["", null],
])("of a machine where node prints %j, %j is used", (printed, path) => {
  expect(suitableNode(printed)).toBe(path);
});

test("sudo is used by users other than root, and never asks for a password", () => {
  expect(asRoot(true, ["iptables", "-S"])).toEqual(["iptables", "-S"]);
  expect(asRoot(false, ["iptables", "-S"])).toEqual(["sudo", "-n", "--", "iptables", "-S"]);
});
