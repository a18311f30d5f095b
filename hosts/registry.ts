import type { Backend } from "./backend.ts";
import { docker } from "./docker/backend.ts";
import { inProcess } from "./in-process/backend.ts";
import { local } from "./local/backend.ts";
import { sim } from "./sim/backend.ts";
import { ssh } from "./ssh/backend.ts";

/** Every backend; `--backend` takes these names. */
export const backends: readonly Backend[] = [local, docker, ssh, sim, inProcess];

/** The options that backends have of their own, by their names. */
export const backendOptions = { ...docker.options, ...ssh.options };
