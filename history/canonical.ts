/** Deeper than any history, and far from what the stack holds. */
const maxDepth = 200;

/**
 * A JSON value with the names of its objects in one order, so that equal values have equal JSON: the order in which a
 * recorder printed them says nothing. A value that is in order is returned as it is.
 * Throws RangeError on one that is nested too deep.
 */
export function canonical(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) throw new RangeError(`a value nested more than ${maxDepth} deep`);
  const object = value as Readonly<Record<string, unknown>>;
  return Array.isArray(value) ? canonicalList(value, depth + 1) : canonicalObject(object, depth + 1);
}

function canonicalList(list: readonly unknown[], depth: number): readonly unknown[] {
  let changed: unknown[] | null = null;
  for (const [at, item] of list.entries()) {
    const value = canonical(item, depth);
    if (value === item) continue;
    changed ??= [...list];
    changed[at] = value;
  }
  return changed ?? list;
}

function canonicalObject(object: Readonly<Record<string, unknown>>, depth: number): Readonly<Record<string, unknown>> {
  const names = Object.keys(object);
  const entries = names.map((name) => [name, canonical(object[name], depth)] as const);
  const isCanonical = entries.every(
    ([name, value], at) => value === object[name] && (at === 0 || names[at - 1]! < name),
  );
  return isCanonical ? object : Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
