import { formatCount } from "../../ui/format.ts";
import { VerdictMark } from "../../ui/VerdictMark.tsx";
import type { AnomalyLine, CheckerLine } from "../digest/types.ts";

/** What was checked, and with which answer; the run's verdict is the worst of these. */
export function Checkers({ checkers }: { checkers: readonly CheckerLine[] }) {
  return (
    <section aria-labelledby="checks">
      <h2 id="checks">Checks</h2>
      {checkers.length === 0 && <p class="note">Nothing has been checked yet.</p>}
      <ul class="checkers">
        {checkers.map(({ name, verdict, attention, summary, cause, anomalies, models }) => (
          <li key={name}>
            <VerdictMark verdict={verdict} attention={attention === true} />
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
              {anomalies.length > 0 && <AnomalyList anomalies={anomalies} />}
              {models && <Models models={models} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function AnomalyList({ anomalies }: { anomalies: readonly AnomalyLine[] }) {
  return (
    <ul class="anomalies">
      {anomalies.map(({ name, count, meaning, forbidden }) => (
        <li key={name}>
          {formatCount(count)} × <span class="kind">{name}</span>
          {meaning && `: ${meaning}`}
          {!forbidden && " (the model allows it)"}
        </li>
      ))}
    </ul>
  );
}

function Models({ models }: { models: NonNullable<CheckerLine["models"]> }) {
  return (
    <dl class="cause">
      <dt>ruled out</dt>
      <dd>{models.ruledOut.join(", ") || "no consistency model"}</dd>
      <dt>strongest model not ruled out</dt>
      <dd>{models.strongest.join(", ") || "none"}</dd>
    </dl>
  );
}
