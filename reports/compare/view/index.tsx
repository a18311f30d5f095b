import { plural } from "../../../analysis/words.ts";
import "./compare.css";
import { Answer } from "../../ui/Answer.tsx";
import { Essential } from "../../ui/Essential.tsx";
import { asSentence, formatCount } from "../../ui/format.ts";
import { Page } from "../../ui/Page.tsx";
import { RunAgain } from "../../ui/RunAgain.tsx";
import { VerdictMark } from "../../ui/VerdictMark.tsx";
import { Warnings } from "../../ui/Warnings.tsx";
import type { CompareDigest } from "../digest/compare.ts";
import { CompareTable } from "./CompareTable.tsx";
import { Figures } from "./Figures.tsx";

/** The page of a comparison: a sentence for each choice, its figures side by side, and the runs behind them. */
export default function ComparePage({ digest }: { digest: CompareDigest }) {
  const { axes, verdict, rows, repetitions, faults, command, interrupted } = digest;
  const safe = rows.filter((row) => row.verdict === "valid");
  return (
    <Page subject={`comparison of ${axes.join(" and ")}`}>
      <Answer
        verdict={verdict}
        sentence={`${formatCount(safe.length)} of ${plural(rows.length, "choice")} of ${axes.join(" and ")} valid in every run.`}
      >
        <dl class="essentials">
          <Essential label="runs of each" value={formatCount(repetitions)}>
            in turn, with the same seeds and fault schedules
          </Essential>
          <Essential label="faults that took effect" value={`${formatCount(faults.effective)} of ${faults.injected}`}>
            in all runs together
          </Essential>
        </dl>
      </Answer>
      <Warnings warnings={interrupted ? ["The comparison was interrupted: some runs are missing."] : []} />
      <section aria-labelledby="choices">
        <h2 id="choices">What each choice buys and costs</h2>
        <dl class="choices">
          {rows.map(({ values, sentence, verdict: own }) => (
            <div key={values.join()}>
              <dt>
                {values.join(", ")} <VerdictMark verdict={own} />
              </dt>
              <dd>{asSentence(sentence)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section aria-labelledby="figures">
        <h2 id="figures">Side by side</h2>
        <p class="note">
          Each bar is the mean of a choice's runs, and the thin line spans them. Green choices were valid in every run,
          red ones invalid in one at least. An answer is prompt when it comes within 250&nbsp;ms of when the operation
          was due.
        </p>
        <Figures rows={rows} />
      </section>
      <section aria-labelledby="all">
        <h2 id="all">All figures</h2>
        <CompareTable rows={rows} />
      </section>
      <RunAgain command={command} />
    </Page>
  );
}
