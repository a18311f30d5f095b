import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeSystemError } from "./system-error.ts";

test("what the operating system refuses is told with the place, the reason and a remedy", async () => {
  const folder = mkdtempSync(join(tmpdir(), "keelhaul-system-error-"));
  const at = (name: string) => join(folder, name);
  writeFileSync(at("file"), "");
  const sentenceOf = async (attempt: Promise<unknown>) =>
    describeSystemError(
      await attempt.then(
        () => expect.fail(),
        (error) => error,
      ),
      "the place",
    );
  try {
    expect(await sentenceOf(readFile(at("none")))).toBe(
      `cannot open "${at("none")}": there is no such file or folder; check the path`,
    );
    expect(await sentenceOf(readFile(folder))).toBe('cannot read "the place": it is a folder, not a file; name a file');
    expect(await sentenceOf(mkdir(at("file/x")))).toBe(
      `cannot create the folder "${at("file/x")}": a part of the path is a file, not a folder; choose another path`,
    );
    expect(await sentenceOf(mkdir(at("none/x")))).toMatch(/accepts no new folders; choose another path$/);
    expect(await sentenceOf(rename(at("none"), at("other")))).toContain(`cannot create "${at("other")}"`);
    expect(await sentenceOf(writeFile("/dev/full", "x"))).toBe(
      'cannot write "the place": no space is left on the device; free some space or choose another disk',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a port that is taken is named with its address", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const other = createServer();
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
    other.once("error", resolve).listen(port, "127.0.0.1");
  });
  server.close();
  expect(describeSystemError(error)).toBe(
    `cannot listen on "127.0.0.1:${port}": another program listens there; stop it or choose another port`,
  );
});

test("a code without words of its own is told as it is", () => {
  const error = Object.assign(new Error("EXDEV: cross-device link"), { code: "EXDEV", syscall: "link", path: "a" });
  expect(describeSystemError(error)).toBe('cannot link "a": EXDEV');
});
