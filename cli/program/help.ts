import type { Command, Help } from "commander";

/** A list below the options of a command: what can be named in one of them, or examples. */
export interface HelpSection {
  readonly title: string;
  readonly items: readonly (readonly [term: string, description: string])[];
  /** Puts each description below its term, as long terms need it. Default: in a column beside the terms. */
  readonly below?: true;
}

/** Below this width a column of descriptions is harder to read than descriptions below their terms. */
const narrowestColumn = 40;
const indent = { term: 2, below: 6 };

/** Makes the help of a command fit its terminal, and adds sections to it. */
export function withHelp(command: Command, sections: readonly HelpSection[]): Command {
  return command.helpOption("-h, --help", "show this help").configureHelp({
    formatItem: (term, termWidth, description, helper) => formatItem(term, termWidth, description, helper),
    formatHelp: (cmd, helper) => {
      const usual = Object.getPrototypeOf(helper) as Help;
      for (const option of cmd.options) {
        // Commander would print quotation marks around a default that is text.
        if (typeof option.defaultValue === "string") option.defaultValueDescription ??= option.defaultValue;
      }
      const text = usual.formatHelp.call(helper, cmd, helper).trimEnd();
      return `${[text, ...sections.map((section) => formatSection(section, helper))].join("\n\n")}\n`;
    },
  });
}

function formatSection({ title, items, below }: HelpSection, helper: Help): string {
  const termWidth = below ? widthOf(helper) : Math.max(...items.map(([term]) => term.length));
  return [title, ...items.map(([term, description]) => formatItem(term, termWidth, description, helper))].join("\n");
}

function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  if (description === "") {
    const lines = helper.boxWrap(term, widthOf(helper) - indent.term).split("\n");
    return lines.map((line) => " ".repeat(indent.term) + line).join("\n");
  }
  const column = indent.term + termWidth + 2;
  const isBeside = widthOf(helper) - column >= narrowestColumn;
  const from = isBeside ? column : indent.below;
  const lines = helper.boxWrap(description, widthOf(helper) - from).split("\n");
  const first = `${" ".repeat(indent.term)}${term}`;
  const indented = lines.map((line) => " ".repeat(from) + line);
  if (!isBeside) return [first, ...indented].join("\n");
  return [first.padEnd(from) + lines[0], ...indented.slice(1)].join("\n");
}

function widthOf(helper: Help): number {
  return helper.helpWidth ?? 80;
}
