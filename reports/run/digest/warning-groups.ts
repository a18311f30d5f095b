/** So many warnings that differ only in numbers are still read one by one. */
const mostAlike = 3;

/** Warnings as they are, but of many that differ only in numbers the first, with how many more there are. */
export function groupWarnings(warnings: readonly string[]): string[] {
  const alike = Map.groupBy(warnings, shapeOf);
  return warnings.flatMap((warning) => {
    const group = alike.get(shapeOf(warning)) ?? [];
    if (group.length <= mostAlike) return [warning];
    return warning === group[0] ? [`${warning} (and ${group.length - 1} more warnings like this)`] : [];
  });
}

function shapeOf(warning: string): string {
  return warning.replaceAll(/\d+/g, "#");
}
