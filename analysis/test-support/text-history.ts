import type { EventType, HistoryEvent } from "../../history/event.ts";

/**
 * A history written as text, a line an event: `[seconds] process type f [value] [@node] [!error] [#comment]`. Values
 * are JSON, a compare-and-set is `old>new`, `/key` names another key than "x". Without seconds, 10 ms pass a line.
 */
export function textHistory(text: string): HistoryEvent[] {
  const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim());
  let time = 0;
  return lines
    .filter((line) => line !== "")
    .map((line, index) => {
      const words = line.split(/\s+/);
      time = words[0]?.includes(".") ? Math.round(Number(words.shift()) * 1e9) : time + 10_000_000;
      return event(words, index, time);
    });
}

function event([process, type, f, ...rest]: string[], index: number, time: number): HistoryEvent {
  const marked = (mark: string): string | undefined => rest.find((word) => word.startsWith(mark))?.slice(1);
  const value = rest.find((word) => !/^[@!/]/.test(word));
  const node = marked("@");
  const error = marked("!");
  return {
    index,
    time,
    process: Number(process),
    type: type as EventType,
    f: f ?? "",
    key: marked("/") ?? "x",
    value: value === undefined ? null : parseValue(value),
    ...(node === undefined ? {} : { node }),
    ...(error === undefined ? {} : { error }),
  };
}

function parseValue(text: string): unknown {
  const [old, next] = text.split(">");
  return next === undefined ? JSON.parse(text) : [JSON.parse(old ?? "null"), JSON.parse(next)];
}
