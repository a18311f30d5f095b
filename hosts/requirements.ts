import { messageOf, UsageError } from "../errors/errors.ts";
import type { Backend, Finding } from "./backend.ts";
import type { GivenOptions } from "./backend-option.ts";
import type { Capability } from "./host.ts";

/** What a trial found: its sentence, or why it failed. */
export async function tried(trial: () => Promise<string>, remedy: string): Promise<Finding> {
  try {
    return { works: true, detail: await trial() };
  } catch (error) {
    return { works: false, reason: messageOf(error), remedy };
  }
}

/**
 * Throws a UsageError, in one sentence with the remedy, when no run can be made with the backend and these options here, or
 * none that needs these capabilities, or has so many nodes.
 */
export async function ensureUsable(
  { name, requirements, offers }: Backend,
  options: GivenOptions,
  needs: readonly Capability[] = [],
  nodes?: number,
): Promise<void> {
  for (const { check, madeByRuns } of requirements) {
    if (madeByRuns?.(options)) continue;
    const finding = await check(options, nodes);
    if (!finding.works) throw new UsageError(`${name}: ${finding.reason}; ${finding.remedy}`);
  }
  for (const need of needs) {
    const offer = offers[need];
    const reason = offer?.missing?.() ?? null;
    if (offer && reason !== null) throw new UsageError(`${need} on ${name}: ${reason}; ${offer.remedy}`);
    const finding = await offer?.check?.(options);
    if (finding?.works === false) throw new UsageError(`${need} on ${name}: ${finding.reason}; ${finding.remedy}`);
  }
}
