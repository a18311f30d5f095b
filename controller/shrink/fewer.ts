/**
 * The smallest list for which the predicate still holds that leaving out parts, then single items, comes to (Zeller's
 * ddmin). The predicate holds for the whole list, and is asked once for each list.
 */
export async function fewest<Item>(
  items: readonly Item[],
  holds: (items: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let left = items;
  let parts = 1;
  while (left.length > 0) {
    const smaller = await firstThatHolds(left, parts, holds);
    if (smaller !== null) {
      left = smaller;
      parts = Math.max(1, parts - 1);
    } else if (parts >= left.length) break;
    else parts = Math.min(left.length, 2 * parts);
  }
  return left;
}

async function firstThatHolds<Item>(
  items: readonly Item[],
  parts: number,
  holds: (items: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[] | null> {
  for (let part = 0; part < parts; part++) {
    const [from, to] = [part, part + 1].map((bound) => Math.floor((bound * items.length) / parts)) as [number, number];
    const rest = [...items.slice(0, from), ...items.slice(to)];
    if (await holds(rest)) return rest;
  }
  return null;
}
