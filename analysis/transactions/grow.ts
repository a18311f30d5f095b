type Column = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** The column twice as long, its new places filled. */
export function grown<T extends Column>(column: T, fill = 0): T {
  const twice = new (column.constructor as new (length: number) => T)(column.length * 2);
  twice.set(column);
  if (fill !== 0) twice.fill(fill, column.length);
  return twice;
}
