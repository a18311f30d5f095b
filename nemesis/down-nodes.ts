import type { Evidence } from "../history/annotations.ts";
import type { Host } from "../hosts/host.ts";
import { type Injection, injection } from "../hosts/injection.ts";
import { heldByOthers, Shares } from "../hosts/shares.ts";

/** The nodes that faults keep down. One that two faults killed starts again when the second of them heals. */
export class DownNodes {
  readonly #host: Host;
  readonly #restart: (node: string) => Promise<Evidence>;
  readonly #shares = new Shares();

  constructor(host: Host, restart: (node: string) => Promise<Evidence>) {
    this.#host = host;
    this.#restart = restart;
  }

  /** Kills the node, which starts again when the injection heals. */
  async kill(node: string): Promise<Injection> {
    const killed = await this.#host.kill(node);
    const release = this.#shares.take([node]);
    return injection([killed], () => {
      release();
      return this.startAgain(node);
    });
  }

  /** Cuts the power of the node, which starts again when the injection heals. */
  async cutPower(node: string): Promise<Injection> {
    const cut = await this.#host.inject(node, { kind: "power" });
    const release = this.#shares.take([node]);
    return injection(cut.evidence, async () => {
      release();
      return [...(await cut.heal()), ...(await this.startAgain(node))];
    });
  }

  /** Starts the node if it is down, unless a fault keeps it so. No evidence where it runs. */
  async startAgain(node: string): Promise<readonly Evidence[]> {
    if (await this.#host.alive(node)) return [];
    return [this.#shares.isHeld(node) ? heldByOthers(node) : await this.#restart(node)];
  }
}
