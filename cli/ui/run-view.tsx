import { Spinner } from "@inkjs/ui";
import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { formatDurationMs } from "../../controller/plan/duration.ts";
import { stages } from "../../controller/run/progress.ts";
import type { NodeRecord } from "../../history/annotations.ts";
import { operationsPerSecond, type RunStatus } from "./status.ts";

const barWidth = 24;
const labelWidth = 12;
const shownWarnings = 3;

/** One run: phase and time left, operations, each node's role and term, the active fault, the verdict so far. */
export function RunView({ status, nowMs }: { readonly status: RunStatus; readonly nowMs: number }): ReactNode {
  return (
    <Box flexDirection="column">
      <Text bold>
        keelhaul {status.title}
        {status.seed === null ? null : <Text dimColor> seed {status.seed}</Text>}
      </Text>
      <Row label="phase">
        <PhaseLine status={status} nowMs={nowMs} />
      </Row>
      <Row label="operations">
        <OperationsLine status={status} nowMs={nowMs} />
      </Row>
      <Row label="nodes">
        <Box columnGap={3} flexWrap="wrap">
          {[...status.nodes.values()].sort(byNode).map((record) => (
            <NodeText key={record.node} record={record} />
          ))}
        </Box>
      </Row>
      <Row label="fault">
        <FaultLine status={status} nowMs={nowMs} />
      </Row>
      {status.changes.tried > 0 && (
        <Row label="changes">
          <Text>
            {status.changes.last}
            <Text dimColor>{`  ${status.changes.tried} tried, ${status.changes.made} made`}</Text>
          </Text>
        </Row>
      )}
      <Row label="so far">
        <SoFarLine status={status} />
      </Row>
      {status.warnings.slice(-shownWarnings).map((warning) => (
        <Row key={warning} label="warning">
          <Text color="yellow">{warning}</Text>
        </Row>
      ))}
    </Box>
  );
}

function Row({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <Box>
      <Box width={labelWidth} flexShrink={0}>
        <Text dimColor>{label}</Text>
      </Box>
      {children}
    </Box>
  );
}

interface LineProps {
  readonly status: RunStatus;
  readonly nowMs: number;
}

function PhaseLine({ status, nowMs }: LineProps): ReactNode {
  if (status.stage !== "load") return <Spinner label={stages[status.stage]} />;
  const elapsedMs = Math.min(nowMs - status.stageSinceMs, status.timeLimitMs);
  const filled = Math.round((elapsedMs / status.timeLimitMs) * barWidth);
  return (
    <Text>
      {stages.load} <Text color="cyan">{"█".repeat(filled)}</Text>
      <Text dimColor>{"░".repeat(barWidth - filled)}</Text> {formatDurationMs(status.timeLimitMs - elapsedMs)} left
    </Text>
  );
}

function OperationsLine({ status, nowMs }: LineProps): ReactNode {
  const { ok, fail, info } = status.outcomes;
  return (
    <Text>
      {operationsPerSecond(status, nowMs)}/s <Text color="green">{ok} ok</Text> <Text color="yellow">{fail} fail</Text>{" "}
      <Text color="magenta">{info} info</Text>
    </Text>
  );
}

function NodeText({ record }: { readonly record: NodeRecord }): ReactNode {
  const term = record.term === undefined ? "" : ` t${record.term}`;
  return (
    <Text>
      {record.node} <Text {...roleStyle(record.role)}>{record.role}</Text>
      <Text dimColor>{term}</Text>
    </Text>
  );
}

function roleStyle(role: NodeRecord["role"]): {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
} {
  if (role === "leader") return { color: "green", bold: true };
  if (role === "follower") return { dimColor: true };
  return role === "down" || role === "unreachable" ? { color: "red" } : { color: "yellow" };
}

function FaultLine({ status, nowMs }: LineProps): ReactNode {
  const { active, faults } = status;
  const tally = <Text dimColor>{`${faults.injected} injected, ${faults.effective} effective`}</Text>;
  if (active === null) return tally;
  const { name, record, sinceMs } = active;
  return (
    <Text>
      <Text color={record.effective ? "yellow" : "red"} bold>
        {`${name}:${record.variant} on ${record.nodes.join(", ")}`}
      </Text>
      {` for ${formatDurationMs(nowMs - sinceMs)}${record.effective ? "" : ", NOT effective"}  `}
      {tally}
    </Text>
  );
}

function SoFarLine({ status }: { readonly status: RunStatus }): ReactNode {
  if (status.soFar === null) return <Text dimColor>not judged yet</Text>;
  const { verdict, summary } = status.soFar;
  const color = { valid: "green", invalid: "red", unknown: "yellow" }[verdict];
  return (
    <Text wrap="truncate-end">
      <Text color={color} bold>
        {verdict}
      </Text>{" "}
      {summary}
    </Text>
  );
}

function byNode(one: NodeRecord, other: NodeRecord): number {
  return one.node.localeCompare(other.node, "en", { numeric: true });
}
