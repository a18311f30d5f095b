import { duration, plural } from "../../../analysis/words.ts";
import type { TestRecord } from "../../../history/test-record.ts";
import { formatCount, formatDate, formatShare } from "../../ui/format.ts";
import { formatValue } from "./describe.ts";

/** A setting of a run, as a line of its plan. */
export interface PlanLine {
  readonly name: string;
  readonly value: string;
}

/** What was set otherwise than by default, and all the rest. */
export interface PlanLines {
  readonly changed: readonly PlanLine[];
  readonly others: readonly PlanLine[];
}

/** Settings that differ from their defaults come first, the mutant before all; an older record does not say which do. */
export function planLines(test: TestRecord): PlanLines {
  const changed = new Set(test.changed ?? []);
  const knobs = Object.entries(test.knobs).map(([name, value]) => ({ name, value: formatValue(value) }));
  const isChanged = (name: string) => changed.has(`knobs.${name}`);
  const lines = settingLines(test);
  return {
    changed: [
      ...lines.filter(({ field }) => field !== null && changed.has(field)),
      ...knobs.filter(({ name }) => isChanged(name)),
    ].map(withoutField),
    others: [
      ...lines.filter(({ field }) => field === null || !changed.has(field)).map(withoutField),
      {
        name: changed.size === 0 ? "knobs" : "other knobs",
        value: listed(knobs.filter(({ name }) => !isChanged(name))),
      },
    ],
  };
}

interface SettingLine extends PlanLine {
  /** Null for what is no setting. */
  readonly field: keyof TestRecord | null;
}

function settingLines(test: TestRecord): SettingLine[] {
  const { mutant, world, budgets = {}, consistency } = test;
  const line = (field: keyof TestRecord | null, name: string, value: string): SettingLine => ({ field, name, value });
  return [
    ...(mutant ? [line("mutant", "mutant", `${mutant.id} ${mutant.name}`)] : []),
    ...(test.hunt ? [line("hunt", "hunt", "small limits, several faults at once, load in bursts")] : []),
    line("readMode", "read mode", test.readMode),
    // Older records name the faults alone.
    test.nemesis === undefined
      ? line("faults", "faults", test.faults.map(({ name }) => name).join(", ") || "none")
      : line("nemesis", "faults", test.nemesis.join(", ")),
    line("workloads", "workload", test.workloads.join(", ")),
    line("nodes", "nodes", test.nodes.join(", ")),
    line("backend", "backend", test.backend),
    line("timeLimitMs", "time limit", duration(test.timeLimitMs)),
    line("rate", "rate", test.rate === 0 ? "as fast as possible" : `${formatCount(test.rate)} operations per second`),
    line("concurrency", "concurrency", plural(test.concurrency, "client")),
    ...(consistency ? [line("consistency", "consistency", consistency)] : []),
    ...(Object.keys(budgets).length > 0 ? [line("budgets", "availability", requirements(budgets))] : []),
    ...(world ? [line("world", "world", formatValue(world))] : []),
    line(null, "system", test.system),
    line(null, "election timeout", duration(test.electionTimeoutMs)),
    line(null, "checkers", test.checkers?.join(", ") ?? "those of the workload"),
    line(null, "seed", String(test.seed)),
    line(null, "started", formatDate(test.startedAt)),
    line(null, "versions", versionsOf(test)),
  ];
}

/** Debian's packages are too many for a line; `test.json` has them. */
function versionsOf({ keelhaul, versions: { node, platform, engine, image } }: TestRecord): string {
  const machines = image === undefined ? "" : `, ${engine}, image ${image.name} (${image.id.slice(0, 19)})`;
  return `Keelhaul ${keelhaul}, Node ${node}, ${platform}${machines}`;
}

function requirements({
  minAnsweredShare,
  maxRecoveryMs,
  minChangesMadeShare,
  maxElectionsPerFault,
}: NonNullable<TestRecord["budgets"]>): string {
  return [
    ...(minAnsweredShare === undefined ? [] : [`at least ${formatShare(minAnsweredShare, 1)} answered`]),
    ...(maxRecoveryMs === undefined ? [] : [`recovery within ${duration(maxRecoveryMs)}`]),
    ...(minChangesMadeShare === undefined ? [] : [`at least ${formatShare(minChangesMadeShare, 1)} of changes made`]),
    ...(maxElectionsPerFault === undefined ? [] : [`at most ${maxElectionsPerFault} elections per fault`]),
  ].join(", ");
}

function withoutField({ name, value }: PlanLine): PlanLine {
  return { name, value };
}

function listed(knobs: readonly PlanLine[]): string {
  return knobs.map(({ name, value }) => `${name}=${value}`).join(", ") || "none";
}
