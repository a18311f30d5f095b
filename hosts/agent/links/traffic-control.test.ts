import { expect, it } from "vitest";
import { TrafficControl } from "./traffic-control.ts";

/** A machine with one device, which keeps the handle of its queueing discipline, and what tc was told. */
function machine(root = "qdisc noqueue 0: root refcnt 2") {
  const device = { root, told: [] as string[] };
  const traffic = new TrafficControl(
    async (args) => {
      if (args[1] === "show") return device.root;
      device.told.push(args.join(" "));
      if (args[1] === "del") device.root = root;
      if (args.includes("root") && args[1] === "add") device.root = "qdisc htb 4b48: root refcnt 2 r2q 10";
      return "";
    },
    async (args) => `${args.at(-1)} dev eth0 src 10.0.0.9 uid 0`,
  );
  return { device, traffic };
}

it("gives each peer a class of its own, and what goes elsewhere passes unshaped", async () => {
  const { device, traffic } = machine();
  await traffic.set(["10.0.0.1"], { kind: "link-rate", bytesPerSecond: 32_000 });
  expect(device.told).toEqual([
    "qdisc add dev eth0 root handle 4b48: htb",
    "class add dev eth0 parent 4b48: classid 4b48:1 htb rate 32000bps",
    "filter add dev eth0 parent 4b48: protocol ip u32 match ip dst 10.0.0.1/32 flowid 4b48:1",
  ]);
});

it("lays impairments of one peer on top of each other, and takes each away by itself", async () => {
  const { device, traffic } = machine();
  await traffic.set(["10.0.0.1"], { kind: "link-slow", delayMs: 200, jitterMs: 40 });
  await traffic.set(["10.0.0.1"], { kind: "link-duplicate", share: 0.1 });
  expect(device.told.at(-2)).toBe("qdisc add dev eth0 parent 4b48:1 netem delay 200ms 40ms duplicate 10.000%");
  await traffic.clear(["10.0.0.1"], "link-slow");
  expect(device.told.at(-2)).toBe("qdisc add dev eth0 parent 4b48:1 netem duplicate 10.000%");
  await traffic.clear(["10.0.0.1"], "link-duplicate");
  expect([device.told.at(-1), device.root]).toEqual(["qdisc del dev eth0 root", "qdisc noqueue 0: root refcnt 2"]);
});

it("holds back the share that is to be overtaken", async () => {
  const { device, traffic } = machine();
  await traffic.set(["10.0.0.1"], { kind: "link-reorder", share: 0.3 });
  expect(device.told.at(-2)).toBe("qdisc add dev eth0 parent 4b48:1 netem delay 20ms 0ms reorder 70.000%");
});

it("takes all away when it stops, and leaves alone what somebody else has set up", async () => {
  const ours = machine();
  await ours.traffic.set(["10.0.0.1"], { kind: "link-rate", bytesPerSecond: 8000 });
  await ours.traffic.close();
  expect(ours.device.root).toContain("noqueue");
  const { device, traffic } = machine("qdisc tbf 8001: root refcnt 2 rate 1Mbit");
  await expect(traffic.set(["10.0.0.1"], { kind: "link-rate", bytesPerSecond: 8000 })).rejects.toThrow(
    "eth0 has a queueing discipline of its own, tbf",
  );
  expect(device.told).toEqual([]);
});

it("makes one change after another, and goes on after one that failed", async () => {
  const running = { now: 0, most: 0 };
  let root = "qdisc noqueue 0: root refcnt 2";
  const traffic = new TrafficControl(
    async (args) => {
      running.most = Math.max(running.most, ++running.now);
      await Promise.resolve();
      running.now--;
      if (args[1] === "show") return root;
      if (args.includes("netem")) throw new Error("Specified qdisc kind is unknown.");
      if (args.includes("root")) root = args[1] === "add" ? "qdisc htb 4b48: root refcnt 2" : "qdisc noqueue 0: root";
      return "";
    },
    async () => "10.0.0.1 dev eth0 src 10.0.0.9 uid 0",
  );
  const changes = await Promise.allSettled([
    traffic.set(["10.0.0.1"], { kind: "link-rate", bytesPerSecond: 8000 }),
    traffic.set(["10.0.0.1"], { kind: "link-duplicate", share: 0.1 }),
    traffic.clear(["10.0.0.1"], "link-duplicate"),
  ]);
  expect(running.most).toBe(1);
  expect(changes.at(-1)?.status).toBe("fulfilled");
  await traffic.clear(["10.0.0.1"], "link-rate");
  expect(root).toContain("noqueue");
});
