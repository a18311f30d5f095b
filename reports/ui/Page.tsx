import type { ComponentChildren } from "preact";
import { ThemeToggle } from "./ThemeToggle.tsx";

/** The frame of every page: what it reports on, and below that all it says. */
export function Page({ subject, children }: { subject: string; children: ComponentChildren }) {
  return (
    <>
      <div class="topbar">
        <span class="brand">Keelhaul</span>
        <span class="subject">{subject}</span>
        <ThemeToggle />
      </div>
      <main>{children}</main>
    </>
  );
}
