import type Docker from "dockerode";
import type { DoctorRow } from "../backend.ts";
import { tried } from "../local/doctor.ts";
import { connectEngine } from "./engine.ts";
import { imageName } from "./image.ts";
import { ownLabels } from "./labels.ts";

const startDocker = "start Docker; on Debian, as root: docker/ensure-docker.sh";

/** Tries each capability of the docker backend on this machine. Builds no image: that is left to a run. */
export async function dockerDoctor(): Promise<readonly DoctorRow[]> {
  const image = imageName();
  const build = `docker/build-image.sh ${image}, or the first run, builds it`;
  const daemon = await tried("daemon", triedDaemon, startDocker);
  if (!daemon.works) return [daemon];
  const present = await tried("image", () => triedImage(image), build);
  if (!present.works) return [daemon, present];
  return [daemon, present, await tried("kill, pause, cut", () => triedCut(image), "allow containers NET_ADMIN")];
}

async function triedDaemon(): Promise<string> {
  const { Version: version } = await (await connectEngine()).version();
  return `Docker Engine ${version}`;
}

async function triedImage(image: string): Promise<string> {
  const docker = await connectEngine();
  const images = await docker.listImages({ filters: { reference: [image] } });
  if (images.length === 0) throw new Error(`there is no image ${image} yet`);
  return image;
}

/** A packet filter rule inside a container, as a cut makes. Signals need nothing that a container could lack. */
async function triedCut(image: string): Promise<string> {
  const docker = await connectEngine();
  const container = await docker.createContainer({
    Image: image,
    Labels: await ownLabels("doctor"),
    Cmd: [
      "iptables",
      "-w",
      "-A",
      "INPUT",
      "-p",
      "tcp",
      "--dport",
      "7000",
      "-m",
      "comment",
      "--comment",
      "x",
      "-j",
      "DROP",
    ],
    HostConfig: { CapAdd: ["NET_ADMIN"] },
  });
  try {
    await container.start();
    await endedWell(container);
    return "any directed edge, by iptables in the container";
  } finally {
    await container.remove({ force: true });
  }
}

async function endedWell(container: Docker.Container): Promise<void> {
  const { StatusCode: status } = (await container.wait()) as { StatusCode: number };
  if (status === 0) return;
  const output = await container.logs({ stdout: true, stderr: true });
  throw new Error(`iptables exited with ${status}: ${output.toString("utf8").trim()}`);
}
