import { formatCount } from "../../ui/format.ts";
import type { ErrorLine } from "../digest/types.ts";

/** Why operations ended in fail or info, and what that says about them. */
export function ErrorsTable({ errors }: { errors: readonly ErrorLine[] }) {
  return (
    <div class="scroll">
      <table>
        <caption>Errors that clients reported</caption>
        <thead>
          <tr>
            <th>code</th>
            <th class="number">operations</th>
            <th>meaning</th>
            <th>so the operation</th>
          </tr>
        </thead>
        <tbody>
          {errors.map(({ code, count, meaning, certain }) => (
            <tr key={code}>
              <td>
                <code>{code}</code>
              </td>
              <td class="number">{formatCount(count)}</td>
              <td>{meaning ?? <span class="muted">a code of the imported history</span>}</td>
              <td>
                {certain === null && <span class="muted">-</span>}
                {certain === true && <span class="fail">did not happen</span>}
                {certain === false && <span class="info">may have happened</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
