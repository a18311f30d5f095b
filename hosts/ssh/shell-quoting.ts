/**
 * The command line that an ssh server's shell splits into exactly these arguments: ssh sends one string, and the shell of the
 * user reads it. Every argument is put into single quotes, in which no shell expands anything.
 */
export function shellQuoted(args: readonly string[]): string {
  if (args.length === 0) throw new Error("a command needs a program");
  const bad = args.find((arg) => arg.includes("\0"));
  if (bad !== undefined) throw new Error(`the argument ${JSON.stringify(bad)} holds a NUL, which no command can take`);
  return args.map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(" ");
}
