import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addKnownHost, KnownHosts } from "./known-hosts.ts";

const ours = keyOf("ssh-ed25519", "ours");
const other = keyOf("ssh-ed25519", "other");

function keyOf(type: string, content: string): Buffer {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.from(content)]);
}

function line(hosts: string, key: Buffer): string {
  return `${hosts} ssh-ed25519 ${key.toString("base64")}\n`;
}

test.each([
  ["a name", line("n1.example", ours), "n1.example", 22],
  ["a name in another case", line("N1.example", ours), "n1.example", 22],
  ["a name among others", line("n0,n1.example,10.0.0.1", ours), "10.0.0.1", 22],
  ["a pattern", line("*.example", ours), "n1.example", 22],
  ["a port", line("[10.0.0.1]:2222", ours), "10.0.0.1", 2222],
  ["a hashed name", line(hashed("n1.example"), ours), "n1.example", 22],
])("a key is known by %s, and another key has changed", (_, text, host, port) => {
  const known = new KnownHosts(text);
  expect(known.check(host, port, ours)).toBe("known");
  expect(known.check(host, port, other)).toBe("changed");
  expect(known.typesOf(host, port)).toEqual(["ssh-ed25519"]);
});

test.each([
  ["another host", line("n2", ours), "n1", 22],
  ["another port", line("n1", ours), "n1", 2222],
  ["a dot that stands for any character", line("n1xexample", ours), "n1.example", 22],
  ["a pattern with an exception", line("*,!n1", ours), "n1", 22],
  ["a comment", `# ${line("n1", ours)}`, "n1", 22],
  ["a certificate authority", `@cert-authority ${line("n1", ours)}`, "n1", 22],
])("a key is not known by %s", (_, text, host, port) => {
  expect(new KnownHosts(text).check(host, port, ours)).toBe("unknown");
});

test("a revoked key is refused although it is also listed", () => {
  const known = new KnownHosts(`${line("n1", ours)}@revoked ${line("*", ours)}`);
  expect(known.check("n1", 22, ours)).toBe("revoked");
});

test("a key that was added is known from then on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keelhaul-known-"));
  try {
    const file = join(folder, "ssh", "known_hosts");
    expect((await KnownHosts.read(file)).check("n1", 2222, ours)).toBe("unknown");
    await addKnownHost(file, "n1", 2222, ours);
    expect((await KnownHosts.read(file)).check("n1", 2222, ours)).toBe("known");
    expect((await KnownHosts.read(file)).typesOf("n1", 2222)).toEqual(["ssh-ed25519"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

function hashed(name: string): string {
  const salt = Buffer.from("twenty bytes of salt");
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}
