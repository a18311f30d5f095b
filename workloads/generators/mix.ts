import type { RandomStream } from "../../random/stream.ts";
import { type Generator, nothing, withRest } from "./generator.ts";

/** Each operation from one of the generators, each as likely; those with nothing more are left out. */
export function mix(random: RandomStream, generators: readonly Generator[]): Generator {
  return weighted(
    random,
    generators.map((generator) => [1, generator]),
  );
}

/** Each operation from one of the generators, as likely as its weight; those with nothing more are left out. */
export function weighted(random: RandomStream, parts: readonly (readonly [weight: number, Generator])[]): Generator {
  return parts.length === 0 ? nothing : drawn(random, parts, null);
}

function drawn(
  random: RandomStream,
  parts: readonly (readonly [weight: number, Generator])[],
  earlierDraw: number | null,
): Generator {
  let chosen = earlierDraw;
  return {
    next: (context) => {
      chosen ??= draw(random, parts);
      const place = chosen;
      const [weight, generator] = parts[place]!;
      const step = generator.next(context);
      if (step === null) return weighted(random, parts.toSpliced(place, 1)).next(context);
      return withRest(step, (rest) => drawn(random, parts.with(place, [weight, rest]), null));
    },
    hear: (event, context) =>
      drawn(
        random,
        parts.map(([weight, generator]) => [weight, generator.hear(event, context)]),
        chosen,
      ),
  };
}

function draw(random: RandomStream, parts: readonly (readonly [weight: number, Generator])[]): number {
  let left = random.fraction() * parts.reduce((sum, [weight]) => sum + weight, 0);
  const place = parts.findIndex(([weight]) => {
    left -= weight;
    return left < 0;
  });
  return place < 0 ? parts.length - 1 : place;
}
