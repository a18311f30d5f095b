import type { Completion, Operation } from "../../../history/event.ts";
import type { Client, System } from "../../../sut/system.ts";

/** A system whose clients have keys of their own: they name them as ever, and the store knows them with a prefix. */
export function withOwnKeys(system: System, prefix: string): System {
  const client: System["client"] = (cluster, options) => prefixed(system.client(cluster, options), prefix);
  // A system may be an instance of a class, whose methods a copy would lack.
  return Object.assign(Object.create(system) as System, { client });
}

function prefixed(client: Client, prefix: string): Client {
  return {
    invoke: async (operation, timeoutMs) => {
      const completion = await client.invoke(
        renamed(operation, (key) => prefix + key),
        timeoutMs,
      );
      return asAsked(operation, completion, prefix);
    },
    close: () => client.close(),
  };
}

function renamed(operation: Operation, name: (key: string) => string): Operation {
  const { key, value } = operation;
  return {
    ...operation,
    ...(key === undefined ? {} : { key: name(key) }),
    ...(operation.f === "txn" && Array.isArray(value)
      ? { value: value.map((step: unknown) => withKey(step, name)) }
      : {}),
  };
}

/** A transaction is answered with its steps, by the names that the store knows. */
function asAsked({ f }: Operation, completion: Completion, prefix: string): Completion {
  const { value } = completion;
  if (f !== "txn" || !Array.isArray(value)) return completion;
  const own = (key: string): string => (key.startsWith(prefix) ? key.slice(prefix.length) : key);
  return { ...completion, value: value.map((step: unknown) => withKey(step, own)) };
}

function withKey(step: unknown, name: (key: string) => string): unknown {
  if (!Array.isArray(step) || typeof step[1] !== "string") return step;
  return step.with(1, name(step[1]));
}
