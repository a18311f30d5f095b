import "uplot/dist/uPlot.min.css";
import "./run.css";
import "./figures.css";
import { useMemo } from "preact/hooks";
import { Page } from "../../ui/Page.tsx";
import { Warnings } from "../../ui/Warnings.tsx";
import type { RunDigest } from "../digest/types.ts";
import { Checkers } from "./Checkers.tsx";
import { Faults } from "./Faults.tsx";
import { Inside } from "./Inside.tsx";
import { OverTime } from "./OverTime.tsx";
import { Patterns } from "./Patterns.tsx";
import { Plan } from "./Plan.tsx";
import { Statistics } from "./Statistics.tsx";
import { createTimeView } from "./timeView.ts";
import { VerdictHeader } from "./VerdictHeader.tsx";
import { Violations } from "./Violations.tsx";

/** The page of one run: what came out first, then why, then everything that led to it. */
export default function RunPage({ digest }: { digest: RunDigest }) {
  const view = useMemo(() => createTimeView(digest), [digest]);
  return (
    <>
      <Patterns />
      <Page subject={digest.test?.name ?? "imported history"}>
        <VerdictHeader digest={digest} />
        <Warnings warnings={digest.warnings} />
        {digest.inside && <Inside scene={digest.inside} view={view} />}
        <Violations digest={digest} view={view} />
        <OverTime digest={digest} view={view} />
        <Faults digest={digest} view={view} />
        <Statistics digest={digest} />
        <Checkers checkers={digest.checkers} />
        <Plan digest={digest} />
      </Page>
    </>
  );
}
