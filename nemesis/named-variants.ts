import type { Aim, Fault, FaultVariant } from "./fault.ts";
import { nodesTarget, type Target, targetOf, targets } from "./targets.ts";

/** What a name stands for, or why it stands for nothing. */
export type NamedVariants =
  | { readonly variants: readonly FaultVariant[] }
  | { readonly unknown: string; readonly names: readonly string[]; readonly expected: string };

/**
 * The variants of a fault that a name stands for: a variant (`one-way`), a target (`followers`, `n2`), or a variant and whom it
 * hits instead (`jump:n2`). Without a name: all but those that are injected only by name.
 */
export function variantsNamed(fault: Fault, name: string | undefined, nodes: readonly string[]): NamedVariants {
  if (name === undefined) return { variants: usualVariants(fault) };
  const [first, ...rest] = name.split(":") as [string, ...string[]];
  const variants: readonly FaultVariant[] = fault.variants;
  const variant = variants.find((known) => known.name === first);
  if (rest.length > 0) return variant === undefined ? unknown(fault, first, nodes) : aimedAt(variant, rest, nodes);
  if (variant !== undefined) return { variants: [variant] };
  const target = targetOf(first, nodes);
  const aimed = target === null ? [] : aimedVariants(fault, target);
  return aimed.length > 0 ? { variants: aimed } : unknown(fault, first, nodes);
}

/** Whether some of the nodes can be named as its target. */
export function takesTarget(fault: Fault): boolean {
  return aimOf(fault) !== undefined || usualVariants(fault).some(({ aim }) => aim !== undefined);
}

function usualVariants({ variants }: Fault): readonly FaultVariant[] {
  return variants.filter(({ onlyByName }) => onlyByName === undefined);
}

function aimOf(fault: Fault): Aim | undefined {
  return fault.kind === "lasting" ? fault.aim : undefined;
}

/** A variant, and in place of whom it hits a target. */
function aimedAt(variant: FaultVariant, rest: readonly string[], nodes: readonly string[]): NamedVariants {
  const name = rest.join(":");
  const target = targetOf(name, nodes);
  const { aim } = variant;
  if (aim === undefined) {
    return { unknown: name, names: [], expected: `no target: variant ${variant.name} chooses its nodes itself` };
  }
  if (target === null) return { unknown: name, names: namesOf(targets), expected: `one of ${listTargets(nodes)}` };
  return { variants: [aimed(variant, aim, target, `${variant.name}:${target.name}`)] };
}

/** The fault on a target: itself where whom it hits is all that its variants say, else each variant of it. */
function aimedVariants(fault: Fault, target: Target): readonly FaultVariant[] {
  const aim = aimOf(fault);
  if (aim !== undefined) {
    const minNodes = Math.min(...fault.variants.map((variant) => variant.minNodes));
    return [aimed({ minNodes }, aim, target, target.name)];
  }
  return usualVariants(fault).flatMap((variant) =>
    variant.aim === undefined ? [] : [aimed(variant, variant.aim, target, `${variant.name}:${target.name}`)],
  );
}

function aimed(
  base: Partial<FaultVariant> & Pick<FaultVariant, "minNodes">,
  aim: Aim,
  target: Target,
  name: string,
): FaultVariant {
  return {
    ...base,
    name,
    description: [base.description, target.description].filter((part) => part !== undefined).join("; hits "),
    minNodes: Math.max(base.minNodes, target.minNodes),
    aimsAtLeader: target.aimsAtLeader,
    choose: (cluster, random) => aim(target.nodes(cluster, random), cluster, random),
  };
}

function unknown(fault: Fault, name: string, nodes: readonly string[]): NamedVariants {
  const variants = namesOf(fault.variants);
  const others = takesTarget(fault) ? targets.filter((target) => !variants.includes(target.name)) : [];
  const orTarget = takesTarget(fault) ? `, or a target: ${listTargets(nodes, others)}` : "";
  return {
    unknown: name,
    names: [...variants, ...namesOf(others)],
    expected: `one of ${variants.join(", ")}${orTarget}`,
  };
}

function listTargets(nodes: readonly string[], among = targets): string {
  const [first, second] = nodes;
  const several = second === undefined ? "" : ` or ${nodesTarget([first!, second])}`;
  return `${namesOf(among).join(", ")}, or nodes such as ${first}${several}`;
}

function namesOf(named: readonly { readonly name: string }[]): readonly string[] {
  return named.map(({ name }) => name);
}
