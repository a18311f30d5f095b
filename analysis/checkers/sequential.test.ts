import { describe, expect, it } from "vitest";
import { judgeRegisters } from "../register/judge.ts";
import { textHistory } from "../test-support/text-history.ts";
import { sequentialChecker } from "./sequential.ts";

/** One operation after the other, a line each: `process f value /key`; `!code` fails it, `?` leaves it open. */
function check(text: string) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const both = lines.flatMap((line) => {
    const [process, f, value, ...rest] = line.trim().split(/\s+/);
    const failed = rest.some((word) => word.startsWith("!"));
    const type = rest.includes("?") ? "info" : failed ? "fail" : "ok";
    const marks = rest.filter((word) => word !== "?").join(" ");
    return [`${process} invoke ${f} ${value} ${marks}`, `${process} ${type} ${f} ${value} ${marks}`];
  });
  const events = textHistory(both.join("\n"));
  return { ...sequentialChecker.check(events), linearizable: judgeRegisters(events, null).result.verdict };
}

describe("sequential consistency", () => {
  it("accepts a stale read that another order of the processes explains, which is not linearizable", () => {
    expect(check("0 write 1\n0 write 2\n1 read 1\n1 read 2")).toMatchObject({
      ...{ verdict: "valid", linearizable: "invalid" },
      summary: "4 operations on 1 key are sequentially consistent",
      ...{ operations: 4, keys: 1, processes: 2 },
    });
    expect(check("0 write 1\n1 read null")).toMatchObject({ verdict: "valid", linearizable: "invalid" });
    expect(check("0 write 1 /x\n0 write 2 /y\n1 read null /y\n1 read null /x")).toMatchObject({ verdict: "valid" });
  });

  it("refuses what each key alone would allow", () => {
    const result = check("0 write 1 /x\n0 read null /y\n1 write 2 /y\n1 read null /x");
    expect(result.verdict).toBe("invalid");
    expect(result.violations[0]?.kind).toBe("sequential-cycle");
    expect(result.violations[0]?.operations).toHaveLength(4);
    expect(result.summary).toContain('process 0 read no value of "y" before process 1 wrote 2 to "y" (it saw that');
    expect(check("0 write 1 /x\n0 read null /y\n1 write 2 /y\n1 read 1 /x").verdict).toBe("valid");
  });

  it("refuses a process that goes back to a value it has left behind", () => {
    const result = check("0 write 1\n0 write 2\n1 read 2\n1 read 1");
    expect(result).toMatchObject({ verdict: "invalid", violationCount: 1 });
    expect(result.summary).toContain("no order of the processes' operations explains all answers");
    expect(result.summary).toContain('process 1 read 1 of "x"');
  });

  it("refuses a process that does not see what it wrote itself", () => {
    expect(check("0 write 1\n0 read null").verdict).toBe("invalid");
    expect(check("0 write 1\n0 read 1").verdict).toBe("valid");
  });

  it("refuses processes that see two writes in opposite orders", () => {
    expect(check("0 write 1\n1 write 2\n2 read 1\n2 read 2\n3 read 2\n3 read 1").verdict).toBe("invalid");
    expect(check("0 write 1\n1 write 2\n2 read 1\n2 read 2\n3 read 1\n3 read 2").verdict).toBe("valid");
  });

  it("refuses two compare-and-sets from one value", () => {
    expect(check("0 write 1\n1 cas 1>2\n2 cas 1>3").verdict).toBe("invalid");
    expect(check("0 write 1\n1 cas 1>2\n2 cas 2>3").verdict).toBe("valid");
  });

  it("tells values that nobody wrote, or whose write failed", () => {
    expect(check("0 write 1\n1 read 9").summary).toBe(
      'not sequentially consistent: process 1 read 9 of "x", but nobody wrote 9',
    );
    expect(check("0 write 1 !not-leader\n1 read 1").summary).toBe(
      'not sequentially consistent: process 1 read 1 of "x", ' +
        "but the write of it by process 0 had certainly failed (not-leader)",
    );
  });

  it("counts a write of unknown outcome only where its value was seen, after what its process did before", () => {
    expect(check("0 write 1\n0 write 2 ?\n1 read 1")).toMatchObject({ verdict: "valid", operations: 2 });
    expect(check("0 write 1\n0 write 2 ?\n1 read 2\n1 read 1").verdict).toBe("invalid");
    expect(check("0 write 1 ?\n5 write 2\n1 read 2\n1 read 1").verdict).toBe("valid");
  });

  it("says unknown where nothing was read, or a key is no register", () => {
    expect(check("0 write 1").cause?.code).toBe("nothing-tested");
    expect(check("0 write 1\n1 read 1\n0 add 1 /y\n1 read 1 /y").cause?.code).toBe("unsupported-operation");
  });
});
