import type { CheckerLine } from "../../digest/types.ts";
import { VerdictMark } from "./VerdictMark.tsx";

/** What was checked, and with which answer; the run's verdict is the worst of these. */
export function Checkers({ checkers }: { checkers: readonly CheckerLine[] }) {
  return (
    <section aria-labelledby="checks">
      <h2 id="checks">Checks</h2>
      {checkers.length === 0 && <p class="note">Nothing has been checked yet.</p>}
      <ul class="checkers">
        {checkers.map(({ name, verdict, summary, cause }) => (
          <li key={name}>
            <VerdictMark verdict={verdict} />
            <div>
              <strong>{name}</strong>: {summary}
              {cause && (
                <dl class="cause">
                  <dt>why unknown</dt>
                  <dd>
                    <code>{cause.code}</code>
                  </dd>
                  <dt>got as far as</dt>
                  <dd>{cause.reached}</dd>
                  <dt>what to do</dt>
                  <dd>{cause.remedy}</dd>
                </dl>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
