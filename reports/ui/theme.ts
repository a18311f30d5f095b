import { createStore } from "./store.ts";

export type Theme = "light" | "dark";

const darkSystem = matchMedia("(prefers-color-scheme: dark)");
let chosen: Theme | null = null;

/** What the page is drawn in: the system's preference until the reader chooses. */
export const theme = createStore<Theme>(systemTheme());
apply();

darkSystem.addEventListener("change", () => {
  if (chosen === null) apply();
});

export function chooseTheme(choice: Theme): void {
  chosen = choice;
  apply();
}

/** Paper is white: draws everything light, and returns how to go back. */
export function lightForPrint(): () => void {
  document.documentElement.dataset["theme"] = "light";
  theme.set("light");
  return apply;
}

/** The value of a colour of the style sheet, for what is drawn on a canvas. */
export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function apply(): void {
  const current = chosen ?? systemTheme();
  document.documentElement.dataset["theme"] = current;
  theme.set(current);
}

function systemTheme(): Theme {
  return darkSystem.matches ? "dark" : "light";
}
