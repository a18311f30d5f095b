import { describe, expect, it } from "vitest";
import { IptablesLinks } from "./iptables.ts";

const plan = {
  kind: "iptables" as const,
  sudo: false,
  run: "run7",
  self: "n2",
  nodes: {
    n1: { peer: { host: "10.0.0.1", port: 7000 } },
    n2: { peer: { host: "10.0.0.2", port: 7000 } },
    n3: { peer: { host: "10.0.0.11", port: 7000 } },
  },
};

describe("links cut by iptables", () => {
  it("match the sender and our peer port only, so that the opposite edge's acknowledgements pass", async () => {
    const { links, rules } = filter();
    await links.cut([["n1", "n2"]]);
    expect(rules).toEqual([
      "-A INPUT -s 10.0.0.1/32 -p tcp -m tcp --dport 7000 -m comment --comment keelhaul:run7 -j DROP",
    ]);
  });

  it("add an edge once, and mend edges by removing this run's rules and no others", async () => {
    const others = [
      "-P INPUT ACCEPT",
      '-A INPUT -m comment --comment "keelhaul:run70" -j DROP',
      "-A INPUT -i lo -j ACCEPT",
    ];
    const { links, rules } = filter(others);
    await links.cut([["n1", "n2"]]);
    await links.cut([
      ["n1", "n2"],
      ["n3", "n2"],
    ]);
    expect(rules).toHaveLength(others.length + 2);
    await links.mend([["n1", "n2"]]);
    expect(rules).toHaveLength(others.length + 1);
    expect(rules.at(-1)).toContain("10.0.0.11/32");
    await links.mend([["n1", "n2"]]);
    await links.close();
    expect(rules).toEqual(others);
  });

  it("read the packets dropped from the counters", async () => {
    const { links } = filter(
      [],
      [
        "Chain INPUT (policy ACCEPT 10 packets, 600 bytes)",
        "    pkts      bytes target     prot opt in     out     source               destination",
        "      12      720 DROP       tcp  --  *      *       10.0.0.11            0.0.0.0/0            tcp dpt:7000 /* keelhaul:run7 */",
        "      37     2220 DROP       tcp  --  *      *       10.0.0.1             0.0.0.0/0            tcp dpt:7000 /* keelhaul:run7 */",
      ],
    );
    expect(
      await links.drops([
        ["n1", "n2"],
        ["n3", "n2"],
      ]),
    ).toEqual([
      { edge: ["n1", "n2"], count: 37, unit: "packets dropped" },
      { edge: ["n3", "n2"], count: 12, unit: "packets dropped" },
    ]);
  });

  it("lose a share of all that comes from a peer, and leave cuts alone when that heals", async () => {
    const { links, rules, told } = filter();
    await links.cut([["n1", "n2"]]);
    await links.impair(
      [
        ["n1", "n2"],
        ["n2", "n3"],
      ],
      { kind: "link-lossy", share: 0.2 },
    );
    expect(told.at(-1)).toBe(
      "-A INPUT -s 10.0.0.1 -m statistic --mode random --probability 0.2 -m comment --comment keelhaul:run7 -j DROP",
    );
    await links.repair([["n1", "n2"]], "link-lossy");
    expect(rules).toEqual([
      "-A INPUT -s 10.0.0.1/32 -p tcp -m tcp --dport 7000 -m comment --comment keelhaul:run7 -j DROP",
    ]);
  });

  it("refuse an edge that ends elsewhere", async () => {
    const { links } = filter();
    await expect(links.cut([["n2", "n1"]])).rejects.toThrow("edge n2->n1 does not end at n2");
  });
});

/** A packet filter that keeps its rules in the words in which iptables lists them. */
function filter(others: readonly string[] = [], counters: readonly string[] = []) {
  const rules = [...others];
  const told: string[] = [];
  const iptables = async (args: readonly string[]) => {
    const [wait, action, chain, ...rest] = args;
    expect([wait, chain]).toEqual(["-w", "INPUT"]);
    if (action === "-S") return `${rules.join("\n")}\n`;
    if (action === "-L") return counters.join("\n");
    if (action === "-A") {
      told.push(args.slice(1).join(" "));
      rules.push(asListed(rest));
    }
    if (action === "-D") {
      const index = rules.indexOf(`-A INPUT ${rest.join(" ")}`);
      expect(index).toBeGreaterThanOrEqual(0);
      rules.splice(index, 1);
    }
    return "";
  };
  const absent = async (): Promise<string> => {
    throw new Error("not installed");
  };
  return { links: new IptablesLinks(plan, { iptables, tc: absent, ip: absent }), rules, told };
}

function asListed(rule: readonly string[]): string {
  const after = (name: string) => rule[rule.indexOf(name) + 1];
  const port = rule.includes("--dport") ? ` -p tcp -m tcp --dport ${after("--dport")}` : " -m statistic";
  const match = `-s ${after("-s")}/32${port}`;
  return `-A INPUT ${match} -m comment --comment ${after("--comment")} -j ${after("-j")}`;
}
