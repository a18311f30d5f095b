import { isDeepStrictEqual } from "node:util";
import { pickBackendOptions } from "../../controller/plan/backend-options.ts";
import { parseOptions } from "../../controller/plan/plan-options.ts";
import type { Backend, Finding } from "../../hosts/backend.ts";
import type { GivenOptions } from "../../hosts/backend-option.ts";
import { type Probe, probe } from "../../hosts/probe.ts";
import { backends } from "../../hosts/registry.ts";
import { needsOf } from "../../nemesis/fault.ts";
import { faults } from "../../nemesis/registry.ts";
import { visibleLine } from "../visible.ts";

interface DoctorFlags {
  readonly backend?: string;
  readonly [option: string]: unknown;
}

/** `keelhaul doctor`: what every backend can do on this machine, and how to get the rest. */
export async function runDoctor({ backend: wanted, ...flags }: DoctorFlags): Promise<void> {
  const { backend: name, ...given } = parseOptions({ ...flags, ...(wanted === undefined ? {} : { backend: wanted }) });
  const chosen = backends.filter((backend) => name === undefined || backend.name === name);
  for (const backend of chosen) {
    const options = name === undefined ? ownOptions(backend, given) : pickBackendOptions(given, backend);
    for (const line of describe(backend, await probe(backend, options))) process.stdout.write(`${visibleLine(line)}\n`);
  }
}

/** Of all that were given, those that this backend takes. */
function ownOptions({ options }: Backend, given: GivenOptions): GivenOptions {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name in options));
}

function describe({ name, description }: Backend, found: Probe): readonly string[] {
  const rows = [
    ...found.requirements,
    ...Object.entries(found.capabilities).map(([capability, finding]) => ({ name: capability, finding })),
  ];
  const able = faultsWith(found);
  return [
    `${name}: ${description}`,
    ...together(rows).flatMap(({ names, finding }) => lines(names.join(", "), finding)),
    `  faults: ${able.length === 0 ? "none" : able.join(", ")}`,
    "",
  ];
}

/** One row for neighbours of which the same was found. */
function together(rows: readonly { readonly name: string; readonly finding: Finding }[]) {
  const groups: { readonly names: string[]; readonly finding: Finding }[] = [];
  for (const { name, finding } of rows) {
    const last = groups.at(-1);
    if (last !== undefined && isDeepStrictEqual(last.finding, finding)) last.names.push(name);
    else groups.push({ names: [name], finding });
  }
  return groups;
}

const column = 16;

function lines(names: string, finding: Finding): readonly string[] {
  const indent = " ".repeat(column + 4);
  const text = finding.works ? finding.detail : finding.reason;
  const mark = finding.works ? "✓" : "✗";
  const first =
    names.length < column ? [`  ${mark} ${names.padEnd(column)}${text}`] : [`  ${mark} ${names}`, indent + text];
  return finding.works ? first : [...first, `${indent}→ ${finding.remedy}`];
}

/** The faults that machines have to be able to do something for, and of which a variant works. */
function faultsWith({ capabilities }: Probe): readonly string[] {
  const able = faults.filter((fault) =>
    fault.variants.some((variant) => {
      const needs = needsOf(fault, variant);
      return needs.length > 0 && needs.every((need) => capabilities[need].works);
    }),
  );
  return able.map(({ name }) => name);
}
