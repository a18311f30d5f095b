import { defineConfig } from "rolldown";

/** What runs away from the controller, each as one file: containers and remote machines get nothing else of ours. */
const bundles = {
  "raft-node": "sut/raft/node/main.ts",
  agent: "hosts/agent/main.ts",
  "ssh-launch": "hosts/ssh/launch.ts",
};

export default defineConfig(
  Object.entries(bundles).map(([name, input]) => ({
    input,
    platform: "node" as const,
    output: { file: `dist/bundles/${name}.mjs`, format: "esm" as const, codeSplitting: false },
  })),
);
