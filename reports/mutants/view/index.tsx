import { plural } from "../../../analysis/words.ts";
import "./mutants.css";
import { Answer } from "../../ui/Answer.tsx";
import { Essential } from "../../ui/Essential.tsx";
import { formatCount } from "../../ui/format.ts";
import { Page } from "../../ui/Page.tsx";
import { RunAgain } from "../../ui/RunAgain.tsx";
import { Warnings } from "../../ui/Warnings.tsx";
import type { MutantsDigest } from "../digest.ts";
import { MutantsTable } from "./MutantsTable.tsx";

/** The page of a mutant matrix: how many mutants were detected, then one row for each. */
export default function MutantsPage({ digest }: { digest: MutantsDigest }) {
  const { verdict, system, backend, command, interrupted, rows, caught } = digest;
  return (
    <Page subject={`mutants of ${system} on ${backend}`}>
      <Answer
        verdict={verdict}
        sentence={`${formatCount(caught)} of ${plural(rows.length, "mutant")} of ${system} detected.`}
      >
        <Figures digest={digest} />
      </Answer>
      <Warnings warnings={interrupted ? ["The campaign was interrupted: some searches did not finish."] : []} />
      <section aria-labelledby="mutants">
        <h2 id="mutants">Mutants</h2>
        <p class="note">
          A mutant is the store with one rule broken on purpose. Seeds were tried in order until one detected it. Times
          are those of the runs' own clocks{backend === "sim" && ", which is virtual time"}.
        </p>
        <MutantsTable rows={rows} />
      </section>
      <RunAgain command={command} />
    </Page>
  );
}

function Figures({ digest: { outside, rows, accused } }: { digest: MutantsDigest }) {
  const byNodes = outside.caught - outside.byClients;
  const missed = rows.filter(({ caughtBy }) => caughtBy === "no").map(({ id }) => id);
  return (
    <dl class="essentials">
      <Essential label="missed" value={formatCount(missed.length)}>
        {missed.length === 0 ? "no mutant" : <strong class="alarm">{missed.join(", ")}</strong>}
      </Essential>
      {outside.of > 0 && (
        <Essential
          label="detected of externally visible ones"
          value={`${formatCount(outside.caught)} of ${formatCount(outside.of)}`}
        >
          {formatCount(outside.byClients)} detected from clients' operations, {formatCount(byNodes)} from crashes or two
          leaders of one term
          {outside.missed.length > 0 && `; missed: ${outside.missed.join(", ")}`}
        </Essential>
      )}
      <Essential label="false alarms" value={formatCount(accused)}>
        {accused === 0 ? "the correct store was never called invalid" : <FalseAlarms accused={accused} />}
      </Essential>
    </dl>
  );
}

function FalseAlarms({ accused }: { accused: number }) {
  return <strong class="alarm">the correct store was called invalid in {plural(accused, "configuration")}</strong>;
}
