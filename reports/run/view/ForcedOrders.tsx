import { asSentence } from "../../ui/format.ts";
import type { ViolationScene } from "../digest/types.ts";

interface Props {
  violation: ViolationScene;
  name: (index: number) => string;
}

/** The reasons that the arrows of the drawing are numbered by. */
export function ForcedOrders({ violation, name }: Props) {
  const { orders, meaning, kind, names } = violation;
  const isCycle = names.length > 0;
  const whatItIs = meaning === kind ? null : meaning;
  if (orders.length === 0) return whatItIs && <p class="conclusion">{asSentence(whatItIs)}</p>;
  return (
    <>
      <h3>{isCycle ? "Why none of them can be first" : "Why no order fits"}</h3>
      <ol class="orders">
        {orders.map((order) => (
          <li key={`${order.before} ${order.after} ${order.type}`}>
            <span class="order-pair">
              {name(order.before)} before {name(order.after)}
              {order.type && ` (${order.type})`}:
            </span>{" "}
            {order.why}
          </li>
        ))}
      </ol>
      {whatItIs && (
        <p class="conclusion">
          {isCycle ? asSentence(whatItIs) : `Every order that obeys these rules has the same flaw: ${whatItIs}.`}
        </p>
      )}
    </>
  );
}
