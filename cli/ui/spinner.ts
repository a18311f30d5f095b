const dots = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const frameMs = 125;

/** What shows that something goes on, at a time. */
export function spinner(nowMs: number): string {
  return dots[Math.floor(nowMs / frameMs) % dots.length]!;
}
