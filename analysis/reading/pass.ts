import type { HistoryEvent } from "../../history/event.ts";
import { type EventScanner, lineTypes } from "../../history/event-scanner.ts";
import type { LineTaker } from "../../history/reader.ts";
import { LineScanner, scannedEvent } from "../../history/scan.ts";
import { OpenOperations, OrderGuard } from "../../history/validator.ts";
import type { Filling } from "./form.ts";

/** One pass over a history: checks that it can have been recorded, and fills forms with it. */
export class Pass implements LineTaker {
  /** In the order in which they are tried on a line. */
  readonly scanners: readonly EventScanner[];
  readonly #fillings: readonly Filling<unknown>[];
  readonly #order: OrderGuard;
  readonly #open: OpenOperations;
  #operations = 0;

  constructor(name: string, fillings: readonly Filling<unknown>[]) {
    this.scanners = [...specialScanner(fillings), new LineScanner()];
    this.#fillings = fillings;
    this.#order = new OrderGuard(name);
    this.#open = new OpenOperations(name);
  }

  scanned(bytes: Buffer, scanner: EventScanner, line: number): void {
    this.#order.check(scanner.index, scanner.time, line);
    const operation = this.#operation(scanner.process, scanner.type === lineTypes.invoke, line);
    for (const filling of this.#fillings) {
      if (filling.scanned === undefined) filling.event(scannedEvent(bytes, scanner), operation, line);
      else filling.scanned(bytes, scanner, operation, line);
    }
  }

  event(event: HistoryEvent, line: number): void {
    this.#order.check(event.index, event.time, line);
    const isClient = typeof event.process === "number";
    const operation = isClient ? this.#operation(event.process, event.type === "invoke", line) : -1;
    for (const filling of this.#fillings) filling.event(event, operation, line);
  }

  #operation(process: number, invokes: boolean, line: number): number {
    if (!invokes) return this.#open.complete(process, line);
    this.#open.invoke(process, this.#operations, line);
    return this.#operations++;
  }
}

/** What a scanner of one form reads goes into that form alone, so it serves only where no other form needs the values. */
function specialScanner(fillings: readonly Filling<unknown>[]): readonly EventScanner[] {
  const special = fillings.flatMap(({ scanner = [] }) => scanner);
  return special.length > 1 || fillings.some(({ needsValues }) => needsValues) ? [] : special;
}
