import { lightForPrint } from "./theme.ts";

/** On paper everything is open and light; afterwards the page is as the reader had it. */
export function prepareForPrint(): void {
  let undo: (() => void)[] = [];
  addEventListener("beforeprint", () => {
    const closed = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    for (const details of closed) details.open = true;
    undo = [lightForPrint(), ...closed.map((details) => () => details.removeAttribute("open"))];
  });
  addEventListener("afterprint", () => {
    for (const step of undo) step();
  });
}
