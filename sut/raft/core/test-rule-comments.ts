/** What the comment of a rule says of it. */
export interface RuleComment {
  readonly rule: string;
  /** The rule itself, in words. */
  readonly says: string;
  readonly section: string;
  /** Its test's name. */
  readonly test: string;
  /** The variants that break it, or why there are none. */
  readonly mutants: string;
}

const comment = /\/\*\*\n((?: \*.*\n)+) \*\/\nexport function (\w+)/g;

/** The rules of a source file, in its order. Throws where a comment has not the form that all of them have. */
export function ruleComments(source: string): RuleComment[] {
  return [...source.matchAll(comment)].map(([, lines = "", rule = ""]) => {
    const text = lines.replaceAll(/^ \* ?/gm, "").replaceAll("\n", " ");
    const parts =
      /^(?<says>.*?) \((?:§|Figure).*?Test: "(?<test>\w+ \((?<section>[^)]+)\))"\. Mutants: (?<mutants>.*)\.\s*$/.exec(
        text,
      );
    if (parts?.groups === undefined) throw new Error(`${rule}: its comment names no section, test and mutants`);
    const { says, test, section, mutants } = parts.groups as Record<"says" | "test" | "section" | "mutants", string>;
    return { rule, says, section, test, mutants };
  });
}
