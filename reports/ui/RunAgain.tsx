import { CommandBlock } from "./CommandBlock.tsx";

/** The last section of a page on many runs: the command that makes the same ones again. */
export function RunAgain({ command }: { command: string }) {
  return (
    <section aria-labelledby="again">
      <h2 id="again">Run it again</h2>
      <CommandBlock command={command} />
    </section>
  );
}
