/** The forms in which the report of a run can be had; the first one is the default. */
export const reportFormats = [
  { name: "html", description: "one page that opens from disk" },
  { name: "markdown", description: "text for an issue tracker" },
  { name: "zip", description: "history, plan, logs and both reports in one file" },
] as const;

export type ReportFormatName = (typeof reportFormats)[number]["name"];
