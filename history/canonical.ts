/**
 * A JSON value with the names of its objects in one order, so that equal values have equal JSON: the order in which a
 * recorder printed them says nothing. A value that is in order is returned as it is.
 */
export function canonical(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? canonicalList(value) : canonicalObject(value as Readonly<Record<string, unknown>>);
}

function canonicalList(list: readonly unknown[]): readonly unknown[] {
  let changed: unknown[] | null = null;
  for (const [at, item] of list.entries()) {
    const value = canonical(item);
    if (value === item) continue;
    changed ??= [...list];
    changed[at] = value;
  }
  return changed ?? list;
}

function canonicalObject(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = Object.keys(object);
  const entries = names.map((name) => [name, canonical(object[name])] as const);
  const isCanonical = entries.every(
    ([name, value], at) => value === object[name] && (at === 0 || names[at - 1]! < name),
  );
  return isCanonical ? object : Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
