import { Option } from "commander";
import type { HelpSection } from "./help.ts";

/** Options, words and exit codes that several commands share. */
export const helpCommandPurpose = "show the help of a command";
export const jsonOption = () => new Option("--json", "print the result as one JSON object, the last line of stdout");
export const quietOption = () => new Option("--quiet", "print no progress");

export const exitCodesSection: HelpSection = {
  title: "Exit codes:",
  items: [
    ["0", "valid"],
    ["1", "invalid"],
    ["2", "unknown: not decided, or the history is damaged or empty"],
    ["254", "bad arguments"],
    ["255", "internal error"],
  ],
};

/** `a, b, c` of a registry, as help lists its names. */
export const namesIn = (registry: readonly { readonly name: string }[]): string =>
  registry.map(({ name }) => name).join(", ");
