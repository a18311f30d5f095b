import { expect, test } from "vitest";
import type { Operation } from "../../../history/event.ts";
import { memory } from "../../../sut/memory/system.ts";
import type { System } from "../../../sut/system.ts";
import { withOwnKeys } from "./own-keys.ts";

/** A system whose clients answer with what they were asked, and what they were asked. */
function echoing(): { readonly system: System; readonly asked: Operation[] } {
  const asked: Operation[] = [];
  const client: System["client"] = () => ({
    invoke: async (operation) => {
      asked.push(operation);
      return { type: "ok", value: operation.value };
    },
    close: () => {},
  });
  return { system: { ...memory, client }, asked };
}

test("keys of operations and of steps have a prefix in the store, and none in the history", async () => {
  const { system, asked } = echoing();
  const client = withOwnKeys(system, "s1/").client([], {});
  const steps = [
    ["r", "x", null],
    ["append", "y", 3],
  ];
  await client.invoke({ f: "write", key: "x", value: ["r", "x"] }, 100);
  expect(await client.invoke({ f: "txn", value: steps }, 100)).toEqual({ type: "ok", value: steps });
  expect(asked).toEqual([
    { f: "write", key: "s1/x", value: ["r", "x"] },
    {
      f: "txn",
      value: [
        ["r", "s1/x", null],
        ["append", "s1/y", 3],
      ],
    },
  ]);
});

test("all else is the system's own, also where that is an instance of a class", () => {
  class Store {
    readonly name = "store";
    ping(): string {
      return this.name;
    }
  }
  const store = withOwnKeys(new Store() as unknown as System, "a/") as unknown as Store;
  expect(store.ping()).toBe("store");
});
