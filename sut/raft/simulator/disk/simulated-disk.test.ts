import { expect, test } from "vitest";
import { randomStream } from "../../../../random/stream.ts";
import { nowMs, sleepMs } from "../../../../time/clock.ts";
import { VirtualTime } from "../../../../time/virtual-time.ts";
import { DiskFull, StorageError } from "../../node/storage/errors.ts";
import { VirtualProcess } from "../process.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

const settings = {
  syncMs: [2, 2] as [number, number],
  slow: 0,
  slowMs: [0, 0] as [number, number],
  readMs: [0, 0] as [number, number],
  losesUnsynced: true,
  troubledMs: [30, 30] as [number, number],
  flippedBits: [2, 2] as [number, number],
};

function machine() {
  const time = new VirtualTime();
  const disk = new SimulatedDisk(time, settings, randomStream(1, "disk"));
  const process = new VirtualProcess(time, { offsetNs: 0, rate: 1 });
  return { time, disk, process, mounted: disk.mount(process, { fsync: true }) };
}

test("what is written is read at once, and durable when a sync is over, which takes its time", async () => {
  const { time, disk, process, mounted } = machine();
  await time.run(async () => {
    const file = await mounted.open("/d/f", "create");
    await file.write(Buffer.alloc(600, 1), 0);
    expect(await file.read(590, 10)).toEqual(Buffer.alloc(10, 1));
    await file.sync();
    await mounted.syncDirectory("/d");
    expect(nowMs(time)).toBe(4);
    await file.write(Buffer.alloc(100, 2), 600);
  });
  process.end();
  expect(disk.losePower()).toEqual({ unsyncedBytes: 512, unsyncedChanges: 0 });
  const next = disk.mount(new VirtualProcess(time, { offsetNs: 0, rate: 1 }), { fsync: true });
  await time.run(async () => {
    const file = await next.open("/d/f", "existing");
    expect(await file.read(0, 600)).toEqual(Buffer.alloc(600, 1));
  });
});

test("a process that has ended does nothing more to the disk, and is never answered", async () => {
  const { time, process, mounted, disk } = machine();
  let answered = false;
  await time.run(async () => {
    const file = await mounted.open("/d/f", "create");
    await file.write(Buffer.alloc(10), 0);
    file.sync().then(() => {
      answered = true;
    });
    process.end();
    mounted.remove("/d/f").then(() => {
      answered = true;
    });
    await sleepMs(time, 10);
  });
  expect(answered).toBe(false);
  expect(disk.losePower()).toMatchObject({ unsyncedBytes: 512, unsyncedChanges: 1 });
});

test("syncs fail while the disk does, and a full one takes what needs no room, until it takes nothing", async () => {
  const { time, disk, mounted } = machine();
  await time.run(async () => {
    const file = await mounted.open("/d/f", "create");
    disk.afflict("error");
    await expect(file.sync()).rejects.toThrow(new StorageError("/d/f cannot be synced: EIO: i/o error"));
    expect(disk.felt).toBe(1);
    disk.mend({ undoesDamage: false });
    await file.sync();
    await file.write(Buffer.alloc(100), 0);
    disk.afflict("full");
    await file.write(Buffer.alloc(100), 0);
    expect(disk.felt).toBe(0);
    await expect(file.write(Buffer.alloc(200), 0)).rejects.toThrow(DiskFull);
    expect(disk.felt).toBe(1);
    disk.takeNothing();
    await expect(file.write(Buffer.alloc(100), 0)).rejects.toThrow(DiskFull);
    disk.mend({ undoesDamage: false });
    await file.write(Buffer.alloc(200), 0);
  });
});
