import type { HistoryEvent } from "../../history/event.ts";

/**
 * A history as a line of operations: `write 1; cas [1,2] & read -> 2; add 3 ?`. Those between `;` run at once, each by a
 * process of its own, in the order in which they are written; what follows `->` is answered. `?` ends unknown, `!error`
 * failed, `/y` is of another key than "x".
 */
export function stepHistory(text: string): HistoryEvent[] {
  let process = 0;
  const events = text.split(";").flatMap((step) => {
    const operations = step.split("&").map((one) => parseOperation(one, process++));
    return [...operations.map(({ invocation }) => invocation), ...operations.map(({ completion }) => completion)];
  });
  return events.map((event, index) => ({ ...event, index, time: index * 10_000_000 }));
}

type Unplaced = Omit<HistoryEvent, "index" | "time">;

function parseOperation(text: string, process: number): { invocation: Unplaced; completion: Unplaced } {
  const [asked = "", answer] = text.split("->").map((part) => part.trim());
  const words = asked.split(/\s+/);
  const marked = (mark: string): string | undefined => words.find((word) => word.startsWith(mark))?.slice(1);
  const [f = "", argument = "null"] = words.filter((word) => !/^[?!/]/.test(word));
  const value: unknown = JSON.parse(argument);
  const common = { process, f, key: marked("/") ?? "x", value };
  const error = marked("!");
  const invocation: Unplaced = { ...common, type: "invoke" };
  if (marked("?") !== undefined) return { invocation, completion: { ...common, type: "info" } };
  if (error !== undefined) return { invocation, completion: { ...common, type: "fail", error } };
  return {
    invocation,
    completion: { ...common, type: "ok", value: answer === undefined ? value : JSON.parse(answer) },
  };
}
