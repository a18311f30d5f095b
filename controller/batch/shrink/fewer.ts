/**
 * The smallest list that leaving out parts, then single items, comes to (Zeller's ddmin). `take` is offered lists, and answers
 * with what it took, which may be less than what it was offered; null when none of them will do. The whole list will do.
 */
export async function fewest<Item>(
  items: readonly Item[],
  take: (offers: readonly (readonly Item[])[]) => Promise<readonly Item[] | null>,
): Promise<readonly Item[]> {
  let left = items;
  let parts = 1;
  while (left.length > 0) {
    const smaller = await take(withoutEach(left, parts));
    if (smaller !== null) {
      left = smaller;
      parts = Math.max(1, Math.min(parts - 1, left.length));
    } else if (parts >= left.length) break;
    else parts = Math.min(left.length, 2 * parts);
  }
  return left;
}

function withoutEach<Item>(items: readonly Item[], parts: number): (readonly Item[])[] {
  const bound = (part: number): number => Math.floor((part * items.length) / parts);
  return Array.from({ length: parts }, (_, part) => [...items.slice(0, bound(part)), ...items.slice(bound(part + 1))]);
}
