import { expect, test } from "vitest";
import { RecentEvents } from "./recent-events.ts";

test("the last ones are told, oldest first, with the time where it is known", () => {
  const recent = new RecentEvents(2);
  recent.add(1, null, "n1", () => "starts");
  recent.add(5, 1_250_000_000, "n2", () => "crashes");
  recent.add(6, null, "n1", () => "has write 3 on its disk");
  expect(recent.lines()).toEqual(["5 1.250000s n2 crashes", "6 n1 has write 3 on its disk"]);
});
