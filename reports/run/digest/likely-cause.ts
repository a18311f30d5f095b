import { type Clock, withClock } from "../../../analysis/register/orders.ts";
import { plural } from "../../../analysis/words.ts";
import type { TestRecord } from "../../../history/test-record.ts";
import type { Hit, Situation } from "./situation.ts";
import type { LikelyCause } from "./types.ts";

const list = new Intl.ListFormat("en-GB");

/** How many faults of one node, or of others, a sentence bears. */
const mostFaults = 2;

/** The situation of a node that did what it should not have done, and what of the plan explains it: a sentence each. */
export function likelyCause(situation: Situation, did: string, test: TestRecord | null): LikelyCause {
  return {
    situation: withClock((seconds) => situationClause(situation, did, seconds)),
    explanation: test === null ? null : explanation(test, situation.faults),
  };
}

/** `n1 answered at 8.13 s while it was cut off from n2 and n3 (partition since 4.01 s); it led term 1 still, although …`. */
function situationClause(situation: Situation, did: string, seconds: Clock): string {
  const role = roleClause(situation, seconds);
  const { node, atNs } = situation;
  return `${node} ${did} at ${seconds(atNs)}${faultClause(situation, seconds)}${role === null ? "" : `; ${role}`}`;
}

function faultClause({ hits, elsewhere }: Situation, seconds: Clock): string {
  if (hits.length > 0) return ` ${list.format(hits.slice(-mostFaults).map((hit) => hitClause(hit, seconds)))}`;
  if (elsewhere.length === 0) return ", with no fault active";
  const last = elsewhere.slice(-mostFaults);
  const shown = last.map(({ label, nodes, fromNs }) => `${label} of ${list.format(nodes)} at ${seconds(fromNs)}`);
  const more = elsewhere.length - last.length;
  return `, not hit itself, while others were: ${list.format(more > 0 ? [...shown, `${more} more`] : shown)}`;
}

function hitClause({ fault: { label, fromNs, toNs }, over, unheard, deaf }: Hit, seconds: Clock): string {
  const cut = cutClause(unheard, deaf);
  if (!over) {
    const since = `${label} since ${seconds(fromNs)}`;
    return cut === null ? `during a fault (${since})` : `while it was ${cut} (${since})`;
  }
  const stretch = `${label} from ${seconds(fromNs)} to ${seconds(toNs ?? fromNs)}`;
  return cut === null ? `after a fault (${stretch})` : `after it was ${cut} (${stretch})`;
}

function cutClause(unheard: readonly string[], deaf: readonly string[]): string | null {
  const both = unheard.filter((peer) => deaf.includes(peer));
  if (both.length > 0) return `cut off from ${list.format(both)}`;
  if (unheard.length > 0) return `unable to hear ${list.format(unheard)}`;
  return deaf.length > 0 ? `not heard by ${list.format(deaf)}` : null;
}

function roleClause({ role, leader }: Situation, seconds: Clock): string | null {
  if (role === null || role.term === null) return null;
  const { leads, term } = role;
  const was = leads ? `it led term ${term}` : `it was a ${role.role} of term ${term} when last seen`;
  if (leader === null || leader.term < term) return was;
  const others = list.format(leader.nodes);
  if (leader.term > term) {
    const still = leads ? `it still took itself for the leader of term ${term}` : was;
    return `${still}, although ${others} had led term ${leader.term} since ${seconds(leader.sinceNs)}`;
  }
  return leads ? `${was}, and so did ${others}` : `${was}, which ${others} led`;
}

function explanation(test: TestRecord, faults: ReadonlySet<string>): string {
  const { mutant, weaknesses, changed = [] } = test;
  if (mutant) return `The store is broken on purpose, by mutant ${mutant.id} (${mutant.name}): ${mutant.breaks}`;
  if (weaknesses === undefined) return "The record of this run does not say which promises its settings give up";
  const relevant = weaknesses.filter(({ beside }) => beside === undefined || beside.some((fault) => faults.has(fault)));
  if (relevant.length > 0) {
    return relevant.map(({ setting, allows, instead }) => `${setting} allows this: ${allows}; ${instead}`).join("; ");
  }
  const knobs = changed.filter((name) => name.startsWith("knobs.")).length;
  const settings =
    knobs === 0
      ? "every knob of the store had its default"
      : `${plural(knobs, "knob")} of the store differed from its default`;
  return `No setting of this run gives up a promise (${settings}), so that the store itself is the likely culprit`;
}
