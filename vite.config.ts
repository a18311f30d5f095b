import preact from "@preact/preset-vite";
import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

/** The report page: one HTML file that opens from disk without a network. */
export default defineConfig({
  root: "reports/ui",
  plugins: [preact(), viteSingleFile()],
  build: { outDir: "../../dist/report-page", emptyOutDir: true },
});
