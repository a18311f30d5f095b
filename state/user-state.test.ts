import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UsageError } from "../errors/errors.ts";
import { currentUser } from "./trust.ts";
import { listState, readState, removeState, type StateSource, userStateFolder, writeState } from "./user-state.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "keelhaul-state-")));
  vi.stubEnv("XDG_STATE_HOME", join(folder, "state"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const user = currentUser();
/** Somebody else: for them, everything that this process makes is another user's. */
const stranger = { uid: user.uid + 4242, gid: user.gid + 4242 };

const source = (changes: Partial<StateSource>): StateSource => ({
  environment: {},
  home: join(folder, "home"),
  temporary: join(folder, "tmp"),
  user,
  ...changes,
});

const makeFolder = (name: string, mode = 0o700): string => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  return path;
};

describe("the state folder", () => {
  test("is the user's alone, in XDG_STATE_HOME", () => {
    const made = userStateFolder(source({ environment: { XDG_STATE_HOME: join(folder, "xdg") } }));
    expect(made).toBe(join(folder, "xdg", "keelhaul"));
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  test("is in the home, or in the temporary folder where there is no home", () => {
    makeFolder("tmp");
    expect(userStateFolder(source({}))).toBe(join(folder, "tmp", `keelhaul-${user.uid}`));
    const home = makeFolder("home");
    expect(userStateFolder(source({}))).toBe(join(home, ".local", "state", "keelhaul"));
  });

  test("is not in a home that another user can write to", () => {
    makeFolder("tmp", 0o1777);
    makeFolder("home", 0o777);
    expect(userStateFolder(source({}))).toBe(join(folder, "tmp", `keelhaul-${user.uid}`));
  });

  test("is refused where another user planted it", () => {
    const planted = makeFolder("tmp", 0o1777);
    makeFolder(`tmp/keelhaul-${stranger.uid}`);
    const look = () => userStateFolder(source({ temporary: planted, home: "/nonexistent", user: stranger }));
    expect(look).toThrow(UsageError);
    expect(look).toThrow(
      `${planted}/keelhaul-${stranger.uid} belongs to uid ${user.uid}; expected uid ${stranger.uid}; correct that, or set XDG_STATE_HOME`,
    );
  });

  test("is refused as a symbolic link", () => {
    makeFolder("xdg");
    symlinkSync(makeFolder("elsewhere"), join(folder, "xdg", "keelhaul"));
    expect(() => userStateFolder(source({ environment: { XDG_STATE_HOME: join(folder, "xdg") } }))).toThrow(
      /keelhaul is a symbolic link; expected a directory/,
    );
  });

  test("is refused when others can write to it, or exchange it", () => {
    const environment = { XDG_STATE_HOME: makeFolder("xdg") };
    makeFolder("xdg/keelhaul", 0o770);
    expect(() => userStateFolder(source({ environment }))).toThrow(/can be written by other users \(mode 0770\)/);
    makeFolder("xdg/keelhaul", 0o700);
    makeFolder("xdg", 0o777);
    expect(() => userStateFolder(source({ environment }))).toThrow(/xdg can be written by other users \(mode 0777\)/);
  });
});

describe("a file of the state", () => {
  test("is read as it was written last, by this user alone", async () => {
    await writeState("clusters", "a", "one");
    await writeState("clusters", "a", "two");
    expect(await readState("clusters", "a")).toBe("two");
    expect(await listState("clusters")).toEqual(["a"]);
    expect(statSync(join(folder, "state", "keelhaul", "clusters", "a")).mode & 0o777).toBe(0o600);
    await removeState("clusters", "a");
    expect(await readState("clusters", "a")).toBeUndefined();
  });

  test("replaces a link, and does not follow it", async () => {
    const victim = join(folder, "victim");
    await writeFile(victim, "precious");
    await writeState("clusters", "a", "one");
    const clusters = join(folder, "state", "keelhaul", "clusters");
    await removeState("clusters", "a");
    symlinkSync(victim, join(clusters, "a"));
    await expect(readState("clusters", "a")).rejects.toThrow(/ELOOP/);
    await writeState("clusters", "a", "two");
    expect(await readFile(victim, "utf8")).toBe("precious");
    expect(await readdir(clusters)).toEqual(["a"]);
  });

  test.runIf(user.uid === 0)("of another user is refused", async () => {
    await writeState("clusters", "a", "one");
    chownSync(join(folder, "state", "keelhaul", "clusters", "a"), stranger.uid, stranger.gid);
    await expect(readState("clusters", "a")).rejects.toThrow(`belongs to uid ${stranger.uid}; expected uid 0`);
  });
});
