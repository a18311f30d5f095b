import { describe, expect, it } from "vitest";
import { type RandomStream, randomStream } from "../../random/stream.ts";
import { teller } from "../objects/test-support/found.ts";
import { textHistory } from "../test-support/text-history.ts";
import { uniqueIdsChecker } from "./unique-ids.ts";

const tell = teller(uniqueIdsChecker);
const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

describe("identifiers", () => {
  it("accepts distinct ones, of any kind", () => {
    expect(tell('0 invoke generate\n0 ok generate 1\n1 invoke generate\n1 ok generate "1"')).toMatchInlineSnapshot(
      `"valid: 2 identifiers, all distinct"`,
    );
    expect(tell("0 invoke generate\n0 info generate\n1 invoke generate\n1 ok generate 1")).toMatchInlineSnapshot(
      `"valid: 1 identifier, all distinct"`,
    );
    const history = textHistory("0 invoke generate\n0 ok generate 4\n0 invoke generate\n0 ok generate 2");
    expect(uniqueIdsChecker.check(history).ids).toEqual({ given: 2, duplicated: 0, lowest: 2, highest: 4 });
  });
  it("tells duplicates", () => {
    expect(
      tell("0 invoke generate\n0 ok generate 7 @n1\n1 invoke generate\n1 ok generate 7 @n2"),
    ).toMatchInlineSnapshot(
      `"invalid, 1 duplicate-id: 7 was given to process 0 at 0.02 s and again to process 1 at 0.04 s [0 2]"`,
    );
    expect(tell('0 invoke generate\n1 invoke generate\n1 ok generate "a"\n0 ok generate "a"')).toMatchInlineSnapshot(
      `"invalid, 1 duplicate-id: "a" was given to process 1 at 0.03 s and again to process 0 at 0.04 s [0 1]"`,
    );
    const three = "0 invoke generate\n0 ok generate 7\n";
    expect(tell(`${three}${three}${three}1 invoke generate\n1 ok generate 8`)).toMatchInlineSnapshot(
      `"invalid, 1 duplicate-id: 7 was given to process 0 at 0.02 s and again to process 0 at 0.04 s, 3 times in all [0 2 4]"`,
    );
  });
  it("never calls nothing valid", () => {
    expect(tell("0 invoke generate\n0 fail generate")).toMatchInlineSnapshot(
      `"unknown (nothing-tested): nothing was tested: no identifier was given out"`,
    );
  });
});

/** Answers with few different values, some of them unknown. */
function answers(random: RandomStream): { text: string; given: number[] } {
  const given: number[] = [];
  const lines = Array.from({ length: random.integer(1, 6) }, (_, process) => {
    const id = random.integer(0, 20);
    const known = random.fraction() < 0.9;
    if (known) given.push(id);
    return `${process} invoke generate\n${process} ${known ? "ok" : "info"} generate ${id}`;
  });
  return { text: lines.join("\n"), given };
}

it("agrees with comparing each with each", () => {
  for (let i = 0; i < 100_000; i++) {
    const { text, given } = answers(randomStream(seed + i, "unique-ids"));
    const twice = given.some((id, at) => given.indexOf(id) !== at);
    const expected = twice ? "invalid" : given.length === 0 ? "unknown" : "valid";
    const { verdict } = uniqueIdsChecker.check(textHistory(text));
    if (verdict !== expected)
      throw new Error(`${verdict}, not ${expected}, at ${i} of KEELHAUL_SEED=${seed}:\n${text}`);
  }
});
