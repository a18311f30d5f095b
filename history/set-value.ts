/** What stands for a set, whose elements have no order: an object of one list under this name. */
export const setName = "#{}";

/** Whether a value is a set, as histories in EDN have them. */
export function isSet(value: unknown): value is Readonly<Record<typeof setName, readonly unknown[]>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.keys(value).length === 1 && Array.isArray((value as Record<string, unknown>)[setName]);
}

/** The elements of a list or a set; null for another value. */
export function elementsIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  return isSet(value) ? value[setName] : null;
}
