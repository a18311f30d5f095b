/** What the reader must know about the run itself before trusting its verdict. */
export function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <aside class="warnings" aria-label="Warnings">
      <strong>{warnings.length === 1 ? "Warning" : "Warnings"}</strong>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </aside>
  );
}
