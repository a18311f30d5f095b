/**
 * A kind of report: how what it reports on becomes the data of a page. `view/index.tsx` in its folder draws that data.
 * Material is whatever the command has at hand; a digest is plain JSON.
 */
export interface ReportKind<Material, Digest> {
  /** The name of its folder. */
  readonly name: string;
  digest(material: Material): Digest;
  /** What the browser's tab says. */
  title(digest: Digest): string;
}

/** What a page holds for the browser: which kind it is, and what to draw. */
export interface PageData<Digest = unknown> {
  readonly kind: string;
  readonly digest: Digest;
}
