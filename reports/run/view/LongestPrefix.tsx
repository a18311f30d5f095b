import type { LongestPrefix as Prefix } from "../../../analysis/search/result.ts";
import { moment, plural } from "../../../analysis/words.ts";
import { describeOperation } from "./describe.ts";

interface Props {
  prefix: Prefix;
  name: (index: number) => string;
}

/** How far an order of all operations on the key goes, and why it stops there. */
export function LongestPrefix({ prefix, name }: Props) {
  const { completed, untilNs, next, ends } = prefix;
  return (
    <>
      <h3>The longest order that works</h3>
      <p>
        {plural(completed, "operation")} can be ordered, until {moment(untilNs)}; then{" "}
        <code>
          {describeOperation(next)} (#{next.index})
        </code>{" "}
        fits nowhere before it ends.
      </p>
      <ul class="orders">
        {ends.map(({ state, waiting }) => (
          <li key={`${state} ${waiting.map(({ operation }) => operation).join(" ")}`}>
            One order ends with the state <code>{state}</code>, where none of those under way can come next:
            <ul>
              {waiting.map(({ operation, why }) => (
                <li key={operation}>
                  <span class="order-pair">{name(operation)}</span>: {why}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}
