import { lightForPrint } from "./theme.ts";

/** The printable width of A4 with the style sheet's margins, in CSS pixels. */
const paperWidth = 718;

/**
 * On paper everything is open, light and as wide as the sheet; afterwards the page is as the reader had it. Figures
 * are drawn to the window's width, so the page is scaled as a whole rather than laid out anew.
 */
export function prepareForPrint(): void {
  let undo: (() => void)[] = [];
  addEventListener("beforeprint", () => {
    const closed = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    for (const details of closed) details.open = true;
    undo = [lightForPrint(), fitToPaper(), ...closed.map((details) => () => details.removeAttribute("open"))];
  });
  addEventListener("afterprint", () => {
    for (const step of undo) step();
  });
}

function fitToPaper(): () => void {
  const main = document.querySelector("main")!;
  const width = main.clientWidth;
  main.style.width = `${width}px`;
  main.style.zoom = String(paperWidth / width);
  return () => {
    main.style.width = "";
    main.style.zoom = "";
  };
}
